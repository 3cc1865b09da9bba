"""Two people at one meeting at the same moment, and what a second click does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import requests
import sqlalchemy as sa

from services.meetings.commands.following import follow_abandoned
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.models import Meeting, Topic
from services.meetings.queries.decisions import get_minutes
from shared.events.documents import DocumentAbandoned
from tests.service.meetings.house import DOER, Hall
from tests.support.waiting import eventually


def _somebody_waits(hall: Hall) -> bool:
    """Whether a transaction stands before a lock; asked anew each time, since one transaction sees one moment."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with hall.house.session() as session:
        return bool(session.scalar(waiting))


def _ready(hall: Hall, kind: str) -> str:
    meeting_id = hall.meeting(kind=kind)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "调度"})
    invitees = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", invitees)
    return meeting_id


def test_two_notices_cannot_both_be_the_last_of_the_plan(hall: Hall) -> None:
    hall.one_more("调度会")
    meetings = [_ready(hall, "调度会") for _ in range(4)]

    def call(meeting_id: str) -> int:
        headers = {"Authorization": f"Bearer {hall.api.key.token(hall.person('会务'))}"}
        path = f"{hall.api.base}/meetings/{meeting_id}/call"
        return requests.post(path, json={}, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(call, meetings))
    assert answers == [200, 422, 422, 422]
    numbers = [hall.show("会务", meeting_id)["number"] for meeting_id in meetings]
    assert len([number for number in numbers if number]) == 1


def test_whoever_withdraws_a_topic_waits_for_the_agenda_and_holds_nothing(hall: Hall) -> None:
    topic_id, meeting_id = hall.approved_topic(), hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    withdraw = f"/topics/{topic_id}/withdraw"
    with ThreadPoolExecutor(1) as pool:
        with hall.house.session() as session:
            session.get_one(Meeting, UUID(meeting_id), with_for_update=True)
            answer = pool.submit(hall.ask, "数据文书", "POST", withdraw, json={"reason": "另行研究"})
            eventually(lambda: _somebody_waits(hall))
            # Whoever works on the agenda takes its topics after the meeting.
            session.get_one(Topic, UUID(topic_id), with_for_update={"nowait": True})
        assert answer.result(30).status_code == 200
    assert hall.show("会务", meeting_id)["agenda"] == []


def test_minutes_that_come_back_wait_for_whoever_is_writing_them(hall: Hall) -> None:
    """Whoever takes the minutes before their meeting, and whoever writes them, would wait for each other for ever."""
    meeting_id = hall.called()
    hall.held(meeting_id)
    hall.approved(meeting_id)
    document_id = hall.draft(meeting_id)
    abandoned = DocumentAbandoned(
        document_id=document_id, reason="内容有误", doer=DOER, abandoned_at=hall.house.clock.now()
    )

    def give_up() -> None:
        with hall.house.session() as session:
            follow_abandoned(session, hall.system(), hall.house.clock, event=abandoned)

    with ThreadPoolExecutor(1) as pool:
        with hall.house.session() as session:
            organiser = hall.house.actor("会务")
            lock_as_organiser(session, organiser, hall.house.clock, UUID(meeting_id))
            given_up = pool.submit(give_up)
            eventually(lambda: _somebody_waits(hall))
            minutes = get_minutes(session, session.get_one(Meeting, UUID(meeting_id)))
            minutes.title = "专题会议纪要"
            session.flush()
        given_up.result(30)
    shown = hall.show("会务", meeting_id)["minutes"]
    assert (shown["state"], shown["title"]) == ("drafting", "专题会议纪要")


def test_the_same_meeting_is_called_once(hall: Hall) -> None:
    meeting_id = _ready(hall, "视频会")
    hall.call(meeting_id)
    assert hall.refused("会务二", "POST", f"/meetings/{meeting_id}/call") == "409 meetings.act_not_possible"
    assert hall.told(meeting_id) == ["meeting.called.v1"]


def test_a_repeated_request_gets_the_same_answer(hall: Hall) -> None:
    key = {"headers": {"Idempotency-Key": f"plan-{datetime.now(UTC)}"}}
    plan = hall.a_plan()
    first, second = (hall.do("会务", "POST", "/meetings", plan, **key) for _ in range(2))
    assert first["id"] == second["id"]
