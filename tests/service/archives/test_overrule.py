"""A person overrules how long a document is kept, or that it is not filed; what is filed stays as it is."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from services.archives.models import ArchiveRecord, NotFiledDecision, RetentionRuling
from shared.audit import AuditEntry
from shared.clock import SystemClock
from shared.events.dossier import ReceivedAs
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.archives.archive import Archive
from tests.support.api import RunningApi, SignedIn, a_person, serving
from tests.support.databases import ServiceDatabases
from tests.unit.archives import samples

KEEP = {"retention": "D30", "reason": "涉及我办重要职能活动，有查考价值"}


@pytest.fixture(scope="module")
def archive(databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    made = Archive(databases.of("archives"), tmp_path_factory.mktemp("archives"))
    made.settle_town()
    yield made
    made.shut()


@pytest.fixture(scope="module")
def api(archive: Archive) -> Iterator[RunningApi]:
    with serving("archives", archive.database_url, archive.settings.home) as running:
        yield running


@pytest.fixture(scope="module")
def keeper(archive: Archive) -> SignedIn:
    """The archivist of the city's office."""
    return a_person(Permission.ARCHIVES_READ, Permission.ARCHIVES_CORRECT, unit_id=archive.town.general)


def path_of(document_id: UUID) -> str:
    return f"/closed-documents/{document_id}/retention"


def not_filed(archive: Archive) -> UUID:
    """A copy that the schedule says not to file."""
    document_id = archive.close(archive.dossier(sample=samples.incoming, received_as=ReceivedAs.COPY))
    archive.tick()
    return document_id


def tick_today(archive: Archive) -> None:
    """The api works by the day that it is."""
    archive.clock.at = SystemClock().now()
    archive.tick()


def test_only_the_archivist_of_that_fonds_overrules(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    path = path_of(not_filed(archive))
    assert api.post(path, json=KEEP).status_code == 401
    reader = a_person(Permission.ARCHIVES_READ, unit_id=archive.town.office)
    assert api.post(path, reader, json=KEEP).status_code == 403
    beside = a_person(Permission.ARCHIVES_CORRECT, unit_id=archive.town.bureau)
    hidden = api.post(path, beside, json=KEEP)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "archives.closed_not_found")
    assert api.post(path_of(new_id()), keeper, json=KEEP).status_code == 404


@pytest.mark.parametrize("wrong", [{"retention": "D99"}, {"reason": " "}, {"retention": "Y", "why": "x"}])
def test_a_ruling_names_a_period_and_a_reason(
    archive: Archive, api: RunningApi, keeper: SignedIn, wrong: dict[str, str]
) -> None:
    refused = api.post(path_of(not_filed(archive)), keeper, json={**KEEP, **wrong})
    assert refused.status_code == 422


def test_what_was_not_to_be_filed_is_filed_with_who_said_so_and_why(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    document_id = not_filed(archive)
    ruled = api.post(path_of(document_id), keeper, json=KEEP)
    assert (ruled.status_code, ruled.json()["state"]) == (201, "waiting")
    assert ruled.json()["rulings"][0].items() >= {**KEEP, "person_name": keeper.name}.items()
    tick_today(archive)
    record = archive.filed(document_id)
    assert (record.retention, record.retention_rule) == ("D30", "人工")
    for part in (keeper.name, KEEP["reason"], "原按保管期限表：不归档"):
        assert part in record.retention_explanation
    listed = api.get("/closed-documents", keeper).json()["items"]
    (shown,) = [each for each in listed if each["document_id"] == str(document_id)]
    assert (shown["state"], shown["decision"], len(shown["rulings"])) == ("filed", None, 1)
    with archive.transaction() as session:
        wanted = sa.select(AuditEntry).where(
            AuditEntry.action == "archives.overrule_retention", AuditEntry.subject == str(document_id)
        )
        entry = session.scalars(wanted.where(AuditEntry.outcome == "success")).one()
        assert entry.person_id == keeper.person_id


def test_a_period_is_overruled_before_filing_and_never_after(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    document_id = archive.close(archive.dossier())
    ruling = {"retention": "Y", "reason": "重大事项"}
    assert api.post(path_of(document_id), keeper, json=ruling).status_code == 201
    same = api.post(path_of(document_id), keeper, json=ruling)
    assert (same.status_code, same.json()["code"]) == (409, "archives.nothing_to_overrule")
    tick_today(archive)
    record = archive.filed(document_id)
    assert (record.retention, "-Y-" in record.number) == ("Y", True)
    late = api.post(path_of(document_id), keeper, json=KEEP)
    assert (late.status_code, late.json()["code"]) == (409, "archives.already_filed")
    assert record.number in late.json()["detail"]
    with archive.transaction() as session:
        assert session.get_one(ArchiveRecord, record.id).retention == "Y"


def test_what_would_be_filed_may_be_ruled_not_to_be_and_back_again(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    document_id = archive.close(archive.dossier())
    assert (
        api.post(path_of(document_id), keeper, json={"retention": None, "reason": "重份"}).status_code == 201
    )
    tick_today(archive)
    again = api.post(path_of(document_id), keeper, json={"retention": None, "reason": "重份"})
    assert again.json()["code"] == "archives.nothing_to_overrule"
    with archive.transaction() as session:
        assert "重份" in session.get_one(NotFiledDecision, document_id).explanation
    for retention in ("D10", None, "D30"):
        body = {"retention": retention, "reason": "复议"}
        assert api.post(path_of(document_id), keeper, json=body).status_code == 201
        if retention is None:
            tick_today(archive)
    tick_today(archive)
    assert archive.filed(document_id).retention == "D30"
    with archive.transaction() as session:
        rulings = session.scalars(
            sa.select(RetentionRuling).where(RetentionRuling.document_id == document_id)
        )
        assert len(rulings.all()) == 4


def test_a_ruling_is_never_changed(archive: Archive, api: RunningApi, keeper: SignedIn) -> None:
    document_id = not_filed(archive)
    api.post(path_of(document_id), keeper, json=KEEP).raise_for_status()
    tick_today(archive)
    assert archive.filed(document_id)
    for statement in (
        "UPDATE retention_ruling SET reason = 'x'",
        "UPDATE closed_document SET state = 'waiting' WHERE state = 'filed'",
    ):
        with archive.transaction() as session, pytest.raises(IntegrityError, match="kept as it is"):
            session.execute(sa.text(statement))
