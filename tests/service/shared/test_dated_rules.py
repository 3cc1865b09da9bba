"""Rules that differ by locality: a default, versions by day, units with their own, and who set what."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import fields, validate

from shared.auth import Actor
from shared.clock import FixedClock
from shared.dated_rules import (
    RuleTable,
    RuleVersion,
    lift_rule,
    list_rules_on,
    list_versions,
    rule_for_unit,
    rule_on,
    set_rule,
)
from shared.db import Database
from shared.directory import DirectoryUnit
from shared.errors import Problem
from shared.ids import new_id
from shared.web import Schema

CLOCK = FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
TODAY = CLOCK.today()
NEXT_YEAR = date(2027, 1, 1)
ACTOR = Actor(correlation_id=new_id(), person_id=new_id(), person_name="李管理")


class QuotaSchema(Schema):
    """How many meetings in a year."""

    meetings = fields.Integer(required=True, validate=validate.Range(min=0))
    since = fields.Date(load_default=date(2000, 1, 1))


QUOTA = RuleTable(
    name="meetings.quota",
    title="会议计划",
    schema=QuotaSchema,
    source="某规定",
    default={"meetings": 6},
    per_unit=True,
)
WAGE = RuleTable(name="wage", title="津贴", schema=QuotaSchema, source="无")


@pytest.fixture
def database(fresh_database: Callable[[str], str]) -> Iterator[Database]:
    made = Database("documents", fresh_database("documents"), pool_size=10)
    yield made
    made.close()


def put(database: Database, meetings: Any, **facts: Any) -> RuleVersion:
    stated = {"valid_from": TODAY, "reason": "市委决定", "table": QUOTA, **facts}
    with database.transaction() as session:
        return set_rule(session, ACTOR, CLOCK, value={"meetings": meetings}, **stated)


def meetings_on(database: Database, day: date, *subjects: str) -> int:
    with database.session() as session:
        found: int = rule_on(session, QUOTA, day, subjects=subjects).value["meetings"]
        return found


def test_until_somebody_sets_it_the_shipped_default_holds(database: Database) -> None:
    with database.session() as session:
        rule = rule_on(session, QUOTA, TODAY)
        assert (rule.value, rule.revision, rule.valid_from, rule.source) == (
            {"meetings": 6, "since": date(2000, 1, 1)},
            0,
            None,
            "某规定",
        )
        assert rule_on(session, WAGE, TODAY).value is None


def test_a_rule_holds_from_its_day_until_the_next(database: Database) -> None:
    put(database, 4, valid_from=NEXT_YEAR)
    put(database, 5)
    before = date(2026, 3, 1)
    assert [meetings_on(database, day) for day in (before, TODAY, NEXT_YEAR)] == [6, 5, 4]


def test_of_two_versions_from_one_day_the_later_holds_and_both_stay(database: Database) -> None:
    put(database, 5)
    put(database, 3, reason="更正")
    assert meetings_on(database, TODAY) == 3
    with database.session() as session:
        assert [(row.revision, row.reason, row.person_name) for row in list_versions(session, QUOTA)] == [
            (2, "更正", "李管理"),
            (1, "市委决定", "李管理"),
        ]
    with (
        database.engine.connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="kept as it was"),
    ):
        connection.execute(sa.text("UPDATE rule_version SET reason = 'x'"))


def test_a_subjects_own_rule_goes_before_the_one_for_all_until_it_is_lifted(database: Database) -> None:
    put(database, 5)
    put(database, 2, subject="甲")
    assert [meetings_on(database, TODAY, *subjects) for subjects in ([], ["甲"], ["乙"], ["乙", "甲"])] == [
        5,
        2,
        5,
        2,
    ]
    with database.transaction() as session:
        own = list_rules_on(session, QUOTA, TODAY)
        assert {subject: rule.value["meetings"] for subject, rule in own.items()} == {"": 5, "甲": 2}
        facts: Any = {"table": QUOTA, "reason": "与全市一致", "subject": "甲"}
        lift_rule(session, ACTOR, CLOCK, valid_from=NEXT_YEAR, **facts)
        with pytest.raises(Problem) as again:
            lift_rule(session, ACTOR, CLOCK, valid_from=NEXT_YEAR, **facts)
        assert (again.value.status, again.value.code) == (422, "rules.nothing_to_lift")
    assert [meetings_on(database, day, "甲") for day in (TODAY, NEXT_YEAR)] == [2, 5]


def test_a_unit_has_the_rule_of_the_nearest_unit_above_it(database: Database) -> None:
    county, office, elsewhere = new_id(), new_id(), new_id()
    with database.transaction() as session:
        session.add_all([a_unit(county, None), a_unit(office, county), a_unit(elsewhere, None)])
    put(database, 1, subject=str(county))
    with database.session() as session:
        found = [rule_for_unit(session, QUOTA, TODAY, unit_id=unit) for unit in (office, county, elsewhere)]
    assert [rule.value["meetings"] for rule in found] == [1, 1, 6]


def a_unit(unit_id: Any, parent_id: Any) -> DirectoryUnit:
    return DirectoryUnit(
        id=unit_id,
        code=str(unit_id),
        parent_id=parent_id,
        name="某单位",
        short_name="",
        kind="department",
        level="county",
        division_code="360302",
        issuing_codes=[],
        issues_documents=True,
        position=0,
    )


def test_what_is_not_in_the_rules_shape_is_refused(database: Database) -> None:
    with pytest.raises(Problem) as refused:
        put(database, -1)
    assert (refused.value.status, refused.value.code) == (422, "rules.value_invalid")
    by_field: dict[str, Any] = refused.value.errors
    assert by_field == {"value": {"meetings": ["不得小于 0"]}}
    with pytest.raises(ValueError, match="not in its shape"):
        RuleTable(name="x", title="x", schema=QuotaSchema, source="", default={"meetings": -1})


def test_a_stored_value_outlives_a_field_that_its_shape_gives_up(database: Database) -> None:
    put(database, 5)

    class Leaner(Schema):
        since = fields.Date(load_default=date(2000, 1, 1))

    leaner = RuleTable(name=QUOTA.name, title="会议计划", schema=Leaner, source="")
    with database.session() as session:
        assert rule_on(session, leaner, TODAY).value == {"since": date(2000, 1, 1)}


def test_whoever_read_an_older_version_is_told_so(database: Database) -> None:
    put(database, 5, expected_revision=0)
    with pytest.raises(Problem) as late:
        put(database, 4, expected_revision=0)
    assert (late.value.status, late.value.code) == (412, "rules.changed_by_another")


def test_many_who_set_a_rule_at_once_are_counted_one_after_the_other(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda meetings: put(database, meetings), range(16)))
    assert sorted(row.revision for row in made) == list(range(1, 17))
    assert meetings_on(database, TODAY) == next(row for row in made if row.revision == 16).value["meetings"]  # type: ignore[index]
