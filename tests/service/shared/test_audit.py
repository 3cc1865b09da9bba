"""The audit log: sealed in order, and whatever is done to it afterwards is found."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from shared.audit import GENESIS, AuditEntry, broken_links, note, seal_entries, without_secrets
from shared.auth import Actor
from shared.db import Database
from shared.ids import new_id
from shared.service import Service
from tests.support.notes import SERVICE

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ACTOR = Actor(correlation_id=new_id(), person_id=new_id(), person_name="王示例", source="10.0.0.1")


@pytest.fixture
def database(fresh_database: Callable[[Service], str]) -> Iterator[Database]:
    made = Database(SERVICE.name, fresh_database(SERVICE), pool_size=5)
    yield made
    made.close()


def act(database: Database, *actions: str) -> None:
    with database.transaction() as session:
        for place, action in enumerate(actions):
            note(
                session,
                ACTOR,
                at=AT + timedelta(seconds=place),
                action=action,
                subject="便笺",
                details={"n": place},
            )


def seal(database: Database, limit: int = 1000) -> int:
    with database.transaction() as session:
        return seal_entries(session, limit=limit)


def chain(database: Database) -> list[AuditEntry]:
    with database.session() as session:
        return list(session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seal_number)))


def broken(database: Database) -> list[int]:
    with database.session() as session:
        return list(broken_links(session))


def tamper(database: Database, statement: str, **values: object) -> None:
    """What somebody with all rights to the database can do: put the triggers out of action first."""
    with database.transaction() as session:
        session.execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        session.execute(sa.text(statement), values)
        session.execute(sa.text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


def test_entries_are_sealed_in_the_order_of_their_making(database: Database) -> None:
    act(database, "a", "b", "c")
    assert seal(database, limit=2) == 2
    act(database, "d")
    assert seal(database) == 2
    assert seal(database) == 0
    entries = chain(database)
    assert [(entry.seal_number, entry.action) for entry in entries] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (4, "d"),
    ]
    assert len({entry.seal for entry in entries} | {GENESIS}) == 5
    assert broken(database) == []


def test_an_act_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    with database.session() as session:
        note(session, ACTOR, at=AT, action="undone")
        session.flush()
        session.rollback()
    assert seal(database) == 0


def test_many_writers_and_sealers_at_once_make_one_chain(database: Database) -> None:
    done = threading.Event()

    def write(number: int) -> None:
        for turn in range(10):
            act(database, f"{number}.{turn}")

    def keep_sealing() -> None:
        while not done.is_set():
            seal(database, limit=7)

    with ThreadPoolExecutor(5) as pool:
        sealers = [pool.submit(keep_sealing) for _ in range(2)]
        for writer in [pool.submit(write, number) for number in range(3)]:
            writer.result()
        done.set()
        for sealer in sealers:
            sealer.result()
    seal(database)
    numbers = [entry.seal_number or 0 for entry in chain(database)]
    assert numbers == list(range(1, 31))
    assert broken(database) == []


def test_a_later_commit_of_an_earlier_act_is_sealed_behind(database: Database) -> None:
    with database.session() as slow:
        note(slow, ACTOR, at=AT, action="slow")
        slow.flush()
        act(database, "quick")
        seal(database)
        slow.commit()
    seal(database)
    assert [entry.action for entry in chain(database)] == ["quick", "slow"]
    assert broken(database) == []


@pytest.mark.parametrize(
    "change",
    [
        "person_name = '别人'",
        "at = at + interval '1 second'",
        "outcome = 'refused'",
        "details = '{\"n\": 9}'",
        "person_id = NULL",
        "seal = repeat('0', 64)",
    ],
)
def test_a_changed_entry_is_found(database: Database, change: str) -> None:
    act(database, "a", "b", "c", "d")
    seal(database)
    tamper(database, f"UPDATE audit_entry SET {change} WHERE seal_number = 2")
    assert 2 in broken(database)
    assert 4 not in broken(database)


def test_a_removed_entry_is_found(database: Database) -> None:
    act(database, "a", "b", "c")
    seal(database)
    tamper(database, "DELETE FROM audit_entry WHERE seal_number = 2")
    assert broken(database) == [3]


def test_an_entry_removed_and_the_rest_moved_up_is_found(database: Database) -> None:
    act(database, "a", "b", "c")
    seal(database)
    tamper(database, "DELETE FROM audit_entry WHERE seal_number = 2")
    tamper(database, "UPDATE audit_entry SET seal_number = 2 WHERE seal_number = 3")
    assert broken(database) == [2]


def test_an_entry_put_in_is_found(database: Database) -> None:
    act(database, "a", "b")
    seal(database)
    tamper(database, "UPDATE audit_entry SET seal_number = 3 WHERE seal_number = 2")
    tamper(
        database,
        "INSERT INTO audit_entry (id, at, service, action, outcome, person_name, source, subject, correlation_id,"
        " details, seal_number, seal) SELECT :id, at, service, 'forged', outcome, person_name, source, subject,"
        " correlation_id, details, 2, repeat('a', 64) FROM audit_entry WHERE seal_number = 1",
        id=new_id(),
    )
    assert broken(database) == [2, 3]


def test_two_exchanged_entries_are_found(database: Database) -> None:
    act(database, "a", "b", "c")
    seal(database)
    tamper(database, "UPDATE audit_entry SET seal_number = -1 WHERE seal_number = 1")
    tamper(database, "UPDATE audit_entry SET seal_number = 1 WHERE seal_number = 2")
    tamper(database, "UPDATE audit_entry SET seal_number = 2 WHERE seal_number = -1")
    assert {1, 2} <= set(broken(database))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET outcome = 'other' WHERE seal_number = 1",
        "UPDATE audit_entry SET seal = NULL, seal_number = NULL",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE seal IS NULL",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove(database: Database, statement: str) -> None:
    act(database, "a")
    seal(database)
    act(database, "b")
    with pytest.raises(IntegrityError, match="kept as they are"), database.transaction() as session:
        session.execute(sa.text(statement))
    assert [entry.action for entry in chain(database)] == ["a", "b"]


def test_an_entry_that_is_not_yet_sealed_cannot_be_changed_either(database: Database) -> None:
    act(database, "a")
    with pytest.raises(IntegrityError, match="kept as they are"), database.transaction() as session:
        session.execute(sa.text("UPDATE audit_entry SET outcome = 'other'"))


def test_secrets_are_never_written_down(database: Database) -> None:
    secret = {
        "password": "x",
        "new_password": "x",
        "refresh_token": "x",
        "Authorization_TOKEN": "x",
        "secret_key": "x",
    }
    with database.transaction() as session:
        note(session, ACTOR, at=AT, action="sign_in", details={**secret, "login": "文书"})
    assert chain(database)[0].details == {"login": "文书"}


def test_secrets_within_details_are_left_out_too() -> None:
    details = {"request": {"login": "文书", "password": "x"}, "tried": [{"token": "x", "n": 1}]}
    assert without_secrets(details) == {"request": {"login": "文书"}, "tried": [{"n": 1}]}


def test_all_of_a_chain_is_kept_by_every_link(database: Database) -> None:
    act(database, *"abcdef")
    seal(database)
    for former, latter in pairwise(chain(database)):
        tamper_copy = (
            f"UPDATE audit_entry SET seal = '{former.seal}' WHERE seal_number = {latter.seal_number}"
        )
        tamper(database, tamper_copy)
        assert latter.seal_number in broken(database)
        tamper(database, "UPDATE audit_entry SET seal = :seal WHERE id = :id", seal=latter.seal, id=latter.id)
    assert broken(database) == []
