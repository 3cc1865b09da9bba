"""What may be scored in an assessment (督考合一), and what must never be.

The defaults follow a published local scoring example; those marked 本系统设定 are design of ours. The rules on easing
the load of lower units (《整治形式主义为基层减负若干规定》, 2024) forbid to judge work by meetings held, papers issued,
photographs and traces kept (开会发文、拍照留痕), or by forms filled in again and again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

_EXAMPLE = "各地公开的督考合一评分办法"
_OWN = "本系统设定"
GUARD = "《整治形式主义为基层减负若干规定》（2024年）"


class Item(StrEnum):
    """A row of the scoring rules; the first ones come from events, the last ones from what an assessor finds."""

    PLAN_MISSING = "plan_missing"
    PLAN_WITHOUT_GOALS = "plan_without_goals"
    FEEDBACK_MISSING = "feedback_missing"
    LEADER_RATING = "leader_rating"
    SIGNED_LATE = "signed_late"
    FEEDBACK_LATE = "feedback_late"
    CLOSED_LATE = "closed_late"
    SENT_BACK = "sent_back"
    ORANGE_SLIP = "orange_slip"
    RED_SLIP = "red_slip"
    REPORT_MISSING = "report_missing"
    REPORT_EMPTY = "report_empty"
    FEEDBACK_EMPTY = "feedback_empty"
    MEETING_ABSENT = "meeting_absent"


FOUND = frozenset({Item.REPORT_MISSING, Item.REPORT_EMPTY, Item.FEEDBACK_EMPTY, Item.MEETING_ABSENT})


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """One row: points off each time, up to `most_each` where an assessor weighs it, at most `most` in a period."""

    code: Item
    title: str
    points: Decimal
    most_each: Decimal
    most: Decimal | None
    source: str


@dataclass(frozen=True, kw_only=True)
class ScoringRules:
    """The rules of one day, and which version of them: `revision` 0 is the shipped default."""

    base: Decimal
    plan_days: int
    rows: Mapping[Item, RuleRow]
    revision: int = 0
    subject: str = ""


def _row(
    code: Item,
    title: str,
    points: int,
    *,
    most_each: int = 0,
    most: int | None = None,
    source: str = _EXAMPLE,
) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "code": code.value,
            "title": title,
            "points": points,
            "most_each": most_each or points,
            "most": most,
            "source": source,
        }
    )


DEFAULT_ROWS: tuple[Mapping[str, object], ...] = (
    _row(Item.PLAN_MISSING, "未报督查方案", 10, most=10),
    _row(Item.PLAN_WITHOUT_GOALS, "督查方案无阶段目标", 5, most=5),
    _row(Item.REPORT_MISSING, "未报季度、半年或年度报告", 10),
    _row(Item.REPORT_EMPTY, "报告无实质内容", 5, most_each=10),
    _row(Item.MEETING_ABSENT, "未参加督查工作会议", 5),
    _row(Item.LEADER_RATING, "领导评价", 20),
    _row(Item.FEEDBACK_MISSING, "列督事项未反馈", 10),
    _row(Item.FEEDBACK_EMPTY, "列督事项反馈无实质内容", 5),
    _row(Item.SIGNED_LATE, "逾期签收", 2, source=_OWN),
    _row(Item.FEEDBACK_LATE, "逾期反馈", 2, source=_OWN),
    _row(Item.CLOSED_LATE, "逾期办结", 5, source=_OWN),
    _row(Item.SENT_BACK, "办结申请被退回重办", 3, source=_OWN),
    _row(Item.ORANGE_SLIP, "被发橙色督办单", 3, source=_OWN),
    _row(Item.RED_SLIP, "被发红色督办单", 5, source=_OWN),
)

# The reason of a finding may well mention a paper, so that there only what is plainly a count or a trace is refused.
_NEVER_A_ROW = re.compile(
    "开会|会议(次|数|频)|发文|文件(数|篇)|拍照|照片|截图|留痕|打卡|台账|填表|报表(数|次)|转发|点赞"
)
_NEVER_A_REASON = re.compile("(开会|会议|发文)(次数|数量|少|不够)|拍照|照片|截图|留痕|打卡|点赞")


def forbidden_in_row(title: str) -> str:
    """What in the title of a row must not be scored; empty when it may be."""
    found = _NEVER_A_ROW.search(title)
    return found.group() if found else ""


def forbidden_in_reason(reason: str) -> str:
    """What in the reason of a finding must not be scored; empty when it may be."""
    found = _NEVER_A_REASON.search(reason)
    return found.group() if found else ""
