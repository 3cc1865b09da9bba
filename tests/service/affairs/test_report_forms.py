"""One form for all (一表同享): a unit fills a field once per period, and nothing is asked twice without approval."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from services.affairs.commands import report_filing, report_forms, report_opening
from services.affairs.models import ReportFiling, ReportForm
from services.affairs.queries.report_exports import workbook_of
from services.affairs.queries.report_filings import form_data, list_corrections, page_filings, show_filing
from services.affairs.queries.report_forms import show_form
from services.affairs.schemas.report_forms import FieldRequest, FilingQuery, ReportFormRequest
from services.identity.domain.roles import Role
from shared.auth import Actor
from shared.errors import Problem
from shared.ids import new_id
from tests.service.affairs.offices import Offices

ASKER, OTHER_ASKER, LEADER = "人社主任", "财政主任", "人社领导"
FILLER = "编制承办"


class Registry:
    """Report forms in offices, each field under a code of the test's own."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        self.mark = new_id().hex[-10:]
        with offices.session() as session:
            offices.post(session, OTHER_ASKER, offices.units["财政"], Role.OFFICE_DIRECTOR)
        for name, kind in (("staff", "integer"), ("cars", "integer"), ("note", "text")):
            self.field(name, kind=kind)

    def code(self, name: str) -> str:
        return f"{name}_{self.mark}"

    def field(self, short: str, **facts: Any) -> None:
        said = {"code": self.code(short), "name": f"{short}{self.mark}", "kind": "integer", **facts}
        self.run(report_forms.define_field, ASKER, field=FieldRequest().load(said))

    def propose(self, *names: str, by: str = ASKER, units: tuple[str, ...] = ("编制",), **facts: Any) -> UUID:
        said = {
            "name": f"报表{new_id().hex[-8:]}",
            "period": "month",
            "fields": [{"code": self.code(name)} for name in names],
            "unit_ids": [str(self.offices.units[short]) for short in units],
            "starts_on": "2026-10-01",
            **facts,
        }
        return self.run(report_forms.propose_form, by, request=ReportFormRequest().load(said)).id

    def run(self, command: Callable[..., Any], by: str, **request: Any) -> Any:
        with self.offices.session() as session:
            return command(session, self.offices.actor(by), self.offices.clock, **request)

    def tick(self) -> None:
        with self.offices.session() as session:
            report_opening.open_filings(session, Actor.system(new_id()), self.offices.clock)

    def filing(self, form_id: UUID, period: str = "2026-10", unit: str = "编制") -> ReportFiling:
        wanted = sa.select(ReportFiling).where(
            ReportFiling.form_id == form_id,
            ReportFiling.period == period,
            ReportFiling.unit_id == self.offices.units[unit],
        )
        with self.offices.session() as session:
            return session.scalars(wanted).one()

    def file(self, form_id: UUID, **values: Any) -> None:
        named = {self.code(name): value for name, value in values.items()}
        self.run(report_filing.file_report, FILLER, filing_id=self.filing(form_id).id, values=named)

    def show(self, form_id: UUID, by: str = FILLER) -> dict[str, Any]:
        filing_id = self.filing(form_id).id
        with self.offices.session() as session:
            return show_filing(session, self.offices.actor(by), filing_id, now=self.offices.clock.now())

    def values(self, form_id: UUID) -> dict[str, Any]:
        return {
            field["code"].removesuffix(f"_{self.mark}"): field["value"]
            for field in self.show(form_id)["fields"]
        }

    def data(self, form_id: UUID, by: str = ASKER) -> dict[str, Any]:
        with self.offices.session() as session:
            return form_data(
                session, self.offices.actor(by), form_id, period="2026-10", now=self.offices.clock.now()
            )

    def form(self, form_id: UUID) -> ReportForm:
        with self.offices.session() as session:
            return session.get_one(ReportForm, form_id)


@pytest.fixture
def registry(offices: Offices) -> Registry:
    return Registry(offices)


