"""Nothing is added to a frozen meeting without the chair's recorded leave, whichever way it comes in."""

from typing import Any

import pytest

from tests.service.meetings.house import Hall

WRITING = {"post", "put", "patch", "delete"}
# What may bring something new to the table, with what it is asked with.
ADDING = {
    "post /meetings/{meeting_id}/agenda",
    "put /meetings/{meeting_id}/agenda",
    "post /meetings/{meeting_id}/files",
    "put /meetings/{meeting_id}",
    "post /topics/{topic_id}/files",
    "put /topics/{topic_id}",
    "post /topics/{topic_id}/submit",
    "post /topics/{topic_id}/advice",
    "post /topics/{topic_id}/advice/give",
}
# The chair's own leave, people and seats, what is said in the meeting and after it, and what only takes away or waits.
ADDING_NOTHING = {
    "post /meetings/{meeting_id}/agenda/{item_id}/leave",
    "post /meetings/{meeting_id}/files/{file_id}/leave",
    "post /meetings/{meeting_id}/freeze",
    "post /meetings/{meeting_id}/call",
    "post /meetings/{meeting_id}/reschedule",
    "post /meetings/{meeting_id}/cancel",
    "post /meetings/{meeting_id}/chair",
    "post /meetings/{meeting_id}/begin",
    "post /meetings/{meeting_id}/end",
    "post /meetings/{meeting_id}/close",
    "post /meetings/{meeting_id}/invitations",
    "post /meetings/{meeting_id}/invitations/{invitation_id}/remove",
    "post /meetings/{meeting_id}/invitations/{invitation_id}/name",
    "post /meetings/{meeting_id}/invitations/{invitation_id}/permit",
    "post /meetings/{meeting_id}/invitations/{invitation_id}/arrive",
    "post /meetings/{meeting_id}/invitations/{invitation_id}/attendance",
    "post /meetings/{meeting_id}/answer",
    "post /meetings/{meeting_id}/open",
    "post /meetings/{meeting_id}/sign-in/open",
    "post /meetings/{meeting_id}/sign-in/scan",
    "put /meetings/{meeting_id}/seat-plan",
    "post /meetings/{meeting_id}/seat-plan/seats",
    "post /meetings/{meeting_id}/agenda/{item_id}/outcome",
    "post /meetings/{meeting_id}/decisions",
    "post /meetings/{meeting_id}/minutes",
    "put /meetings/{meeting_id}/minutes",
    "post /meetings/{meeting_id}/minutes/compose",
    "post /meetings/{meeting_id}/minutes/submit",
    "post /meetings/{meeting_id}/minutes/decide",
    "post /meetings/{meeting_id}/agenda/{item_id}/remove",
    "delete /meetings/{meeting_id}/files/{file_id}",
    "delete /topics/{topic_id}/files/{file_id}",
    "post /topics/{topic_id}/screen",
    "post /topics/{topic_id}/approve",
    "post /topics/{topic_id}/postpone",
    "post /topics/{topic_id}/take-up",
    "post /topics/{topic_id}/withdraw",
}
PAPER = {"file": ("补充.txt", "补充材料。".encode())}


@pytest.fixture
def frozen(hall: Hall) -> tuple[str, str]:
    """A called meeting and the topic on its agenda."""
    topic_id, meeting_id = hall.approved_topic(unit_ids_involved=[hall.unit("财政")]), hall.meeting()
    hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"topic_id": topic_id})
    invitees = [{"post_id": hall.post("数据局长")}]
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})
    hall.call(meeting_id)
    return meeting_id, topic_id


def _on_the_table(hall: Hall, meeting_id: str) -> list[str]:
    """What somebody invited sees there: points, and papers of all."""
    shown = hall.show("数据局长", meeting_id)
    papers = [*shown["files"], *(file for item in shown["agenda"] for file in item["files"])]
    return sorted([item["title"] for item in shown["agenda"]] + [file["name"] for file in papers])


def _send(hall: Hall, by: str, path: str, **fields: str) -> Any:
    return hall.ask(by, "POST", path, files=PAPER, data=fields)


def test_every_way_to_write_on_a_meeting_or_a_topic_is_known_to_add_or_not(hall: Hall) -> None:
    paths = hall.ask("会务", "GET", "/openapi.json").json()["paths"]
    written = {
        f"{method} {path}"
        for path, methods in paths.items()
        if path.startswith(("/meetings/{", "/topics/{"))
        for method in methods.keys() & WRITING
    }
    assert written == ADDING | ADDING_NOTHING


