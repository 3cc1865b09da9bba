"""Changes of an inbox as they happen, over HTTP."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import sqlalchemy as sa

from shared.auth import revoke
from shared.events import identity
from tests.service.mobile.office import NOW, Office, completed, doer, opened, started
from tests.support.api import RunningApi, SignedIn, serving
from tests.support.databases import ServiceDatabases
from tests.support.waiting import eventually


class Frame(NamedTuple):
    event: str
    id: str
    data: dict[str, Any]


class Stream:
    """Reads frames off an open response."""

    def __init__(self, response: requests.Response) -> None:
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"].startswith("text/event-stream")
        self._lines = response.iter_lines(chunk_size=1, decode_unicode=False)
        self.last_id = ""
        self.counts: dict[str, int] = {}

    def next(self) -> Frame:
        """The next frame that carries data."""
        fields: dict[str, str] = {}
        for raw in self._lines:
            line = raw.decode()
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif "data" in fields:
                self.last_id = fields.get("id", self.last_id)
                frame = Frame(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
                self.counts = frame.data if frame.event == "counts" else self.counts
                return frame
            elif not line:
                fields = {}
        raise EOFError

    def until(self, event: str) -> Frame:
        while True:
            frame = self.next()
            if frame.event == event:
                return frame

    def rest(self) -> list[str]:
        """The kinds of frames up to the end of the stream."""
        kinds = []
        try:
            while True:
                kinds.append(self.next().event)
        except EOFError:
            return kinds


Listen = Callable[..., Any]


@pytest.fixture
def office(api: RunningApi) -> Office:
    return Office(api.database)


@pytest.fixture
def listen(api: RunningApi) -> Listen:
    @contextmanager
    def opened_stream(person: SignedIn, last_id: str = "", token: str = "") -> Iterator[Stream]:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        headers["Authorization"] = f"Bearer {token or api.key.token(person)}"
        with requests.get(api.base + "/stream", headers=headers, stream=True, timeout=20) as response:
            yield Stream(response)

    return opened_stream


def test_an_item_appears_as_soon_as_it_is_given(office: Office, listen: Listen) -> None:
    person = office.person()
    with listen(person) as stream:
        first = stream.next()
        assert (first.event, first.data["todo"]) == ("counts", 0)
        item = opened(person.post_id)
        office.tell(item)
        came = stream.next()
        assert (came.event, came.data["box"]) == ("opened", "todo")
        assert came.data["item"]["title"] == item.subject_of_work.title
        assert stream.next().data["todo"] == 1
        office.tell(completed(item, doer(person)))
        gone = stream.next()
        assert (gone.event, gone.data["box"]) == ("closed", "done")
        counts = stream.next().data
        assert (counts["todo"], counts["done"]) == (0, 1)
        office.tell(started(doer(person)))
        assert stream.next().data["box"] == "started"


def test_what_is_not_ones_own_is_not_heard_of(office: Office, listen: Listen) -> None:
    person, other = office.person(), office.person()
    with listen(person) as stream:
        stream.next()
        mine = opened(person.post_id)
        office.tell(opened(other.post_id), mine)
        assert stream.next().data["item_id"] == str(mine.work_item_id)


def test_a_broken_stream_resumes_where_it_was(office: Office, listen: Listen) -> None:
    person = office.person()
    with listen(person) as stream:
        stream.next()
        office.tell(opened(person.post_id))
        stream.until("counts")
        last_id = stream.last_id
    missed = [opened(person.post_id), opened(person.post_id)]
    office.tell(*missed)
    with listen(person, last_id) as stream:
        # The counts may come before, between or after the items: the listener may not have read the feed yet.
        heard = [stream.until("opened").data["item_id"] for _ in missed]
        assert heard == [str(item.work_item_id) for item in missed]
        if stream.counts.get("todo") != 3:
            assert stream.until("counts").data["todo"] == 3


@pytest.mark.parametrize("last_id", ["999999999", "not-a-number"])
def test_a_stream_that_cannot_resume_says_so(office: Office, listen: Listen, last_id: str) -> None:
    with listen(office.person(), last_id) as stream:
        assert stream.next().event == "reset"
        assert stream.next().event == "counts"


@pytest.mark.parametrize("what", ["session_id", "person_id", "tenure_id"])
def test_a_stream_ends_within_five_seconds_of_the_end_of_access(
    office: Office, listen: Listen, what: str
) -> None:
    person = office.person()
    with listen(person) as stream:
        stream.next()
        ended_at = datetime.now(UTC)
        with office.database.transaction() as session:
            revoke(session, subject_id=getattr(person, what), revoked_at=ended_at, reason="test")
        assert stream.rest() == ["ended"]
        assert datetime.now(UTC) - ended_at < timedelta(seconds=5)


def test_a_stream_ends_with_its_token(api: RunningApi, office: Office, listen: Listen) -> None:
    person = office.person()
    token = api.key.token(person, lifetime=timedelta(seconds=2))
    with listen(person, token=token) as stream:
        assert stream.rest() == ["counts", "ended"]


def test_a_new_delegation_is_noticed(office: Office, listen: Listen) -> None:
    absent, deputy = office.person("张三"), office.person("李四")
    office.tell(opened(absent.post_id))
    with listen(deputy) as stream:
        assert stream.next().data["todo"] == 0
        delegation = office.delegate(absent, deputy)
        assert stream.until("reset")
        assert stream.next().data["todo"] == 1
        office.keep(identity.DelegationEnded(delegation_id=delegation, ended_at=NOW - timedelta(seconds=1)))
        assert stream.until("reset")
        assert stream.next().data["todo"] == 0


def test_a_person_has_only_so_many_streams_and_gets_the_places_back(
    api: RunningApi, office: Office, listen: Listen
) -> None:
    person = office.person()
    held = [listen(person) for _ in range(5)]
    for stream in held:
        stream.__enter__().next()
    refused = api.get("/stream", person)
    assert (refused.status_code, refused.json()["code"]) == (429, "mobile.too_many_streams")
    for stream in held:
        stream.__exit__(None, None, None)
    # The server notices that a reader has gone when it next writes.
    office.tell(opened(person.post_id))
    office.tell(opened(person.post_id))

    def accepted() -> bool:
        office.tell(opened(person.post_id))
        with api.get("/stream", person, stream=True) as response:
            return response.status_code == 200

    assert eventually(accepted, 15, every=0.2)


def listener_of(office: Office, do: str = "pid") -> list[Any]:
    """The api's listening connection in the server's own list; `do` says what to ask of it."""
    with office.database.transaction() as session:
        listed = sa.text(
            f"SELECT {do} FROM pg_stat_activity"
            " WHERE application_name = 'yiwang-mobile-listener' AND datname = current_database()"
        )
        return list(session.scalars(listed))


def test_an_answer_that_nobody_reads_holds_no_place(api: RunningApi, office: Office, listen: Listen) -> None:
    person = office.person()
    for _ in range(7):
        assert api.ask("HEAD", "/stream", person).status_code == 200
    with listen(person) as stream:
        assert stream.next().event == "counts"


def test_a_lost_listener_comes_back(office: Office, listen: Listen) -> None:
    person = office.person()
    with listen(person) as stream:
        stream.next()
        (lost,) = eventually(lambda: listener_of(office))
        assert listener_of(office, "pg_terminate_backend(pid)") == [True]
        eventually(lambda: lost not in listener_of(office))
        item = opened(person.post_id)
        office.tell(item)
        assert stream.until("opened").data["item_id"] == str(item.work_item_id)
        assert eventually(lambda: listener_of(office)) != [lost]


def test_a_process_that_is_told_to_stop_ends_its_streams(databases: ServiceDatabases, tmp_path: Path) -> None:
    with serving("mobile", databases.of("mobile"), tmp_path) as api:
        person = Office(api.database).person()
        headers = {"Authorization": f"Bearer {api.key.token(person)}"}
        with requests.get(api.base + "/stream", headers=headers, stream=True, timeout=20) as response:
            stream = Stream(response)
            stream.next()
            assert api.program.stop(within=15) == 0
            assert stream.rest() == []
