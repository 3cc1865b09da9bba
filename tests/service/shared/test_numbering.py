"""Gap-free numbers on a real PostgreSQL, with everybody asking at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from shared.db import Database
from shared.ids import new_id
from shared.numbering import NumberTaken, find_number, open_series, take_number

SERIES = "dispatch:萍府发:2024"


class Recalled(Exception):
    """Ends a transaction after its number was taken."""


@pytest.fixture
def database(fresh_database: Callable[[str], str]) -> Iterator[Database]:
    made = Database("documents", fresh_database("documents"), pool_size=20)
    yield made
    made.close()


def take(database: Database, subject: UUID, *, series: str = SERIES, recalled: bool = False) -> int | None:
    try:
        with database.transaction() as session:
            number = take_number(session, series=series, subject=subject)
            if recalled:
                raise Recalled
            return number
    except Recalled:
        return None


def taken(database: Database, series: str = SERIES) -> dict[UUID, int]:
    with database.session() as session:
        rows = session.scalars(sa.select(NumberTaken).where(NumberTaken.series == series)).all()
        return {row.subject: row.number for row in rows}


def test_numbers_begin_at_one_and_each_series_counts_for_itself(database: Database) -> None:
    assert [take(database, new_id()) for _ in range(3)] == [1, 2, 3]
    assert take(database, new_id(), series="dispatch:萍府发:2025") == 1


def test_the_same_subject_keeps_its_number(database: Database) -> None:
    subject = new_id()
    assert [take(database, subject), take(database, new_id()), take(database, subject)] == [1, 2, 1]
    assert take(database, subject, series="other") == 1


def test_the_same_subject_asking_twice_in_one_transaction_gets_one_number(database: Database) -> None:
    subject = new_id()
    with database.transaction() as session:
        assert take_number(session, series=SERIES, subject=subject) == 1
        assert take_number(session, series=SERIES, subject=subject) == 1


def test_a_rolled_back_number_goes_to_the_next(database: Database) -> None:
    subject = new_id()
    assert take(database, subject, recalled=True) is None
    with database.session() as session:
        assert find_number(session, series=SERIES, subject=subject) is None
    assert take(database, new_id()) == 1


def test_an_open_transaction_holds_the_next_number_back(database: Database) -> None:
    with ThreadPoolExecutor(1) as pool, database.session() as first:
        assert take_number(first, series=SERIES, subject=new_id()) == 1
        started = Event()

        def second() -> int | None:
            started.set()
            return take(database, new_id())

        waiting = pool.submit(second)
        assert started.wait(10)
        first.rollback()
        assert waiting.result(timeout=10) == 1


def test_two_hundred_at_once_with_repeats_and_rollbacks_leave_no_gap_and_no_double(
    database: Database,
) -> None:
    subjects = [new_id() for _ in range(200)]
    together = Barrier(200)

    def register(at: int) -> set[int | None]:
        together.wait(30)
        subject = subjects[at]
        if at % 3 == 0:
            take(database, subject, recalled=True)
        if at % 7 == 0:
            take(database, new_id(), recalled=True)
        # A double submit from elsewhere: the neighbour's own request runs at this moment.
        take(database, subjects[(at + 1) % 200])
        return {take(database, subject), take(database, subject), take(database, subject)}

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(register, range(200)))
    assert all(len(answer) == 1 for answer in answers)
    numbers = taken(database)
    assert sorted(numbers.values()) == list(range(1, 201))
    assert [numbers[subject] for subject in subjects] == [answer.pop() for answer in answers]


def test_a_series_may_begin_after_numbers_given_elsewhere(database: Database) -> None:
    with database.transaction() as session:
        open_series(session, series=SERIES, last=58)
    assert take(database, new_id()) == 59
    with database.transaction() as session:
        open_series(session, series=SERIES, last=7)
    assert take(database, new_id()) == 60


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE number_taken SET number = 9",
        "DELETE FROM number_taken",
        "TRUNCATE number_taken",
        "DELETE FROM number_series",
        "UPDATE number_series SET last = 0",
        "UPDATE number_series SET last = last + 2",
        "UPDATE number_series SET series = 'x', last = last + 1",
    ],
)
def test_given_numbers_cannot_be_changed_or_taken_back(database: Database, tampering: str) -> None:
    take(database, new_id())
    with pytest.raises(IntegrityError, match="final"), database.transaction() as session:
        session.execute(sa.text(tampering))
    assert list(taken(database).values()) == [1]
