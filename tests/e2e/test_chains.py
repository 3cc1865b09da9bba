"""What goes through several services, on a real broker with separate processes: the stories that the demo tells too."""

import logging
from collections import Counter

import psycopg2
import pytest

from deploy.demo.affairs_story import AffairsStory
from deploy.demo.client import People
from deploy.demo.inbox_story import InboxStory
from deploy.demo.meeting_story import MeetingStory
from deploy.demo.reply_story import ReplyStory
from deploy.demo.story import Story
from tests.support.city import City
from tests.support.town import operate
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(400)

WORKING = ("affairs", "documents", "meetings", "supervision")


_SIGNED_IN: dict[str, People] = {}
_BEGUN: dict[str, AffairsStory] = {}


@pytest.fixture
def people(city: City) -> People:
    """Everybody of the town; who has signed in for one story need not for the next."""
    return _SIGNED_IN.setdefault(city.base_url, city.people())


@pytest.fixture(autouse=True)
def affairs(city: City, people: People) -> AffairsStory:
    """An application made before the other stories: one of its parts is late when a minute has gone by."""
    if city.base_url not in _BEGUN:
        _BEGUN[city.base_url] = AffairsStory(people=people, tell=say)
        _BEGUN[city.base_url].begin()
    return _BEGUN[city.base_url]


def say(step: str, who: str, what: str) -> None:
    """Shown when a story fails."""
    logging.getLogger(__name__).warning("%s %s %s", step, who, what)


def test_a_topic_becomes_a_decision_a_late_task_and_one_archive_file(people: People) -> None:
    facts = MeetingStory(people=people, tell=say).run()
    assert len(set(facts["archival_numbers"])) == 3


def test_a_document_that_demands_an_answer_is_answered_and_filed_beside_its_answer(people: People) -> None:
    number = Story(people=people, tell=say).run()["number"]
    facts = ReplyStory(people=people, tell=say, number=number).run()
    assert len(set(facts["archival_numbers"])) == 2


def test_a_bundle_of_three_departments_with_one_late_is_supervised_issued_rated_and_filed(
    affairs: AffairsStory,
) -> None:
    facts = affairs.finish()
    assert len(set(facts["archival_numbers"])) == 3


def test_every_open_item_of_every_service_stands_in_the_one_inbox_and_only_there(
    city: City, people: People
) -> None:
    def the_same() -> bool:
        given: Counter[tuple[str, str]] = Counter()
        for service in WORKING:
            given += _open_items(
                city, service, "SELECT id::text, post_id::text FROM work_item WHERE status = 'open'"
            )
        shown = _open_items(
            city,
            "mobile",
            "SELECT id::text, post_id::text FROM inbox_item WHERE state = 'open' AND received_at IS NOT NULL",
        )
        assert given == shown
        return True

    eventually(the_same, 30)
    facts = InboxStory(people=people, tell=say).run()
    assert facts["systems"] >= set(WORKING)


def test_nothing_closed_is_left_unfiled(city: City, people: People) -> None:
    def no_gap() -> bool:
        assert "缺口 0 件" in operate(city.home, city.environment, "archives", "gaps")
        return True

    eventually(no_gap, 60, every=1)


def _open_items(city: City, service: str, query: str) -> Counter[tuple[str, str]]:
    url = city.environment["YIWANG_DATABASE_URL"].replace("{service}", service).replace("+psycopg2", "")
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return Counter(cursor.fetchall())
    finally:
        connection.close()