def test_what_is_frozen_is_neither_changed_nor_added_to(hall: Hall, frozen: tuple[str, str]) -> None:
    meeting_id, topic_id = frozen
    before = _on_the_table(hall, meeting_id)
    meeting, topic = f"/meetings/{meeting_id}", f"/topics/{topic_id}"
    items = [item["id"] for item in hall.show("会务", meeting_id)["agenda"]]
    tried = {
        "post /meetings/{meeting_id}/agenda": hall.refused("会务", "POST", f"{meeting}/agenda", {"title": "某事"}),
        "put /meetings/{meeting_id}/agenda": hall.refused("会务", "PUT", f"{meeting}/agenda", {"item_ids": items}),
        "put /meetings/{meeting_id}": hall.refused("会务", "PUT", meeting, {"purpose": "另加一事"}),
        "put /topics/{topic_id}": hall.refused("数据文书", "PUT", topic, {"content": "另加内容"}),
        "post /topics/{topic_id}/submit": hall.refused("数据文书", "POST", f"{topic}/submit"),
        "post /topics/{topic_id}/advice": hall.refused(
            "数据文书", "POST", f"{topic}/advice", {"unit_ids": [hall.unit("财政")]}
        ),
        "post /topics/{topic_id}/advice/give": hall.refused(
            "财政文书", "POST", f"{topic}/advice/give", {"stance": "agree"}
        ),
        "post /meetings/{meeting_id}/files": _send(hall, "会务", f"{meeting}/files").json()["code"],
        "post /topics/{topic_id}/files": _send(hall, "数据文书", f"{topic}/files").json()["code"],
    }  # fmt: skip
    assert tried == {
        "post /meetings/{meeting_id}/agenda": "422 meetings.reason_missing",
        "put /meetings/{meeting_id}/agenda": "409 meetings.agenda_frozen",
        "put /meetings/{meeting_id}": "409 meetings.act_not_possible",
        "put /topics/{topic_id}": "409 meetings.act_not_possible",
        "post /topics/{topic_id}/submit": "409 meetings.act_not_possible",
        "post /topics/{topic_id}/advice": "409 meetings.act_not_possible",
        "post /topics/{topic_id}/advice/give": "404 meetings.topic_not_found",
        "post /meetings/{meeting_id}/files": "meetings.reason_missing",
        "post /topics/{topic_id}/files": "meetings.papers_frozen",
    }
    assert tried.keys() == ADDING
    assert _on_the_table(hall, meeting_id) == before


def test_a_paper_of_a_frozen_meeting_is_nobodys_to_read_until_the_chair_agrees(
    hall: Hall, frozen: tuple[str, str]
) -> None:
    meeting_id, _ = frozen
    files, before = f"/meetings/{meeting_id}/files", _on_the_table(hall, meeting_id)
    asked = _send(hall, "会务", files, reason="上级新发文件").json()
    assert asked["leave"] == "asked"
    assert ("市长", "grant_addition") in hall.duties(meeting_id)
    assert _on_the_table(hall, meeting_id) == before
    assert hall.ask("数据局长", "GET", f"{files}/{asked['id']}/content").status_code == 404
    assert hall.ask("市长", "GET", f"{files}/{asked['id']}/content").text == "补充材料。"

    leave = f"{files}/{asked['id']}/leave"
    assert hall.refused("副市长", "POST", leave, {"granted": True}) == "403 meetings.not_chair"
    granted = hall.do("市长", "POST", leave, {"granted": True, "opinion": "同意"})
    (paper,) = [file for file in granted["files"] if file["role"] == "paper"]
    assert (paper["leave"], paper["leave_reason"]) == ("granted", "上级新发文件")
    assert (paper["leave_by_name"], paper["leave_opinion"]) == ("市长", "同意")
    assert ("市长", "grant_addition") not in hall.duties(meeting_id)
    assert _on_the_table(hall, meeting_id) == sorted([*before, "补充.txt"])
    assert hall.refused("市长", "POST", leave, {"granted": True}) == "409 meetings.act_not_possible"
    history = hall.do("会务", "GET", f"/meetings/{meeting_id}/history?limit=200")["items"]
    assert [act["verb"] for act in history if act["verb"].endswith("_paper")] == ["ask_paper", "grant_paper"]


def test_a_paper_is_replaced_only_with_leave_and_a_refusal_stays_on_record(
    hall: Hall, frozen: tuple[str, str]
) -> None:
    meeting_id, _ = frozen
    files = f"/meetings/{meeting_id}/files"
    first = _send(hall, "会务", files, reason="补充").json()
    hall.do("市长", "POST", f"{files}/{first['id']}/leave", {"granted": True})
    hall.do("会务", "DELETE", f"{files}/{first['id']}")
    without = _on_the_table(hall, meeting_id)
    assert _send(hall, "会务", files).json()["code"] == "meetings.reason_missing"
    second = _send(hall, "会务", files, reason="更正数据").json()
    leave = f"{files}/{second['id']}/leave"
    assert hall.refused("市长", "POST", leave, {"granted": False}) == "422 meetings.reason_missing"
    hall.do("市长", "POST", leave, {"granted": False, "opinion": "按原稿讨论"})
    assert _on_the_table(hall, meeting_id) == without
    assert hall.refused("会务", "DELETE", f"{files}/{second['id']}") == "409 meetings.act_not_possible"
    (kept,) = [file for file in hall.show("会务", meeting_id)["files"] if file["role"] == "paper"]
    assert (kept["leave"], kept["leave_opinion"]) == ("refused", "按原稿讨论")


def test_the_chairs_work_lasts_until_the_last_answer_and_what_is_unanswered_is_not_added(
    hall: Hall, frozen: tuple[str, str]
) -> None:
    meeting_id, _ = frozen
    files = f"/meetings/{meeting_id}/files"
    point = {"title": "临时事项", "reason": "紧急"}
    agenda = hall.do("会务", "POST", f"/meetings/{meeting_id}/agenda", point)["agenda"]
    item = next(one["id"] for one in agenda if one["state"] == "asked")
    papers = [_send(hall, "会务", files, reason="紧急").json()["id"] for _ in range(2)]
    hall.do("市长", "POST", f"/meetings/{meeting_id}/agenda/{item}/leave", {"granted": True})
    assert ("市长", "grant_addition") in hall.duties(meeting_id)
    hall.do("会务", "DELETE", f"{files}/{papers[0]}")
    assert ("市长", "grant_addition") in hall.duties(meeting_id)
    hall.held(meeting_id)
    assert ("市长", "grant_addition") not in hall.duties(meeting_id)
    (kept,) = [file for file in hall.show("会务", meeting_id)["files"] if file["role"] == "paper"]
    assert (kept["id"], kept["leave"], kept["leave_by_name"]) == (papers[1], "refused", "")
