"""Seats by precedence, and the picture of them."""

import pytest
from lxml import etree

from services.meetings.domain.seating import Layout, Shape, assign, from_the_middle, seats_of
from services.meetings.pictures.code import draw_code
from services.meetings.pictures.seat_plan import draw_seat_plan


def test_the_middle_comes_first_then_left_and_right_of_whoever_sits_there() -> None:
    # As drawn: whoever faces down has the left hand at the right of the picture.
    assert from_the_middle(5) == [2, 3, 1, 4, 0]
    # Of an even number the first two share the middle, the second at the first's left.
    assert from_the_middle(4) == [1, 2, 0, 3]
    assert from_the_middle(1) == [0]


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (Shape(layout=Layout.THEATRE, head=5, rows=3, per_row=8), 29),
        (Shape(layout=Layout.CLASSROOM, head=1, rows=4, per_row=6), 25),
        (Shape(layout=Layout.U_SHAPE, head=3, rows=6), 15),
        (Shape(layout=Layout.ROUND_TABLE, head=1, per_row=9), 10),
    ],
)
def test_every_layout_has_its_seats_each_at_a_place_of_its_own(shape: Shape, count: int) -> None:
    seats = seats_of(shape)
    assert len({seat.name for seat in seats}) == len(seats) == count
    assert len({(round(seat.x, 3), round(seat.y, 3)) for seat in seats}) == count
    assert all(seat.x >= 0 and seat.y >= 0 for seat in seats)


def test_the_first_of_each_row_of_a_hall_sits_in_its_middle() -> None:
    seats = seats_of(Shape(layout=Layout.THEATRE, head=1, rows=2, per_row=5))
    assert [seat.name for seat in seats[:4]] == ["主1", "1排3座", "1排2座", "1排4座"]


def test_at_a_u_and_at_a_round_table_the_second_is_at_the_left_of_the_first() -> None:
    sides = seats_of(Shape(layout=Layout.U_SHAPE, head=1, rows=2))
    assert [seat.name for seat in sides] == ["主1", "左1", "右1", "左2", "右2"]
    first, second, third = seats_of(Shape(layout=Layout.ROUND_TABLE, head=1, per_row=7))[:3]
    assert third.x < first.x < second.x


def test_whoever_was_placed_by_hand_stays_and_the_others_take_what_is_left() -> None:
    seats = seats_of(Shape(layout=Layout.U_SHAPE, head=1, rows=1))
    assert assign(seats, ["甲", "乙", "丙", "丁"], {"丙": "主1"}) == {"丙": "主1", "甲": "左1", "乙": "右1"}


def test_pictures_are_sound_xml_whatever_people_are_called() -> None:
    seat = {"seat": "主1", "x": 0.0, "y": 0.0, "name": "<王&赵>", "title": '"', "unit_name": "局"}
    drawn = draw_seat_plan("A & B <座次>", [seat])
    assert "&lt;王&amp;赵&gt;" in drawn
    for svg in (drawn, draw_seat_plan("空", []), draw_code("yiwang:sign-in?a=1&code=x", title="签到")):
        assert etree.fromstring(svg.encode()).tag == "{http://www.w3.org/2000/svg}svg"
