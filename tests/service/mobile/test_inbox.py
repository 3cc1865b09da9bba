"""One inbox over all services and all posts of a person; its counts are those of its lists."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from services.mobile import queries
from services.mobile.domain.boxes import READER, Box
from services.mobile.queries import Filters
from services.mobile.queries.cards import ItemCard
from shared.db import Database
from shared.events import work
from shared.events.base import Event
from tests.service.mobile.office import (
    NOW,
    Office,
    cancelled,
    completed,
    doer,
    opened,
    started,
    subject,
)
from tests.support.api import SignedIn

URGENCIES = ("", "加急", "特急")
KINDS = ("通知", "函", "请示")
SYSTEMS = ("documents", "supervision")


def box_of(
    database: Database,
    office: Office,
    person: SignedIn,
    box: Box,
    filters: Filters | None = None,
    limit: int = 7,
) -> list[ItemCard]:
    """The whole box, fetched page by page."""
    found: list[ItemCard] = []
    after: str | None = None
    with database.transaction() as session:
        viewer = office.viewer(person)
        while True:
            page = queries.list_box(
                session, viewer, box, filters or Filters(), now=NOW, after=after, limit=limit
            )
            found.extend(page.items)
            if page.next is None:
                return found
            after = page.next


def ids(cards: list[ItemCard]) -> set[UUID]:
    return {card.id for card in cards}


def fill(office: Office, people: list[SignedIn], *, items: int, seed: int) -> None:
    """Random work of these people: open, late, done, on behalf of each other, cancelled, to be read."""
    chance = Random(seed)
    told: list[Event] = []
    for _ in range(items):
        person, other = chance.sample(people, 2)
        about = subject(
            title=f"关于{chance.choice('水利防汛教育卫生')}工作的通知",
            system=chance.choice(SYSTEMS),
            document_kind=chance.choice(KINDS),
        )
        item = opened(
            chance.choice([person.post_id, other.post_id]),
            about,
            role=chance.choice([work.ItemRole.LEAD, work.ItemRole.READER, work.ItemRole.ASSISTANT]),
            work_kind=chance.choice(["documents", "supervision"]),
            received_at=NOW - timedelta(minutes=chance.randrange(30)),
            deadline=chance.choice(
                [None, NOW - timedelta(minutes=chance.randrange(20)), NOW + timedelta(days=1)]
            ),
        )
        told.append(item)
        done_at = NOW - timedelta(minutes=chance.randrange(10))
        by = chance.choice([doer(person), doer(person, other)])
        ends = chance.choice([None, None, completed(item, by, at=done_at), cancelled(item)])
        if ends:
            told.append(ends)
        if chance.random() < 0.2:
            told.append(started(doer(person), about, work_id=item.work_id))
    office.follow_at_once(*(office.envelope(event) for event in told))


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_always_equal_the_lists(database: Database, office: Office, seed: int) -> None:
    people = [office.person(f"某{place}", posts=1 + place % 2) for place in range(4)]
    office.delegate(people[0], people[1])
    office.delegate(people[2], people[1], kinds=["documents"])
    office.delegate(people[3], people[2], days=-0.5)
    fill(office, people, items=120, seed=seed)
    narrowed = [
        Filters(),
        Filters(overdue=True),
        Filters(overdue=False),
        Filters(system="documents", kind="通知"),
        Filters(q="水利"),
        Filters(post_id=people[1].post_id),
    ]
    for person in people:
        for filters in narrowed:
            with database.transaction() as session:
                counts = queries.count_boxes(session, office.viewer(person), filters, now=NOW)
            for box in Box:
                listed = box_of(database, office, person, box, filters)
                assert len(ids(listed)) == len(listed) == counts[box.value], (box, filters)
            late = [card for card in box_of(database, office, person, Box.TODO, filters) if card.overdue]
            assert len(late) == counts["overdue"]


def test_pages_are_in_order_and_skip_nothing(database: Database, office: Office) -> None:
    person, other = office.person(), office.person()
    fill(office, [person, other], items=60, seed=3)
    whole = box_of(database, office, person, Box.TODO, limit=200)
    paged = box_of(database, office, person, Box.TODO, limit=3)
    assert [card.id for card in paged] == [card.id for card in whole]
    moments = [(card.received_at, card.id) for card in whole]
    assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]


def test_the_inbox_spans_all_posts_and_names_each(database: Database, office: Office) -> None:
    person = office.person(posts=2, title="副主任")
    posts = sorted(office.viewer(person).posts)
    for post_id in posts:
        office.tell(opened(post_id))
    cards = box_of(database, office, person, Box.TODO)
    assert {card.post.id for card in cards if card.post} == set(posts)
    assert {card.post.title for card in cards if card.post} == {"副主任", "副主任2"}
    only = box_of(database, office, person, Box.TODO, Filters(post_id=posts[0]))
    assert [card.post.id for card in only if card.post] == [posts[0]]


def test_a_deputy_sees_the_absent_colleagues_items_as_theirs(database: Database, office: Office) -> None:
    absent, deputy, stranger = office.person("张三"), office.person("李四"), office.person("外人")
    covered = opened(absent.post_id, work_kind="documents")
    not_covered = opened(absent.post_id, work_kind="supervision")
    office.tell(covered, not_covered)
    assert box_of(database, office, deputy, Box.TODO) == []
    office.delegate(absent, deputy, kinds=["documents"])
    (card,) = box_of(database, office, deputy, Box.TODO)
    assert card.id == covered.work_item_id
    assert card.on_behalf_of is not None
    assert card.on_behalf_of.person_name == "张三"
    assert card.on_behalf_of.acting_post_id == deputy.post_id
    assert all(card.on_behalf_of is None for card in box_of(database, office, absent, Box.TODO))
    assert box_of(database, office, stranger, Box.TODO) == []


def test_what_a_deputy_did_is_done_for_both(database: Database, office: Office) -> None:
    absent, deputy = office.person("张三"), office.person("李四")
    item = opened(absent.post_id)
    office.tell(item, completed(item, doer(deputy, absent)))
    for person in (absent, deputy):
        (card,) = box_of(database, office, person, Box.DONE)
        assert card.acted_by == "李四"
        assert card.on_behalf_of is not None
        assert card.on_behalf_of.person_name == "张三"
        assert box_of(database, office, person, Box.TODO) == []


def test_copies_to_read_are_not_work_to_do(database: Database, office: Office) -> None:
    person = office.person()
    item = opened(person.post_id, role=work.ItemRole(READER))
    office.tell(item)
    assert ids(box_of(database, office, person, Box.TO_READ)) == {item.work_item_id}
    assert box_of(database, office, person, Box.TODO) == []
    office.tell(completed(item, doer(person), label=""))
    assert ids(box_of(database, office, person, Box.READ)) == {item.work_item_id}
    assert box_of(database, office, person, Box.DONE) == []


def test_cancelled_items_lie_in_no_box(database: Database, office: Office) -> None:
    person = office.person()
    item = opened(person.post_id)
    office.tell(item, cancelled(item))
    assert all(box_of(database, office, person, box) == [] for box in Box)


def test_started_work_says_where_it_is_now(database: Database, office: Office) -> None:
    person, reviewer = office.person(), office.person("核稿人", title="核稿")
    about = subject()
    begun = started(doer(person), about)
    office.tell(begun, opened(reviewer.post_id, about, work_id=begun.work_id, deadline=NOW - timedelta(1)))
    (card,) = box_of(database, office, person, Box.STARTED)
    assert (card.id, card.flow, card.step) == (begun.work_id, "发文办理", "核稿")
    assert card.current_steps[0].post.title == "核稿"
    assert card.overdue
    office.tell(work.WorkEnded(work_id=begun.work_id, subject_id=about.id, stopped=True, ended_at=NOW))
    (card,) = box_of(database, office, person, Box.STARTED)
    assert card.state_label == "已终止"
