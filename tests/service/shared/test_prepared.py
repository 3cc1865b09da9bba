"""Statements that go to psycopg2 as they are fail as all others do, and leave no spoilt connection behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from psycopg2.extensions import ISQLQuote
from sqlalchemy.dialects import postgresql

from shared.db import Database, Prepared, UTCDateTime
from shared.ids import new_id
from shared.web.failures import problem_of
from tests.support.databases import ServiceDatabases

ONE = Prepared(sa.select(sa.literal_column("1")))
SELF = Prepared(sa.select(sa.func.pg_backend_pid()))
DIVIDED = Prepared(sa.select(1 / sa.bindparam("by", type_=sa.Integer())))
GIVEN = Prepared(sa.select(sa.bindparam("given", type_=sa.Text())))
KEPT = Prepared(
    sa.select(
        sa.bindparam("id", type_=sa.Uuid()).label("id"),
        sa.cast(sa.bindparam("at"), UTCDateTime()).label("at"),
        sa.literal_column("1.5", sa.Numeric()).label("days"),
        sa.func.jsonb_build_array(sa.literal_column("1"), type_=postgresql.JSONB()).label("list"),
        sa.bindparam("text", type_=sa.Text()).label("text"),
    ),
    planned_once=True,
)
DIVIDED_ONCE = Prepared(
    sa.select(sa.literal_column("1") / sa.bindparam("by", type_=sa.Integer())), planned_once=True
)
PLANNED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'yiwang%'")


class Interrupted(BaseException):
    """What ends a greenlet from outside."""


class Interrupting:
    """A value that is not sent to its end."""

    def __conform__(self, _protocol: type[ISQLQuote]) -> None:
        raise Interrupted


@pytest.fixture(scope="module")
def database(databases: ServiceDatabases) -> Iterator[Database]:
    made = Database("identity", databases.of("identity"), pool_size=2)
    yield made
    made.close()


def test_it_answers_alone_and_within_a_transaction(database: Database) -> None:
    with database.statements() as statements:
        assert GIVEN.rows(statements, {"given": "一网协同 100%"}) == [("一网协同 100%",)]
    with database.transaction() as session:
        assert ONE.rows(session, {}) == [(1,)]


def test_a_statement_that_fails_fails_as_others_do(database: Database) -> None:
    with database.statements() as statements:
        with pytest.raises(sa.exc.DataError):
            DIVIDED.rows(statements, {"by": 0})
        assert ONE.rows(statements, {}) == [(1,)]


def test_a_connection_that_was_closed_is_replaced(database: Database) -> None:
    with database.statements() as statements:
        ((pid,),) = SELF.rows(statements, {})
        with database.transaction() as other:
            other.execute(sa.select(sa.func.pg_terminate_backend(pid)))
        with pytest.raises(sa.exc.OperationalError):
            ONE.rows(statements, {})
    with database.statements() as statements:
        assert SELF.rows(statements, {}) != [(pid,)]


def test_a_connection_is_given_up_when_its_user_is_interrupted(database: Database) -> None:
    with database.statements() as statements:
        ((pid,),) = SELF.rows(statements, {})
        with pytest.raises(Interrupted):
            GIVEN.rows(statements, {"given": Interrupting()})
    with database.statements() as statements:
        assert SELF.rows(statements, {}) != [(pid,)]


def test_values_are_read_as_their_types_have_it(database: Database) -> None:
    given = {"id": new_id(), "at": datetime(2026, 11, 22, 8, tzinfo=UTC), "text": "$1 %(id)s 100%"}
    with database.reading() as session:
        (row,) = KEPT.read(session, given)
    assert (row.id, row.at, row.days, row.list, row.text) == (
        given["id"],
        given["at"],
        Decimal("1.5"),
        [1],
        given["text"],
    )
    with database.transaction() as session:
        assert KEPT.read(session, given) == [row]


def test_a_statement_is_planned_once_for_each_connection(database: Database) -> None:
    given = {"id": new_id(), "at": datetime(2026, 11, 22, 8, tzinfo=UTC), "text": ""}
    with database.statements() as statements:
        for _ in range(3):
            KEPT.rows(statements, given)
        assert statements.execute(PLANNED).scalar() == 1


def test_a_plan_that_a_change_of_its_table_has_spoilt_is_given_up_with_its_connection(
    database: Database,
) -> None:
    everything = Prepared(sa.text("SELECT * FROM spoilt").columns(sa.column("a")), planned_once=True)
    with database.transaction() as session:
        session.execute(sa.text("CREATE TABLE spoilt (a integer)"))
    try:
        with database.statements() as statements:
            assert everything.rows(statements, {}) == []
            with database.transaction() as session:
                session.execute(sa.text("ALTER TABLE spoilt ADD b integer"))
            with pytest.raises(sa.exc.NotSupportedError) as spoilt:
                everything.rows(statements, {})
            assert problem_of(spoilt.value).status == 503
        with database.statements() as statements:
            assert everything.rows(statements, {}) == []
    finally:
        with database.transaction() as session:
            session.execute(sa.text("DROP TABLE spoilt"))


def test_what_is_planned_within_a_transaction_that_fails_is_still_planned(database: Database) -> None:
    with database.session() as session:
        with pytest.raises(sa.exc.DataError):
            DIVIDED_ONCE.rows(session, {"by": 0})
        session.rollback()
        assert DIVIDED_ONCE.rows(session, {"by": 1}) == [(1,)]
