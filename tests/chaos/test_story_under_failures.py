"""The main job while servers and processes fail under it: commands go on, everything arrives, once."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psutil
import pytest
import requests

from deploy.demo.client import Refused
from deploy.demo.steps import DOCUMENTS
from deploy.demo.story import DRAFTER, RECEIVERS, REGISTRY, Story
from tests.support.city import City
from tests.support.town import ARCHIVIST, RECEIVING_ARCHIVIST, operate
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(300)

# What an office may expect after everything has come back (the filing of every closed document).
RECOVERED_WITHIN = 60.0


def told(city: City, **at: Callable[[Story], None]) -> Story:
    """Tell the story; after the step of that name, do what stands there. Keywords are the steps' names."""
    left = dict(at)

    def tell(step: str, _who: str, _what: str) -> None:
        if step in left:
            left.pop(step)(story)

    story = Story(people=city.people(), tell=tell)
    try:
        story.run()
    except TimeoutError as error:
        raise AssertionError(f"{error}; gaps: {gaps(city)}") from error
    assert not left, f"never happened: {list(left)}"
    return story


def gaps(city: City) -> list[dict[str, Any]]:
    """What the archivists of the story's two offices see closed and not filed."""
    archivists = [city.people()(login) for login in (ARCHIVIST, RECEIVING_ARCHIVIST)]
    return [gap for person in archivists for gap in person.get("/api/archives/gaps")["items"]]


def assert_no_gaps(city: City) -> None:
    """Every closed document has its record, within the time that an office may expect."""

    def nothing_is_left() -> bool:
        assert gaps(city) == []
        return True

    eventually(nothing_is_left, RECOVERED_WITHIN, every=0.5)
    assert "缺口 0 件" in operate(city.home, city.environment, "archives", "gaps")


def assert_all_happened_once(city: City, story: Story) -> None:
    """One incoming document at each receiver, one record of each closed document, no event twice in the trace."""
    people, facts = city.people(), story.facts
    for name in RECEIVERS:
        query = {"direction": "incoming", "q": facts["number"]}
        found = people(f"{name}.文书").get(DOCUMENTS, **query)["items"]
        assert [item["source_number"] for item in found].count(facts["number"]) == 1, name
    for login, document_id in ((ARCHIVIST, facts["id"]), (RECEIVING_ARCHIVIST, facts["incoming_id"])):
        assert len(people(login).get("/api/archives/records", document_id=document_id)["items"]) == 1
    entries = people(DRAFTER).get(f"/api/mobile/trace/{facts['id']}")["items"]
    twice = {key: count for key, count in Counter(entry["id"] for entry in entries).items() if count > 1}
    assert twice == {}
    counts = people(REGISTRY).get("/api/mobile/inbox/counts")
    listed = people(REGISTRY).get("/api/mobile/inbox", box="todo", limit=200)["items"]
    assert counts["todo"] == len(listed)


def test_with_the_broker_away_commands_succeed_and_all_arrives_when_it_returns(city: City) -> None:
    def go(_: Story) -> None:
        city.broker.stop_app()

    def come(story: Story) -> None:
        # Countersigned, signed, numbered, printed and issued without a broker.
        assert story.people(DRAFTER).get(f"{DOCUMENTS}/{story.facts['id']}")["state"] == "issued"
        city.broker.start_app()

    story = told(city, 核稿=go, 核发=come)
    assert_no_gaps(city)
    assert_all_happened_once(city, story)


def test_processes_killed_in_the_middle_come_back_and_repeat_nothing(city: City) -> None:
    names = ("documents.worker", "archives.worker", "mobile.worker", "relay")

    def kill(_: Story) -> None:
        for name in names:
            psutil.Process(city.suite.process(name).pid).send_signal(signal.SIGKILL)

    story = told(city, 核发=kill, 办结=kill_again(city, "archives.worker", "documents.worker"))
    assert_no_gaps(city)
    assert_all_happened_once(city, story)
    eventually(lambda: not city.unready(), 60)


def kill_again(city: City, *names: str) -> Callable[[Story], None]:
    """Once they are back; two deaths in a row cost them a longer pause."""

    def kill(_: Story) -> None:
        for name in names:
            pid = eventually(lambda of=name: city.suite.processes().get(of), 60).pid  # type: ignore[misc]
            psutil.Process(pid).send_signal(signal.SIGKILL)

    return kill


def test_with_the_database_away_a_command_says_so_and_works_when_it_is_back(city: City) -> None:
    def restart(story: Story) -> None:
        signer = story.people(DRAFTER)
        city.stop_database()
        with pytest.raises(Refused) as refused:
            signer.get(f"{DOCUMENTS}/{story.facts['id']}")
        assert refused.value.code == "web.database_away"
        city.start_database()
        eventually(lambda: not city.unready(), 60)

    story = told(city, 会签=restart, 核发=restart)
    assert_no_gaps(city)
    assert_all_happened_once(city, story)


def test_with_the_store_full_nothing_is_half_done_and_work_goes_on_after(city: City) -> None:
    def render_without_room(story: Story) -> None:
        registry, document_id = story.people(REGISTRY), story.facts["id"]
        [item] = [
            item
            for item in registry.get(f"{DOCUMENTS}/{document_id}/items")["items"]
            if (item["step_id"], item["status"]) == ("render", "open")
        ]
        before = registry.get(f"{DOCUMENTS}/{document_id}")
        with city.without_room("documents.api"):
            with pytest.raises(Refused) as refused:
                registry.post(f"{DOCUMENTS}/{document_id}/items/{item['id']}/complete", {})
            assert (refused.value.code, refused.value.problem["status"]) == ("files.storage_full", 507)
            with pytest.raises(Refused) as refused:
                _read_large_file(city, story)
            assert refused.value.problem["status"] == 507
            assert registry.get(f"{DOCUMENTS}/{document_id}") == before
            _assert_unready(city, "documents.api")

    def close_without_room(story: Story) -> None:
        archivist = story.people(ARCHIVIST)
        with city.without_room("archives.worker"):
            path = "/api/archives/gaps"
            found = eventually(lambda: _tried(archivist.get(path)["items"]), 30, every=0.2)
            assert [gap["document_id"] for gap in found] == [story.facts["id"]]

    story = told(city, 登记=render_without_room, 核发=close_without_room)
    assert_no_gaps(city)
    assert_all_happened_once(city, story)


def _tried(gaps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that were tried and have the reason why that failed."""
    return [gap for gap in gaps if gap["attempts"] and gap["reasons"]]


def _read_large_file(city: City, story: Story) -> None:
    large = b"x" * 2_000_000
    story.people(DRAFTER).post(f"{DOCUMENTS}/read-file", files={"file": ("large.txt", large)})


def _assert_unready(city: City, name: str) -> None:
    # What a process says of its readiness is kept for a moment.
    def found() -> bool:
        answer = requests.get(city.suite.process(name).ready_url, timeout=10)
        return (answer.status_code, list(answer.json()["complaints"])) == (503, ["blobs"])

    eventually(found)


def test_a_frozen_broker_holds_nobody_up(city: City) -> None:
    """Connections stay open and nothing answers, as behind a broken switch."""
    person = city.people()(DRAFTER)
    city.broker.freeze()
    began = time.monotonic()
    try:
        for _ in range(3):
            assert person.get(f"{DOCUMENTS}", limit=1)["items"] is not None
        assert time.monotonic() - began < 5
    finally:
        city.broker.thaw()
    told(city)
    assert_no_gaps(city)
