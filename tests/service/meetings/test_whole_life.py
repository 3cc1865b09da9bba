"""One meeting from a unit's topic to the archives, as people do it over HTTP."""

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from services.meetings.models import Meeting
from shared.events import dossier
from shared.events import minutes as contract
from shared.events import supervision as told
from shared.messaging.models import OutboxEvent
from tests.service.meetings.house import DOER, Hall


def test_a_topic_becomes_a_decision_whose_task_closes_and_the_meeting_is_concluded(hall: Hall) -> None:
    topic_id = hall.approved_topic()
    assert hall.duties(topic_id) == {("秘书长", "schedule"), ("会务", "schedule"), ("会务二", "schedule")}

    meeting_id = hall.meeting()
    added = hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    item_id = added["agenda"][0]["id"]
    assert hall.duties(topic_id) == set()
    invitees = [
        {"post_id": hall.post("财政局长")},
        {"post_id": hall.post("数据局长")},
        {"post_id": hall.post("数据科员"), "role": "observer", "agenda_item_ids": [item_id]},
        {"unit_id": hall.unit("财政"), "role": "observer"},
    ]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})
    assert hall.ask("财政局长", "GET", f"/meetings/{meeting_id}").status_code == 404

    called = hall.call(meeting_id)
    assert called["number"].startswith(f"〔{datetime.now(UTC) + timedelta(hours=8):%Y}〕")
    assert ("财政局长", "reply") in hall.duties(meeting_id)
    assert ("财政文书", "name") in hall.duties(meeting_id)

    hall.do("财政局长", "POST", f"/meetings/{meeting_id}/open")
    asked = {"outcome": "stand_in", "reason": "出差", "stand_in_post_id": hall.post("财政副局长")}
    seat = hall.do("财政局长", "POST", f"/meetings/{meeting_id}/answer", asked)
    hall.do("市长", "POST", f"/meetings/{meeting_id}/invitations/{seat['id']}/permit", {"granted": True})
    assert ("财政副局长", "attend") in hall.duties(meeting_id)
    hall.do("数据局长", "POST", f"/meetings/{meeting_id}/answer", {"outcome": "attend"})
    naming = next(one for one in hall.show("会务", meeting_id)["invitations"] if one["state"] == "naming")
    named = {"post_id": hall.post("财政科员")}
    hall.do("财政文书", "POST", f"/meetings/{meeting_id}/invitations/{naming['id']}/name", named)
    for name in ("财政局长", "数据局长", "数据科员"):
        came = hall.seat(meeting_id, name)["id"]
        hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations/{came}/arrive")
    hall.held(meeting_id)
    assert hall.do("数据文书", "GET", f"/topics/{topic_id}")["state"] == "heard"

    decisions = f"/meetings/{meeting_id}/decisions"
    hall.do("会务", "POST", decisions, hall.a_decision(agenda_item_id=item_id))
    waived = hall.do("会务", "POST", decisions, hall.a_decision(text="会后印发会议材料"))
    hall.do("会务", "POST", f"/decisions/{waived['id']}/waive", {"reason": "会上已办结"})
    hall.approved(meeting_id)
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/close") == "409 meetings.minutes_not_issued"
    document_id = hall.issue(meeting_id)
    assert hall.refused("会务", "POST", f"/meetings/{meeting_id}/close") == "409 meetings.decisions_unsettled"
    task_id, _ = hall.register(meeting_id)
    hall.do("会务", "POST", f"/meetings/{meeting_id}/close")
    assert hall.duties(meeting_id) == set()
    assert hall.conclude() == 0

    now = datetime.now(UTC)
    common = {"task_id": task_id, "unit_id": hall.house.units["市政府办"]}
    hall.tell(
        told.TaskEstablished(task_id=task_id, number="萍督〔2026〕8号", doer=DOER, established_at=now),
        told.TaskLightTurned(task_id=task_id, light=told.Light.RED, turned_at=now),
        told.TaskSlipIssued(**common, colour=told.SlipColour.BLUE, to_post_id=None, reason="逾期", issued_at=now),
        told.TaskClosed(
            **common, lead_unit_id=hall.house.units["数据"], number="萍督〔2026〕8号", origin=None,
            conclusion="归档率达到83%。", in_time=False, closed_at=now,
        ),
    )  # fmt: skip
    assert hall.conclude() == 1

    shown = hall.show("会务", meeting_id)
    first = shown["decisions"][0]
    assert (shown["state"], first["task_state"], first["task_in_time"]) == ("concluded", "closed", False)
    assert [slip["colour"] for slip in first["task_slips"]] == ["blue"]
    assert hall.told(meeting_id) == [
        "meeting.called.v1", "meeting.held.v1", "meeting.closed.v1", "meeting.concluded.v1"
    ]  # fmt: skip
    _check_filed(hall, meeting_id, str(document_id), str(task_id))


def _check_filed(hall: Hall, meeting_id: str, document_id: str, task_id: str) -> None:
    with hall.house.session() as session:
        data = {
            event.key: json.loads(event.data)
            for event in session.scalars(
                sa.select(OutboxEvent).where(
                    OutboxEvent.correlation_id == session.get_one(Meeting, meeting_id).correlation_id
                )
            )
        }
    assert data["meeting.held.v1"]["present"] == 3
    assert data["meeting.held.v1"]["stand_ins"] == 1
    text = contract.from_json(hall.house.blobs.read(data["minutes.approved.v1"]["content"]["digest"]))
    assert any("由萍乡市数据局牵头，萍乡市财政局配合" in line for line in text.body)
    assert [name for name in text.present if "代财政局长" in name]
    filed = dossier.from_json(hall.house.blobs.read(data["meeting.concluded.v1"]["dossier"]["digest"]))
    assert filed.direction is dossier.Direction.MEETING
    assert {str(link.document_id) for link in filed.links} >= {document_id, task_id}
    assert filed.rendered is not None
    assert hall.house.blobs.read(filed.rendered.digest).startswith(b"%PDF")
    titles = [attachment.title for attachment in filed.attachments]
    assert titles[0] == "会议通知"
    assert any("关于加快推进电子文件归档的议题" in title for title in titles)
