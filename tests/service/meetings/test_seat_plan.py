"""Seat plans and name plates over HTTP."""

import io

from lxml import etree
from pypdf import PdfReader

from tests.service.meetings.house import Hall

HALL = {"layout": "theatre", "head": 1, "rows": 1, "per_row": 3}


def test_people_are_placed_by_precedence_and_moved_by_hand(hall: Hall) -> None:
    meeting_id = hall.called("数据科员", "数据局长", "财政局长")
    plan = f"/meetings/{meeting_id}/seat-plan"
    assert hall.ask("数据局长", "PUT", plan, json=HALL).status_code == 403
    assert hall.refused("会务", "GET", plan) == "404 meetings.seat_plan_not_found"
    assert hall.refused("会务", "PUT", plan, {**HALL, "per_row": 2}) == "422 meetings.seats_too_few"

    made = hall.do("会务", "PUT", plan, HALL)
    names = {one["seat"]: one["name"] for one in made["seats"]}
    # The chair, then by the order of units and of posts in the directory: the middle, its left, its right.
    assert names == {"主1": "市长", "1排2座": "财政局长", "1排1座": "数据局长", "1排3座": "数据科员"}

    clerk = next(one for one in made["seats"] if one["name"] == "数据科员")
    moved = {"occupant_id": clerk["occupant_id"], "seat": "1排2座"}
    stale = hall.ask("会务", "POST", f"{plan}/seats", json=moved, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    swapped = hall.do("会务", "POST", f"{plan}/seats", moved, headers={"If-Match": f'"{made["revision"]}"'})
    assert {one["seat"]: one["name"] for one in swapped["seats"]}["1排3座"] == "财政局长"
    assert hall.refused("会务", "POST", f"{plan}/seats", {**moved, "seat": "9排9座"}) == (
        "422 meetings.seat_unknown"
    )
    stranger = {"occupant_id": meeting_id, "seat": "主1"}
    assert hall.refused("会务", "POST", f"{plan}/seats", stranger) == "422 meetings.occupant_unknown"

    again = hall.do("会务", "PUT", plan, {**HALL, "layout": "classroom"})
    assert {one["seat"]: one["name"] for one in again["seats"] if one["by_hand"]} == {
        "1排2座": "数据科员",
        "1排3座": "财政局长",
    }
    fresh = hall.do("会务", "PUT", plan, {**HALL, "keep_by_hand": False})
    assert {one["seat"]: one["name"] for one in fresh["seats"]} == names


def test_whoever_is_invited_later_is_shown_as_unplaced_and_everybody_invited_sees_the_picture(
    hall: Hall,
) -> None:
    meeting_id = hall.called("财政局长")
    plan = f"/meetings/{meeting_id}/seat-plan"
    hall.do("会务", "PUT", plan, {"layout": "round_table", "head": 1, "per_row": 5})
    later = {"invitees": [{"post_id": hall.post("数据局长")}]}
    hall.do("会务", "POST", f"/meetings/{meeting_id}/invitations", later)
    assert [one["name"] for one in hall.do("会务", "GET", plan)["unplaced"]] == ["数据局长"]
    drawn = hall.ask("财政局长", "GET", f"{plan}/picture")
    assert etree.fromstring(drawn.content).tag.endswith("svg")
    assert "财政局长" in drawn.text
    assert hall.ask("财政文书", "GET", f"{plan}/picture").status_code == 404


def test_name_plates_are_a_page_for_each(hall: Hall) -> None:
    meeting_id = hall.called("财政局长", "数据局长")
    printed = hall.ask("会务", "GET", f"/meetings/{meeting_id}/name-plates")
    assert printed.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(printed.content)).pages
    assert len(pages) == 3
    assert pages[1].extract_text().replace("\n", "").count("财政局长") == 2
