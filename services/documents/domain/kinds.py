"""The fifteen kinds of official document (文种) and what each one is for.

Source: 党政机关公文处理工作条例第八条. The directions are the usual reading of it, not its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.documents import errors


class Direction(StrEnum):
    """Which way a document travels between offices: 上行, 下行, 平行, or published to all (公布)."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"
    PUBLIC = "public"


@dataclass(frozen=True)
class Kind:
    """One 文种: `code` for programs, `name` for people, `title_words` what a title of this kind may end with."""

    code: str
    name: str
    applies_to: str
    directions: tuple[Direction, ...]
    other_title_words: tuple[str, ...] = ()

    @property
    def usual_form(self) -> str:
        """The layout in which it usually goes out: 信函格式 for a 函, 纪要格式 for a 纪要, else 文件格式."""
        return _USUAL_FORMS.get(self.code, "document")

    @property
    def title_words(self) -> tuple[str, ...]:
        return (self.name, *self.other_title_words)


# Kinds that have a layout of their own in GB/T 9704-2012; all others go out under the red head.
_USUAL_FORMS: Mapping[str, str] = MappingProxyType({"letter": "letter", "minutes": "minutes"})
_UP, _DOWN, _LEVEL, _PUBLIC = Direction.UP, Direction.DOWN, Direction.LEVEL, Direction.PUBLIC

KINDS: tuple[Kind, ...] = (
    Kind("resolution", "决议", "会议讨论通过的重大决策事项", (_DOWN,)),
    Kind("decision", "决定", "对重要事项作出决策和部署、奖惩、变更或撤销下级不适当的决定", (_DOWN,)),
    Kind(
        "order",
        "命令",
        "公布行政法规和规章、宣布施行重大强制性措施、批准授予和晋升衔级、嘉奖",
        (_DOWN,),
        ("令",),
    ),
    Kind("communique", "公报", "公布重要决定或者重大事项", (_PUBLIC,)),
    Kind("proclamation", "公告", "向国内外宣布重要事项或法定事项", (_PUBLIC,)),
    Kind("public_notice", "通告", "在一定范围内公布应当遵守或周知的事项", (_PUBLIC,)),
    Kind("opinion", "意见", "对重要问题提出见解和处理办法", (_UP, _DOWN, _LEVEL)),
    Kind("notice", "通知", "发布、传达要求下级执行和有关单位周知或执行的事项，批转、转发公文", (_DOWN,)),
    Kind("bulletin", "通报", "表彰先进、批评错误、传达重要精神和告知重要情况", (_DOWN,)),
    Kind("report", "报告", "向上级汇报工作、反映情况、回复询问", (_UP,)),
    Kind("request", "请示", "向上级请求指示、批准", (_UP,)),
    Kind("reply", "批复", "答复下级请示事项", (_DOWN,)),
    Kind("bill", "议案", "各级政府依法律程序向同级人大或其常委会提请审议事项", (_UP, _LEVEL)),
    Kind("letter", "函", "不相隶属机关之间商洽、询问和答复、请求批准和答复审批事项", (_LEVEL,)),
    Kind("minutes", "纪要", "记载会议主要情况和议定事项", (_DOWN, _LEVEL)),
)

BY_CODE: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in KINDS})
_BY_WORD = MappingProxyType(
    {word: kind for kind in KINDS for word in kind.title_words} | {"命令(令)": BY_CODE["order"]}
)

# Kinds that a meeting may pass, so that they are dated on its day instead of the signing (成文日期).
PASSED_BY_MEETINGS: frozenset[str] = frozenset(
    {"resolution", "decision", "communique", "proclamation", "minutes"}
)

# Papers that offices often take for a kind. They have no standing of their own and go out under a 通知.
RIDE_ON_NOTICE: frozenset[str] = frozenset({"方案", "办法", "总结"})


def find_kind(word: str) -> Kind | None:
    """The kind with this code (`request`) or Chinese name (请示), or none."""
    word = word.strip().replace("（", "(").replace("）", ")")
    return BY_CODE.get(word) or _BY_WORD.get(word)


def get_kind(word: str) -> Kind:
    """The kind with this code or Chinese name; a 方案, 办法 or 总结 is refused with the way to issue it.

    Raises `documents.rides_on_notice` or `documents.unknown_kind`.
    """
    if kind := find_kind(word):
        return kind
    if word.strip() in RIDE_ON_NOTICE:
        raise errors.rides_on_notice(word.strip())
    raise errors.unknown_kind(word, known=[kind.name for kind in KINDS])