def test_a_field_stands_in_the_dictionary_once(registry: Registry) -> None:
    with pytest.raises(Problem, match=r"affairs\.field_taken"):
        registry.field("again", name=f" staff {registry.mark}")
    with pytest.raises(Problem, match=r"affairs\.choices_needed"):
        registry.field("one", kind="choice", choices=["只有一个"])


def test_a_form_asks_only_for_fields_of_the_dictionary(registry: Registry) -> None:
    with pytest.raises(Problem, match=r"affairs\.field_unknown"):
        registry.propose("unheard")


def test_a_form_that_asks_nothing_twice_is_in_force_and_opens_when_its_period_is_over(
    registry: Registry,
) -> None:
    form_id = registry.propose("staff", "note", due_days=3)
    assert registry.form(form_id).state == "in_force"
    registry.tick()
    registry.tick()
    filing = registry.filing(form_id)
    assert filing.due_at == datetime(2026, 11, 4, 15, 59, 59, tzinfo=UTC)
    assert registry.offices.open_steps(filing.id) == [("fill_report", registry.offices.post_id(FILLER))]


def test_what_is_wrong_or_missing_is_told_by_field_and_nothing_is_kept(registry: Registry) -> None:
    form_id = registry.propose("staff", "note")
    registry.tick()
    with pytest.raises(Problem) as refused:
        registry.file(form_id, staff="十二")
    assert sorted(refused.value.errors) == sorted(
        [f"values.{registry.code('staff')}", f"values.{registry.code('note')}"]
    )
    assert registry.values(form_id) == {"staff": None, "note": None}


def test_only_whoever_has_it_to_do_files_and_others_do_not_see_it(registry: Registry) -> None:
    form_id = registry.propose("staff")
    registry.tick()
    filing_id = registry.filing(form_id).id
    with pytest.raises(Problem, match=r"affairs\.filing_not_found"):
        registry.run(report_filing.file_report, "统计承办", filing_id=filing_id, values={})
    values = {registry.code("staff"): 12}
    with pytest.raises(Problem, match=r"flow\.item_not_yours"):
        registry.run(report_filing.file_report, ASKER, filing_id=filing_id, values=values)


def test_a_new_form_that_asks_again_is_held_until_another_approves(registry: Registry) -> None:
    first = registry.propose("staff", "note")
    second = registry.propose("staff", "cars", by=OTHER_ASKER)
    held = registry.form(second)
    assert held.state == "held"
    assert [(row["field_code"], row["forms"][0]["form_id"]) for row in held.overlap] == [
        (registry.code("staff"), str(first))
    ]
    registry.tick()
    with pytest.raises(sa.exc.NoResultFound):
        registry.filing(second)
    with pytest.raises(Problem, match=r"flow\.item_not_yours"):
        registry.run(report_forms.decide_form, OTHER_ASKER, form_id=second, approved=True, reason="")
    with pytest.raises(Problem, match=r"affairs\.decision_needs_reason"):
        registry.run(report_forms.decide_form, "财政领导", form_id=second, approved=False, reason="")
    registry.run(report_forms.decide_form, "财政领导", form_id=second, approved=True, reason="口径一致")
    assert registry.form(second).state == "in_force"
    assert registry.offices.steps(second) == set()


def test_a_form_that_asks_other_units_is_not_held(registry: Registry) -> None:
    registry.propose("staff")
    assert registry.form(registry.propose("staff", by=OTHER_ASKER, units=("统计",))).state == "in_force"


def _approved(registry: Registry, *names: str) -> UUID:
    form_id = registry.propose(*names, by=OTHER_ASKER)
    registry.run(report_forms.decide_form, "财政领导", form_id=form_id, approved=True, reason="")
    return form_id


