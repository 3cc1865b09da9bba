"""The figures over HTTP: who sees them, for which units and periods, as lists, charts and spreadsheets."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from services.mobile.commands import count_facts, note_facts
from services.mobile.domain.figures import FIGURES
from shared.audit import AuditEntry
from shared.calendar_days import seed_days
from shared.directory import keep
from shared.events import affairs, identity
from shared.events.base import Envelope, Event, example_of
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.mobile.happenings import at, told
from tests.support.api import RunningApi, SignedIn, a_person

DAY = datetime(2026, 3, 10, tzinfo=UTC).date()
YEAR = "year=2026"


class Bureau:
    """A city with a bureau, and one matter that the bureau is responsible for, with cases."""

    def __init__(self, api: RunningApi) -> None:
        self.api = api
        self.city, self.bureau, self.office, self.elsewhere = new_id(), new_id(), new_id(), new_id()
        with api.database.transaction() as session:
            seed_days(session)
            for unit_id, parent, name, organ in (
                (self.city, None, "萍乡市人民政府", True),
                (self.bureau, self.city, "市人社局", True),
                (self.office, self.bureau, "人社局办公室", False),
                (self.elsewhere, None, "宜春市人民政府", True),
            ):
                example: identity.UnitRegistered = example_of(identity.UnitRegistered)
                facts = {
                    **vars(example.particulars),
                    "parent_id": parent,
                    "name": name,
                    "issues_documents": organ,
                }
                facts["code"] = str(unit_id)
                particulars = type(example.particulars)(**facts)
                keep(session, identity.UnitRegistered(unit_id=unit_id, particulars=particulars))

    def leader(self, unit_id: Any = None) -> SignedIn:
        return a_person(Permission.MOBILE_FIGURES, unit_id=unit_id or self.city)

    def hear(self, *events: Event) -> None:
        with self.api.database.transaction() as session:
            for place, event in enumerate(events):
                envelope = Envelope(
                    id=new_id(), service=event.producers[0], time=at(DAY), sequence=place + 1, actor_id=None,
                    correlation_id=new_id(), causation_id=None, event=event,
                )  # fmt: skip
                note_facts(session, envelope)
        with self.api.database.transaction() as session:
            count_facts(session)

    def case(self, *, in_time: bool) -> None:
        case_id = new_id()
        self.hear(
            told(affairs.CaseApplied, case_id=case_id, unit_id=self.bureau, applied_at=at(DAY)),
            told(affairs.CaseDecided, case_id=case_id, in_time=in_time, decided_at=at(DAY)),
        )


@pytest.fixture
def bureau(api: RunningApi) -> Bureau:
    made = Bureau(api)
    for in_time in (True, True, False):
        made.case(in_time=in_time)
    return made


PATHS = ("/figures", "/figures/cases_in_time", "/figures/cases_in_time/items", "/figures/cases_in_time/chart")


@pytest.mark.parametrize("path", [*PATHS, "/figures/cases_in_time/items/export"])
def test_figures_are_for_those_who_may_see_them(api: RunningApi, path: str) -> None:
    assert api.get(path).status_code == 401
    answer = api.get(path, a_person(Permission.MOBILE_USE))
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.missing_permission")


@pytest.mark.parametrize("path", PATHS)
def test_a_unit_beyond_ones_organ_is_not_found(api: RunningApi, bureau: Bureau, path: str) -> None:
    for hidden in (bureau.city, bureau.elsewhere, new_id()):
        answer = api.get(f"{path}?unit_id={hidden}", bureau.leader(bureau.office))
        assert (answer.status_code, answer.json()["code"]) == (404, "mobile.unit_not_found")
    assert api.get(f"{path}?unit_id={bureau.office}", bureau.leader(bureau.city)).status_code == 200


def test_a_figure_that_does_not_exist_is_not_found(api: RunningApi, bureau: Bureau) -> None:
    answer = api.get("/figures/happiness", bureau.leader())
    assert (answer.status_code, answer.json()["code"]) == (404, "mobile.figure_not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("year=1", "year"),
        ("quarter=5", "quarter"),
        ("month=13", "month"),
        ("quarter=1&month=1", "month"),
        ("from=2026-02-30", "from"),
        ("to=2026-02-03", "from"),
        ("from=2026-02-03&to=2026-02-01", "to"),
        ("from=2001-01-01&to=2026-02-01", "to"),
        ("from=2026-02-01&year=2026", "from"),
        ("unit_id=7", "unit_id"),
        ("colour=red", "colour"),
    ],
)
def test_a_period_that_is_none_is_refused_by_field(
    api: RunningApi, bureau: Bureau, query: str, field: str
) -> None:
    answer = api.get(f"/figures?{query}", bureau.leader())
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_the_list_has_every_figure_with_its_formula(api: RunningApi, bureau: Bureau) -> None:
    answer = api.get("/figures?from=2026-03-01&to=2026-03-31", bureau.leader(bureau.office)).json()
    assert (answer["unit_name"], answer["period"], answer["as_of"]) == ("市人社局", "2026年3月", "2026-03-31")
    shown = {figure["code"]: figure for figure in answer["items"]}
    assert list(shown) == list(FIGURES)
    rate = shown["cases_in_time"]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == ("66.66", 2, 3)
    assert (rate["form"], rate["source"]) == ("percent", "[设计]")
    assert rate["formula"].startswith("按期办结的件数 ÷ 应办结的件数")
    assert (shown["filed"]["value"], shown["filed"]["denominator"]) == (None, 0)
    assert (shown["cases_applied"]["value"], shown["cases_applied"]["denominator"]) == ("3", None)


def test_a_figure_is_split_by_units_below_and_by_month(api: RunningApi, bureau: Bureau) -> None:
    answer = api.get("/figures/cases_in_time?year=2026&quarter=1", bureau.leader()).json()
    assert answer["period"] == "2026年第一季度"
    assert [(part["label"], part["value"]) for part in answer["by_unit"]] == [("市人社局", "66.66")]
    assert [(part["key"], part["value"]) for part in answer["by_month"]] == [
        ("2026-01", None),
        ("2026-02", None),
        ("2026-03", "66.66"),
    ]
    within = api.get(f"/figures/cases_in_time?{YEAR}&month=3&unit_id={bureau.bureau}", bureau.leader()).json()
    assert [part["label"] for part in within["by_unit"]] == ["市人社局本级"]


def test_items_are_paged_and_told_apart(api: RunningApi, bureau: Bureau) -> None:
    path, leader = f"/figures/cases_in_time/items?{YEAR}&limit=2", bureau.leader()
    first = api.get(path, leader).json()
    second = api.get(path, leader, params={"after": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    rows = first["items"] + second["items"]
    assert {(row["unit_name"], row["day"], row["number"]) for row in rows} == {
        ("市人社局", "2026-03-10", "BJ-2026-000123")
    }
    rest = api.get(f"/figures/cases_in_time/items?{YEAR}&part=rest", leader).json()["items"]
    assert [row["counts"] for row in rest] == [False]
    assert api.get(f"{path}&after=nonsense", leader).status_code == 422


def test_items_are_exported_as_a_spreadsheet(api: RunningApi, bureau: Bureau) -> None:
    answer = api.get(f"/figures/cases_in_time/items/export?{YEAR}&part=numerator", bureau.leader())
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:4] == ("标题", "编号", "单位", "日期")
    assert [row[2:6] for row in rows[1:]] == [("市人社局", "2026-03-10", None, "是")] * 2
    with api.database.transaction() as session:
        actions = set(session.scalars(sa.select(AuditEntry.action)))
    assert "mobile.export_figure_items" in actions


@pytest.mark.parametrize("by", ["unit", "month"])
def test_a_figure_is_drawn(api: RunningApi, bureau: Bureau, by: str) -> None:
    answer = api.get(f"/figures/cases_in_time/chart?{YEAR}&by={by}", bureau.leader())
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    drawn = "".join(ET.fromstring(answer.text).itertext())
    assert "办件按期办结率" in drawn
    assert "66.66%（2/3）" in drawn


def test_the_page_runs_under_its_own_policy_alone(api: RunningApi) -> None:
    answer = api.get("/figures/page")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "运行指标" in answer.text
