"""The first draft of minutes (纪要), put together from the agenda, its outcome and the decisions.

A discussion or one person's speech is not written down as a decision: only what was recorded as one is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.clock import LOCAL_ZONE

_FIGURES = "〇一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class DecidedLine:
    """A decision as minutes name it."""

    text: str
    lead: str
    assistants: Sequence[str]
    due_on: date


@dataclass(frozen=True, kw_only=True)
class HeardItem:
    """A point of the agenda with what was decided on it; `reporter` is the unit that reported."""

    title: str
    reporter: str
    postponed: bool
    note: str
    decisions: Sequence[DecidedLine]


@dataclass(frozen=True, kw_only=True)
class HeldMeeting:
    """What the first paragraph says."""

    title: str
    began_at: datetime
    place: str
    chair: str
    items: Sequence[HeardItem]
    other_decisions: Sequence[DecidedLine] = ()


def minutes_title(title: str) -> str:
    """The title of the 纪要 of a meeting so called."""
    return title if title.endswith("纪要") else f"{title}纪要"


def first_draft(meeting: HeldMeeting) -> list[str]:
    """The paragraphs: where and when, then each point with what was decided."""
    day = meeting.began_at.astimezone(LOCAL_ZONE)
    count = len(meeting.items)
    about = f"，研究了 {count} 个事项" if count else ""
    opening = (
        f"{day.year}年{day.month}月{day.day}日，{meeting.chair}在{meeting.place}主持召开{meeting.title}{about}。"
        "现将会议议定事项纪要如下："
    )
    paragraphs = [opening]
    for number, item in enumerate(meeting.items, start=1):
        paragraphs += _item(number, item)
    if meeting.other_decisions:
        paragraphs.append(f"{numeral(len(meeting.items) + 1)}、其他事项")
        paragraphs += _decisions(meeting.other_decisions)
    return paragraphs


def numeral(number: int) -> str:
    """1 to 99 as the headings of official documents count (一, 十二, 二十三)."""
    if number <= 10:
        return _FIGURES[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _FIGURES[tens]) + "十" + (_FIGURES[ones] if ones else "")


def decision_line(decision: DecidedLine) -> str:
    """A decision in one sentence or two: what, who, with whom, until when."""
    text = decision.text.rstrip("。；;")
    helpers = f"，{'、'.join(decision.assistants)}配合" if decision.assistants else ""
    due = decision.due_on
    return f"{text}。由{decision.lead}牵头{helpers}，于{due.year}年{due.month}月{due.day}日前完成。"


def _item(number: int, item: HeardItem) -> list[str]:
    head = f"{numeral(number)}、{item.title}"
    if item.postponed:
        return [head, f"会议决定缓议{f'：{item.note}' if item.note else ''}。"]
    heard = f"会议听取了{item.reporter}的汇报。" if item.reporter else "会议研究了该事项。"
    return [head, heard, *_decisions(item.decisions)]


def _decisions(decisions: Sequence[DecidedLine]) -> list[str]:
    if not decisions:
        return []
    if len(decisions) == 1:
        return [f"会议议定：{decision_line(decisions[0])}"]
    lines = [f"（{numeral(at)}）{decision_line(one)}" for at, one in enumerate(decisions, start=1)]
    return ["会议议定以下事项：", *lines]