def test_a_field_is_filled_once_and_every_form_has_it(registry: Registry) -> None:
    first = registry.propose("staff", "note")
    second = _approved(registry, "staff", "cars")
    third = _approved(registry, "staff")
    registry.tick()
    registry.file(first, staff=12, note="无")
    assert registry.values(second) == {"staff": 12, "cars": None}
    # Nothing is left to ask for the third: nobody has to do anything about it.
    assert registry.filing(third).state == "filed"
    assert registry.offices.steps(registry.filing(third).id) == set()
    with pytest.raises(Problem, match=r"affairs\.values_invalid"):
        registry.file(second, staff=13, cars=2)
    registry.file(second, cars=2)
    filing = registry.filing(second)
    assert (filing.state, filing.asked, filing.reused, filing.in_time) == ("filed", 1, 1, True)
    with pytest.raises(Problem, match=r"affairs\.filing_settled"):
        registry.file(second, cars=2)


def test_a_correction_shows_in_every_form_and_stays_on_record(registry: Registry) -> None:
    first = registry.propose("staff")
    second = _approved(registry, "staff", "cars")
    registry.tick()
    registry.file(first, staff=12)
    facts = {"filing_id": registry.filing(second).id, "field_code": registry.code("staff"), "reason": "漏计"}
    correct = report_filing.correct_value
    with pytest.raises(Problem, match=r"affairs\.not_your_unit"):
        registry.run(correct, OTHER_ASKER, value=13, **facts)
    with pytest.raises(Problem, match=r"affairs\.value_unchanged"):
        registry.run(correct, FILLER, value=12, **facts)
    with pytest.raises(Problem, match=r"affairs\.values_invalid"):
        registry.run(correct, FILLER, value=True, **facts)
    registry.run(correct, FILLER, value=13, **facts)
    assert (registry.values(first)["staff"], registry.values(second)["staff"]) == (13, 13)
    offices = registry.offices
    with offices.session() as session:
        rows = list_corrections(
            session, offices.actor(FILLER), registry.filing(first).id, now=offices.clock.now()
        )
    assert [(row.before, row.after, row.reason) for row in rows] == [(12, 13, "漏计")]


def test_overdue_filling_shows_to_both_sides(registry: Registry) -> None:
    form_id = registry.propose("staff", due_days=1)
    registry.tick()
    registry.offices.later(days=3)
    assert [row["overdue"] for row in registry.data(form_id)["rows"]] == [True]
    offices = registry.offices
    query = FilingQuery().load({"overdue": "true", "form_id": str(form_id)})
    for name in (FILLER, ASKER):
        with offices.session() as session:
            page = page_filings(session, offices.actor(name), query=query, now=offices.clock.now())
        assert [row["unit_name"] for row in page.items] == ["萍乡市编制局"]
    registry.file(form_id, staff=1)
    assert registry.filing(form_id).in_time is False


def test_a_period_is_exported_as_a_workbook_for_the_organ_that_asks(registry: Registry) -> None:
    form_id = registry.propose("staff", "note", units=("编制", "统计"))
    registry.tick()
    registry.file(form_id, staff=12, note="=1+1")
    with pytest.raises(Problem, match=r"affairs\.not_your_report_form"):
        registry.data(form_id, by=OTHER_ASKER)
    sheet = load_workbook(io.BytesIO(workbook_of(registry.data(form_id)))).active
    assert sheet is not None
    rows = [[cell.value for cell in row][:4] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["萍乡市编制局", "已报送", 12, "=1+1"], ["萍乡市统计局", "待填报", None, None]]
    assert sheet["D2"].data_type == "s"


def test_an_ended_form_asks_no_more(registry: Registry) -> None:
    form_id = registry.propose("staff")
    registry.tick()
    with pytest.raises(Problem, match=r"affairs\.not_your_report_form"):
        registry.run(report_forms.end_form, OTHER_ASKER, form_id=form_id, reason="不用了")
    registry.run(report_forms.end_form, ASKER, form_id=form_id, reason="不用了")
    filing = registry.filing(form_id)
    assert (filing.state, registry.offices.steps(filing.id)) == ("dropped", set())
    offices = registry.offices
    with offices.session() as session:
        shown = show_form(session, offices.actor(ASKER), form_id, now=offices.clock.now())
    assert (shown["state_label"], shown["decision"]) == ("已停止", "不用了")
