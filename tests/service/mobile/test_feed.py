"""The feed of changes: complete as far as it is read, although positions are given before they are committed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.mobile import commands, queries
from services.mobile.models import InboxChange
from services.mobile.push.gate import read_feed, read_position
from shared.db import Database
from shared.ids import new_id
from tests.service.mobile.office import NOW, Office, completed, doer, opened, reopened


def change() -> InboxChange:
    return InboxChange(at=NOW, kind="opened", item_id=new_id(), post_id=new_id(), person_ids=[])


@pytest.fixture
def slow(database: Database) -> Iterator[Session]:
    """A writer that has its position and does not commit."""
    with database.session() as session:
        session.add(change())
        session.flush()
        yield session
        session.rollback()


def test_a_reader_does_not_overtake_a_writer_that_has_not_committed(
    database: Database, slow: Session
) -> None:
    with database.transaction() as quick:
        quick.add(change())
    with database.session() as session, pytest.raises(OperationalError, match="lock timeout"):
        read_feed(session, after=0, limit=10)
    slow.commit()
    with database.transaction() as session:
        positions = [row.position for row in read_feed(session, after=0, limit=10)]
        assert positions == [1, 2]
        assert read_position(session) == 2


def test_writers_do_not_wait_for_each_other(database: Database, slow: Session) -> None:
    with database.transaction() as quick:
        quick.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
        quick.add_all([change(), change()])


def test_a_position_that_was_rolled_back_holds_nobody_up(database: Database, slow: Session) -> None:
    with database.transaction() as quick:
        quick.add(change())
    slow.rollback()
    with database.transaction() as session:
        assert [row.position for row in read_feed(session, after=0, limit=10)] == [2]


def test_readers_beside_busy_writers_miss_nothing(database: Database) -> None:
    def write(_: int) -> None:
        with database.transaction() as session:
            session.add(change())
            session.flush()

    seen: list[int] = []
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(write, place) for place in range(150)]
        while not all(future.done() for future in running):
            with database.transaction() as session:
                rows = read_feed(session, after=seen[-1] if seen else 0, limit=20)
            seen.extend(row.position for row in rows)
        for future in running:
            future.result()
    with database.transaction() as session:
        seen.extend(row.position for row in read_feed(session, after=seen[-1] if seen else 0, limit=500))
    assert seen == list(range(1, 151))


def test_whoever_loses_a_done_item_is_told(database: Database, office: Office) -> None:
    absent, deputy = office.person("张三"), office.person("李四")
    item = opened(absent.post_id)
    office.tell(item, completed(item, doer(deputy, absent)), reopened(item))
    with database.transaction() as session:
        rows = read_feed(session, after=0, limit=10)
    assert [row.kind for row in rows] == ["opened", "closed", "opened"]
    assert rows[2].person_ids == {absent.person_id, deputy.person_id}


def test_a_person_resumes_from_the_last_change_seen(database: Database, office: Office) -> None:
    person, other = office.person(), office.person()
    office.tell(opened(person.post_id), opened(other.post_id), opened(person.post_id))
    viewer = office.viewer(person)
    with database.transaction() as session:
        upto = read_position(session)
        missed = queries.list_changes(session, viewer, after=1, upto=upto)
        assert missed is not None
        assert [row.position for row in missed] == [3]
        assert queries.list_changes(session, viewer, after=upto, upto=upto) == []
        # From another life of the read model: positions that this one has never given.
        assert queries.list_changes(session, viewer, after=upto + 1, upto=upto) is None


def test_whoever_was_away_for_too_long_starts_anew(database: Database, office: Office) -> None:
    person = office.person()
    office.tell(*(opened(person.post_id) for _ in range(4)))
    viewer = office.viewer(person)
    with database.transaction() as session:
        session.execute(sa.update(InboxChange).values(at=NOW - timedelta(days=2)))
        assert commands.forget_old_changes(session, office.clock) == 3
        assert queries.list_changes(session, viewer, after=1, upto=4) is None
        assert queries.list_changes(session, viewer, after=3, upto=4) is not None
