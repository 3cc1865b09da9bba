"""Statements that go to psycopg2 as they are fail as all others do, and leave no spoilt connection behind."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from psycopg2.extensions import ISQLQuote

from shared.db import Database, Prepared
from tests.support.databases import ServiceDatabases

ONE = Prepared(sa.select(sa.literal_column("1")))
SELF = Prepared(sa.select(sa.func.pg_backend_pid()))
DIVIDED = Prepared(sa.select(1 / sa.bindparam("by", type_=sa.Integer())))
GIVEN = Prepared(sa.select(sa.bindparam("given", type_=sa.Text())))


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
