"""What bears a mark of state secrecy is refused wherever it comes in, and nothing of it is kept."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.affairs.commands import check, rate, trips
from services.affairs.commands.files import upload_file
from services.affairs.models import AffairsFile, Case
from shared.errors import Problem
from tests.service.affairs.offices import APPLICANT, WINDOW, Offices

FORM = {"type": "object", "properties": {"rows": {"type": "array"}, "name": {"type": "string"}}}


def upload(offices: Offices, name: str, text: str) -> None:
    with offices.session() as session:
        stream = io.BytesIO(text.encode())
        actor = offices.actor(APPLICANT)
        upload_file(session, actor, offices.clock, means=offices.means, stream=stream, name=name)


Entry = Callable[[Offices], object]
ENTRIES: dict[str, Entry] = {
    "a value in the form": lambda offices: offices.apply(
        offices.matter(form=FORM), form={"rows": [{"x": "关于某事的请示（机密）"}]}
    ),
    "how to be reached": lambda offices: offices.apply(offices.matter(), contact="秘密★1年"),
    "an opinion": lambda offices: offices.run(
        check.refuse_case, WINDOW, offices.apply(offices.matter()), reason="机密★\n不予受理"
    ),
    "why somebody came": lambda offices: offices.run(
        trips.note_trip, WINDOW, offices.apply(offices.matter()), reason="绝密★长期"
    ),
    "the name of a file": lambda offices: upload(offices, "通知（秘密）.txt", "正文"),
    "the first page of a file": lambda offices: upload(offices, "通知.txt", "机密★10年\n关于某事的通知"),
    "a matter": lambda offices: offices.matter(name="某事（秘密）"),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_a_mark_is_refused(offices: Offices, entry: Entry) -> None:
    with pytest.raises(Problem, match=r"affairs\.secret_content"):
        entry(offices)
    with offices.session() as session:
        marked = AffairsFile.name.contains("秘密")
        assert session.scalar(sa.select(sa.func.count()).where(marked)) == 0
        assert session.scalar(sa.select(sa.func.count()).where(Case.contact.contains("★"))) == 0


def test_ordinary_words_about_secrets_are_no_mark(offices: Offices) -> None:
    case_id = offices.apply(offices.matter(), contact="保密办，严守国家秘密")
    offices.accept(case_id)
    offices.decide(case_id)
    offices.run(rate.rate_case, APPLICANT, case_id, means=offices.means, score=5, comment="商业秘密未泄露")
