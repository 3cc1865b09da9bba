"""What a task can wait for, as work items name it, and which post has to do it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.supervision.domain.states import State, Verb
from shared.permissions import Permission

# What delegations call this service's work.
WORK_KIND = "supervision"


class Step(StrEnum):
    """The id of a waiting step; it never changes."""

    PROPOSE = "propose"
    APPROVE = "approve"
    ASSIGN = "assign"
    SIGN_FOR = "sign_for"
    HANDLE = "handle"
    ASSIST = "assist"
    DECIDE_RETURN = "decide_return"
    DECIDE_EXTENSION = "decide_extension"
    REVIEW = "review"
    SHOW = "show"
    RATE = "rate"
    SLIP = "slip"


STEP_NAMES: Mapping[Step, str] = MappingProxyType(
    {
        Step.PROPOSE: "拟办",
        Step.APPROVE: "立项审批",
        Step.ASSIGN: "交办",
        Step.SIGN_FOR: "签收",
        Step.HANDLE: "承办",
        Step.ASSIST: "协办",
        Step.DECIDE_RETURN: "退回审核",
        Step.DECIDE_EXTENSION: "延期审批",
        Step.REVIEW: "办结审核",
        Step.SHOW: "领导审阅",
        Step.RATE: "评价",
        Step.SLIP: "督办单阅知",
    }
)
# What a post must be allowed to get a step. Whoever gave an instruction rates by that, and whoever split a task
# reviews its parts: they need no permission for it.
STEP_PERMISSIONS: Mapping[Step, Permission] = MappingProxyType(
    {
        Step.PROPOSE: Permission.SUPERVISION_REGISTER,
        Step.APPROVE: Permission.SUPERVISION_APPROVE,
        Step.ASSIGN: Permission.SUPERVISION_REGISTER,
        Step.SIGN_FOR: Permission.SUPERVISION_HANDLE,
        Step.HANDLE: Permission.SUPERVISION_HANDLE,
        Step.ASSIST: Permission.SUPERVISION_HANDLE,
        Step.DECIDE_RETURN: Permission.SUPERVISION_REGISTER,
        Step.DECIDE_EXTENSION: Permission.SUPERVISION_APPROVE,
        Step.REVIEW: Permission.SUPERVISION_REGISTER,
        Step.SHOW: Permission.SUPERVISION_APPROVE,
    }
)
# Nobody decides on what one asked for oneself, by these.
ASKED_BY: Mapping[Step, Verb] = MappingProxyType(
    {
        Step.DECIDE_RETURN: Verb.ASK_RETURN,
        Step.DECIDE_EXTENSION: Verb.ASK_EXTENSION,
        Step.REVIEW: Verb.ASK_CLOSURE,
    }
)
# Which open step makes a verb the holder's to do.
STEP_OF_VERB: Mapping[Verb, tuple[Step, ...]] = MappingProxyType(
    {
        Verb.PROPOSE: (Step.PROPOSE,),
        Verb.APPROVE: (Step.APPROVE,),
        Verb.REJECT: (Step.APPROVE,),
        Verb.ASSIGN: (Step.ASSIGN,),
        Verb.SIGN_FOR: (Step.SIGN_FOR,),
        Verb.ASK_RETURN: (Step.SIGN_FOR,),
        Verb.GRANT_RETURN: (Step.DECIDE_RETURN,),
        Verb.REFUSE_RETURN: (Step.DECIDE_RETURN,),
        Verb.HAND_OVER: (Step.HANDLE,),
        Verb.PLAN: (Step.HANDLE,),
        Verb.FEED_BACK: (Step.HANDLE,),
        Verb.ASK_EXTENSION: (Step.HANDLE,),
        Verb.ASK_CLOSURE: (Step.HANDLE,),
        Verb.ASSIST: (Step.ASSIST,),
        Verb.GRANT_EXTENSION: (Step.DECIDE_EXTENSION,),
        Verb.REFUSE_EXTENSION: (Step.DECIDE_EXTENSION,),
        Verb.PASS_REVIEW: (Step.REVIEW,),
        Verb.SEND_BACK: (Step.REVIEW, Step.SHOW),
        Verb.CLOSE: (Step.SHOW,),
        Verb.RATE: (Step.RATE,),
        Verb.READ: (Step.SLIP,),
    }
)
# What the supervising organ's staff does without an item of its own.
BY_STAFF = (Verb.REVISE, Verb.REMIND, Verb.ISSUE_SLIP, Verb.SUSPEND, Verb.RESUME, Verb.CANCEL)
# What a task waits for where it stands.
STEP_OF_STATE: Mapping[State, Step] = MappingProxyType(
    {
        State.REGISTERED: Step.PROPOSE,
        State.PROPOSED: Step.APPROVE,
        State.ESTABLISHED: Step.ASSIGN,
        State.ASSIGNED: Step.SIGN_FOR,
        State.RETURNING: Step.DECIDE_RETURN,
        State.WORKING: Step.HANDLE,
        State.REVIEWING: Step.REVIEW,
        State.SHOWING: Step.SHOW,
        State.CLOSED: Step.RATE,
    }
)
# What may be out beside that.
BESIDE = (Step.ASSIST, Step.DECIDE_EXTENSION)
# Whoever has one of these is the present holder: reminders and slips go there.
HOLDING = (Step.SIGN_FOR, Step.HANDLE)
