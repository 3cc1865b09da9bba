"""The read model is a function of the events that arrived, whatever their order and however often they came."""

from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from services.mobile.models import InboxItem, StartedWork, SubjectFacts
from shared.db import Database
from shared.events import work
from shared.events.base import Envelope
from tests.service.mobile.office import (
    NOW,
    Office,
    cancelled,
    completed,
    dated,
    doer,
    follow,
    numbered,
    opened,
    read,
    reminded,
    reopened,
    revised,
    started,
    subject,
)


def rows_of(session: Any) -> list[Any]:
    """Everything in the read model but the feed, in a form to compare."""
    found = []
    for model in (InboxItem, StartedWork, SubjectFacts):
        columns = list(model.__table__.columns)
        found.extend(session.execute(sa.select(*columns).order_by(model.id)).mappings().all())
    return [dict(row) for row in found]


def after(database: Database, office: Office, envelopes: list[Envelope]) -> list[Any]:
    """The read model after these events; undone again."""
    with database.session() as session:
        for envelope in envelopes:
            follow(session, envelope, office.clock)
        session.flush()
        rows = rows_of(session)
        session.rollback()
        return rows


def test_an_opened_item_lies_with_its_post(database: Database, office: Office) -> None:
    person = office.person()
    item = opened(person.post_id, deadline=NOW)
    office.tell(item)
    with database.transaction() as session:
        row = session.get_one(InboxItem, item.work_item_id)
        assert (row.post_id, row.state, row.step) == (person.post_id, "open", "核稿")
        assert row.title == item.subject_of_work.title
        assert row.deadline == NOW


def test_any_order_of_one_items_events_ends_in_the_same_row(database: Database, office: Office) -> None:
    person, absent = office.person(), office.person("张三")
    item = opened(absent.post_id)
    chain = [
        item,
        read(item, doer(person)),
        reminded(item, doer(absent)),
        completed(item, doer(person, absent)),
        reopened(item),
    ]
    envelopes = [office.envelope(event, chain=item.work_id) for event in chain]
    expected = after(database, office, envelopes)
    assert expected[0]["state"] == "open"
    assert expected[0]["acted_person_id"] is None
    for order in permutations(envelopes):
        assert after(database, office, list(order)) == expected


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_item_is_due_when_the_last_event_says_in_whatever_order_they_come(
    database: Database, office: Office, order: tuple[int, ...]
) -> None:
    person = office.person()
    item = opened(person.post_id, deadline=NOW)
    events = [item, dated(item, NOW + timedelta(days=5)), dated(item, NOW + timedelta(days=3))]
    envelopes = [office.envelope(event, chain=item.work_id) for event in events]
    office.follow(*(envelopes[place] for place in order), *envelopes)
    with database.transaction() as session:
        row = session.get_one(InboxItem, item.work_item_id)
        assert row.deadline == NOW + timedelta(days=3)
        assert (row.opened_sequence, row.dated_sequence) == (1, 3)
        assert (row.post_id, row.state, row.title) == (person.post_id, "open", item.subject_of_work.title)


def test_whoever_has_the_item_is_told_of_another_deadline_once(database: Database, office: Office) -> None:
    person = office.person()
    item = opened(person.post_id, deadline=NOW)
    _, moved = office.tell(item, dated(item, NOW + timedelta(days=5)))
    office.follow(moved)
    with database.transaction() as session:
        told = session.execute(sa.text("SELECT kind, post_id FROM inbox_change ORDER BY position")).all()
    assert [tuple(row) for row in told] == [("opened", person.post_id), ("changed", person.post_id)]


def test_a_deadline_that_comes_before_its_item_is_told_with_it(database: Database, office: Office) -> None:
    person = office.person()
    item = opened(person.post_id, deadline=NOW)
    coming, moved = office.envelope(item), office.envelope(dated(item, NOW + timedelta(days=5)))
    office.follow(moved, coming)
    with database.transaction() as session:
        assert session.scalars(sa.text("SELECT kind FROM inbox_change")).all() == ["opened"]


def test_any_order_of_a_documents_and_its_items_events_ends_in_the_same_rows(
    database: Database, office: Office
) -> None:
    person = office.person()
    about = subject(title="旧题目")
    first, second = opened(person.post_id, about), opened(person.post_id, about)
    events = [
        started(doer(person), about, work_id=first.work_id),
        first,
        completed(first, doer(person)),
        second,
        dated(second, NOW + timedelta(days=2)),
        cancelled(second),
        revised(about.id, title="新题目", urgency="加急", version=2),
        revised(about.id, title="最后的题目", urgency="特急", version=3),
        numbered(about.id, "萍府办发〔2026〕23号"),
        work.WorkEnded(work_id=first.work_id, subject_id=about.id, stopped=False, ended_at=NOW),
    ]
    envelopes = [office.envelope(event, chain=about.id) for event in events]
    expected = after(database, office, envelopes)
    titles = {row["title"] for row in expected}
    assert titles == {"最后的题目"}
    shuffled = Random(7)
    for _ in range(25):
        order = envelopes + shuffled.choices(envelopes, k=4)
        shuffled.shuffle(order)
        assert after(database, office, order) == expected


@pytest.mark.parametrize("times", [2, 3])
def test_an_event_that_comes_again_changes_nothing_and_tells_nobody(
    database: Database, office: Office, times: int
) -> None:
    person = office.person()
    item = opened(person.post_id)
    envelopes = office.tell(item, completed(item, doer(person)))
    with database.transaction() as session:
        before = rows_of(session)
        told = session.scalar(sa.text("SELECT count(*) FROM inbox_change"))
    office.follow(*(envelopes * times))
    with database.transaction() as session:
        assert rows_of(session) == before
        assert session.scalar(sa.text("SELECT count(*) FROM inbox_change")) == told


def test_items_follow_the_title_and_number_of_their_document(database: Database, office: Office) -> None:
    person = office.person()
    about = subject(title="关于水利工作的通知")
    item = opened(person.post_id, about)
    office.tell(item, revised(about.id, title="关于冬春水利工作的通知", urgency="特急"))
    office.tell(numbered(about.id, "萍府办发〔2026〕23号"))
    later = opened(person.post_id, about)
    office.tell(later)
    with database.transaction() as session:
        for item_id in (item.work_item_id, later.work_item_id):
            row = session.get_one(InboxItem, item_id)
            assert row.title == "关于冬春水利工作的通知"
            assert (row.urgency, row.number) == ("特急", "萍府办发〔2026〕23号")
            assert "冬春" in row.terms


def test_an_item_that_was_done_before_it_came_is_shown_once_it_has_come(
    database: Database, office: Office
) -> None:
    person = office.person()
    item = opened(person.post_id)
    coming, done = office.envelope(item), office.envelope(completed(item, doer(person)))
    office.follow(done)
    with database.transaction() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM inbox_change")) == 0
    office.follow(coming)
    with database.transaction() as session:
        assert session.get_one(InboxItem, item.work_item_id).state == "done"
        assert session.scalar(sa.text("SELECT kind FROM inbox_change")) == "closed"
