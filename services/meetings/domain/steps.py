"""The steps that somebody has work at: their stable ids, and the names that an inbox shows."""

from enum import StrEnum
from typing import Final

# What a delegation calls this service's work.
WORK_KIND: Final = "meetings"


class Step(StrEnum):
    """What somebody has to do about a topic, a call for topics or a meeting."""

    ADVISE = "advise"
    APPROVE_MINUTES = "approve_minutes"
    APPROVE_TOPIC = "approve_topic"
    ATTEND = "attend"
    CALLED_FOR = "called_for"
    CLOSE = "close"
    DRAFT_TOPIC = "draft_topic"
    GRANT_ADDITION = "grant_addition"
    MINUTES = "minutes"
    NAME = "name"
    PERMIT = "permit"
    PREPARE = "prepare"
    REPLY = "reply"
    RUN = "run"
    SCHEDULE = "schedule"
    SCREEN_TOPIC = "screen_topic"
    TOLD = "told"
    WAIVE = "waive"

    @property
    def label(self) -> str:
        return STEP_LABELS[self]


# What those do who organise the meeting.
ORGANISERS = (Step.PREPARE, Step.RUN, Step.MINUTES, Step.CLOSE, Step.WAIVE)
# What waits for the word of the chair.
CHAIRS = (Step.APPROVE_MINUTES, Step.GRANT_ADDITION)
STEP_LABELS: dict[Step, str] = {
    Step.ADVISE: "反馈意见",
    Step.APPROVE_MINUTES: "审定纪要",
    Step.APPROVE_TOPIC: "审定议题",
    Step.ATTEND: "参会",
    Step.CALLED_FOR: "征集议题",
    Step.CLOSE: "办结会议",
    Step.DRAFT_TOPIC: "草拟议题",
    Step.GRANT_ADDITION: "审定增加议题、材料",
    Step.MINUTES: "起草纪要",
    Step.NAME: "参会报名",
    Step.PERMIT: "审批请假替会",
    Step.PREPARE: "筹备会议",
    Step.REPLY: "会议回执",
    Step.RUN: "会议会务",
    Step.SCHEDULE: "安排上会",
    Step.SCREEN_TOPIC: "审核议题",
    Step.TOLD: "会议告知",
    Step.WAIVE: "登记免督理由",
}
