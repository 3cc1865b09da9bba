"""The local directory: whatever order its events come in, nobody keeps access, and nobody loses it by mistake."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from shared.auth import Revocation, VerificationKey
from shared.db import Database
from shared.directory import ACCESS_EVENTS, DirectoryPerson, keep, keep_access, list_labels, list_posts
from shared.events import identity as told
from shared.events.base import Event, example_of
from shared.ids import new_id
from shared.service import Service
from tests.support.notes import SERVICE

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PERSON, KEY = new_id(), new_id()
ANNOUNCED = told.SigningKeyAnnounced(signing_key_id=KEY, x="x" * 43, y="y" * 43, announced_at=AT)
WITHDRAWN = told.SigningKeyWithdrawn(signing_key_id=KEY, withdrawn_at=AT + timedelta(days=1))
DISABLED = told.PersonDisabled(person_id=PERSON, disabled_at=AT, reason="调离")


@pytest.fixture
def database(fresh_database: Callable[[Service], str]) -> Iterator[Database]:
    made = Database(SERVICE.name, fresh_database(SERVICE), pool_size=2)
    yield made
    made.close()


def tell(database: Database, *events: Event, keeping: Callable[..., None] = keep) -> None:
    for event in events:
        with database.transaction() as session:
            keeping(session, event)


@pytest.mark.parametrize("order", list(permutations([ANNOUNCED, WITHDRAWN, ANNOUNCED])))
def test_a_withdrawn_key_stays_withdrawn_in_whatever_order_it_is_told(
    database: Database, order: tuple[Event, ...]
) -> None:
    tell(database, *order, keeping=keep_access)
    with database.session() as session:
        key = session.get_one(VerificationKey, str(KEY))
    assert key.withdrawn_at == WITHDRAWN.withdrawn_at
    assert key.jwk["x"] == ANNOUNCED.x


def test_a_late_word_of_disabling_does_not_undo_the_return_of_a_person(database: Database) -> None:
    registered = told.PersonRegistered(person_id=PERSON, name="王示例")
    tell(database, registered, DISABLED, told.PersonEnabled(person_id=PERSON))
    tell(database, DISABLED, keeping=keep_access)
    with database.session() as session:
        assert session.get_one(DirectoryPerson, PERSON).active
        assert session.scalars(sa.select(Revocation.revoked_at)).one() == AT


@pytest.mark.parametrize("event", ACCESS_EVENTS, ids=lambda event: event.__name__)
def test_the_end_of_access_may_be_told_early_and_again(database: Database, event: type[Event]) -> None:
    tell(database, example_of(event), example_of(event), keeping=keep_access)
    tell(database, example_of(event))


def test_posts_are_named_alike_with_all_their_particulars_and_without(database: Database) -> None:
    unit = example_of(told.UnitRegistered)
    posts = [replace(example_of(told.PostCreated), post_id=new_id(), unit_id=unit.unit_id) for _ in range(3)]
    people = [told.PersonRegistered(person_id=new_id(), name=name) for name in ("王示例", "安示例", "已调离")]
    holdings = [
        told.TenureBegan(tenure_id=new_id(), person_id=person.person_id, post_id=posts[0].post_id)
        for person in people
    ]
    gone = told.PersonDisabled(person_id=people[2].person_id, disabled_at=AT, reason="调离")
    abolished = told.PostAbolished(post_id=posts[2].post_id)
    tell(database, unit, *posts, *people, *holdings, gone, abolished)
    with database.session() as session:
        ids = [post.post_id for post in posts]
        labels = list_labels(session, ids)
        assert labels == {post_id: card.label for post_id, card in list_posts(session, ids).items()}
    assert "安示例、王示例" in labels[ids[0]] or "王示例、安示例" in labels[ids[0]]
    assert labels[ids[1]].endswith("（空缺）")
    assert len(labels) == 2
