"""Kinds of meetings (全体会 … 视频会) and their classes by the cost rule (财行〔2016〕214号)."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of meeting it is; the value is its Chinese name."""

    PLENARY = "全体会"
    EXECUTIVE = "常务会"
    PARTY_GROUP = "党组会"
    SPECIAL = "专题会"
    COORDINATION = "协调会"
    DISPATCHING = "调度会"
    VIDEO = "视频会"


class Grade(StrEnum):
    """Class by the cost rule; an ordinary working meeting has none."""

    FIRST = "一类"
    SECOND = "二类"
    THIRD = "三类"
    FOURTH = "四类"


COMPREHENSIVE = "系统综合性会议"
QUOTA_KEYS = (*(kind.value for kind in Kind), COMPREHENSIVE)


def quota_keys(kind: str, *, comprehensive: bool) -> tuple[str, ...]:
    """Under which heads of the yearly plan a meeting counts."""
    return (kind, COMPREHENSIVE) if comprehensive else (kind,)
