"""What is done to an application for a bundle as a whole, and what people have to do about it."""

from collections.abc import Mapping
from enum import StrEnum

from services.affairs.domain.bundles import BundleState


class BundleVerb(StrEnum):
    """What is done to an application, as its history keeps it."""

    APPLY = "apply"
    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete_materials"
    ACCEPT = "accept"
    REFUSE = "refuse"
    BEGIN_PART = "begin_part"
    END_PART = "end_part"
    BLOCK_PART = "block_part"
    FALL_OVERDUE = "fall_overdue"
    WITHDRAW = "withdraw"
    FINISH = "finish"

    @property
    def label(self) -> str:
        return VERB_LABELS[self]


VERB_LABELS: Mapping[BundleVerb, str] = {
    BundleVerb.APPLY: "申请",
    BundleVerb.ASK_COMPLETION: "一次性告知补正",
    BundleVerb.COMPLETE: "补正",
    BundleVerb.ACCEPT: "受理",
    BundleVerb.REFUSE: "不予受理",
    BundleVerb.BEGIN_PART: "开始办理",
    BundleVerb.END_PART: "事项办结",
    BundleVerb.BLOCK_PART: "事项不再办理",
    BundleVerb.FALL_OVERDUE: "超期",
    BundleVerb.WITHDRAW: "撤回申请",
    BundleVerb.FINISH: "全部办结",
}
_MOVES: Mapping[BundleVerb, Mapping[BundleState, BundleState]] = {
    BundleVerb.ASK_COMPLETION: {BundleState.CHECKING: BundleState.COMPLETING},
    BundleVerb.COMPLETE: {BundleState.COMPLETING: BundleState.CHECKING},
    BundleVerb.ACCEPT: {BundleState.CHECKING: BundleState.UNDER_WAY},
    BundleVerb.REFUSE: {
        BundleState.CHECKING: BundleState.NOT_ACCEPTED,
        BundleState.COMPLETING: BundleState.NOT_ACCEPTED,
    },
    BundleVerb.WITHDRAW: {
        BundleState.CHECKING: BundleState.WITHDRAWN,
        BundleState.COMPLETING: BundleState.WITHDRAWN,
        BundleState.UNDER_WAY: BundleState.WITHDRAWN,
    },
    BundleVerb.FINISH: {BundleState.UNDER_WAY: BundleState.FINISHED},
}


def state_after(state: BundleState, verb: BundleVerb) -> BundleState | None:
    """The state after this act, or None where it has no place."""
    return _MOVES[verb].get(state)


class BundleStep(StrEnum):
    """The duties about an application as a whole."""

    CHECK = "check_bundle"
    COMPLETE = "complete_bundle"

    @property
    def label(self) -> str:
        return {"check_bundle": "一件事受理审查", "complete_bundle": "补正一件事材料"}[self]


def bundle_series(unit_id: object, year: int) -> str:
    """The series of an organ's applications of a year."""
    return f"bundle:{unit_id}:{year}"


def bundle_number(year: int, sequence: int) -> str:
    """The number of an application: YJS-2026-000012."""
    return f"YJS-{year}-{sequence:06d}"
