"""Where people sit: the layouts, and in which order of precedence their seats are taken.

The middle comes first, then left and right in turn, as seen by whoever sits there (居中为上，左为上，右次之); that is
the custom of domestic meetings, and the layouts are design of ours. Lengths are in units of one seat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin


class Layout(StrEnum):
    """How a room is laid out."""

    THEATRE = "theatre"
    CLASSROOM = "classroom"
    U_SHAPE = "u_shape"
    ROUND_TABLE = "round_table"


LAYOUT_LABELS: Mapping[str, str] = {
    Layout.THEATRE: "剧院式",
    Layout.CLASSROOM: "课桌式",
    Layout.U_SHAPE: "U形",
    Layout.ROUND_TABLE: "圆桌",
}


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat: its name, and where its middle is; y grows away from the head of the room."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """`head` seats face the others (主席台), then `rows` of `per_row`; a U has `rows` at each side."""

    layout: Layout
    head: int = 1
    rows: int = 0
    per_row: int = 0


def seats_of(shape: Shape) -> list[Seat]:
    """All seats in order of precedence."""
    return _LAYOUTS[shape.layout](shape)


def assign(
    seats: Sequence[Seat], people: Sequence[str], fixed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Who gets which seat: those of `fixed` keep theirs, the others take the best that is left, in their order.

    Whoever finds no seat is not in the answer.
    """
    kept = {who: seat for who, seat in (fixed or {}).items() if who in people}
    free = [seat.name for seat in seats if seat.name not in kept.values()]
    waiting = [who for who in people if who not in kept]
    return {**kept, **dict(zip(waiting, free, strict=False))}


def from_the_middle(count: int) -> list[int]:
    """Places of a row, from 0 at its left as drawn, in order of precedence.

    The row is drawn as seen from below, so that the left hand of whoever faces down is at the right of the picture.
    With an even number two share the middle, the first of them at the other's right.
    """
    first = (count - 1) // 2
    places = [first]
    for distance in range(1, count):
        places += [place for place in (first + distance, first - distance) if 0 <= place < count]
    return places[:count]


def _rows(shape: Shape) -> list[Seat]:
    wide = shape.layout is Layout.CLASSROOM
    step = 1.4 if wide else 1.0
    width = max(shape.head, shape.per_row)
    head = [
        Seat(name=f"主{number}", x=_centred(place, shape.head, width, 1.4), y=0.0)
        for number, place in enumerate(from_the_middle(shape.head), start=1)
    ]
    # Those who face the head have their left hand at the left of the picture.
    order = [shape.per_row - 1 - place for place in from_the_middle(shape.per_row)] if shape.per_row else []
    rest = [
        Seat(
            name=f"{row + 1}排{place + 1}座",
            x=_centred(place, shape.per_row, width, 1.0),
            y=2.2 + row * step,
        )
        for row in range(shape.rows)
        for place in order
    ]
    return [*head, *rest]


def _u_shape(shape: Shape) -> list[Seat]:
    width = max(shape.head, 3) + 2
    head = [
        Seat(name=f"主{number}", x=_centred(place, shape.head, width, 1.0), y=0.0)
        for number, place in enumerate(from_the_middle(shape.head), start=1)
    ]
    sides = []
    for row in range(shape.rows):
        # The left of whoever sits at the head is at the right of the picture.
        sides.append(Seat(name=f"左{row + 1}", x=width - 1.0, y=1.2 + row))
        sides.append(Seat(name=f"右{row + 1}", x=0.0, y=1.2 + row))
    return [*head, *sides]


def _round_table(shape: Shape) -> list[Seat]:
    count = shape.head + shape.per_row * max(shape.rows, 1)
    radius = max(1.5, count / (2 * pi) * 1.3)
    seats = []
    for number in range(count):
        # The first has the head of the room behind; the second sits at the first's left, the third at the right.
        steps = (number + 1) // 2 * (1 if number % 2 else -1)
        angle = -pi / 2 + steps * 2 * pi / count
        seats.append(
            Seat(name=f"{number + 1}号", x=radius + radius * cos(angle), y=radius + radius * sin(angle))
        )
    return seats


def _centred(place: int, count: int, width: int, step: float) -> float:
    return (width - 1) / 2 + (place - (count - 1) / 2) * step


_LAYOUTS = {
    Layout.THEATRE: _rows,
    Layout.CLASSROOM: _rows,
    Layout.U_SHAPE: _u_shape,
    Layout.ROUND_TABLE: _round_table,
}
