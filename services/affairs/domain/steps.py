"""What people have to do about a case outside its flow: from the check at the window to the rating."""

from collections.abc import Mapping
from enum import StrEnum

# What a delegation calls this service's work.
WORK_KIND = "affairs"
# The step of every flow that decides, and its two outcomes.
DECIDE = "decide"
GRANT, REFUSE = "grant", "refuse"
# The step of the joint flow that departments do side by side.
JOINT = "joint"
FLOW_PREFIX = "case-"


class DutyStep(StrEnum):
    """Steps that are the same for every matter; the flow between acceptance and decision is the matter's own."""

    CHECK = "check"
    COMPLETE = "complete_materials"
    SUPPLY = "supply"
    DELIVER = "deliver"
    INSPECT = "inspect"
    RATE = "rate"

    @property
    def label(self) -> str:
        return _NAMES[self]


_NAMES: Mapping[DutyStep, str] = {
    DutyStep.CHECK: "受理审查",
    DutyStep.COMPLETE: "补正材料",
    DutyStep.SUPPLY: "补交容缺材料",
    DutyStep.DELIVER: "送达结果",
    DutyStep.INSPECT: "核查承诺",
    DutyStep.RATE: "评价",
}
DUTY_STEPS = frozenset(step.value for step in DutyStep)
