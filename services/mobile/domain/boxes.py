"""The boxes of an inbox and the states of what lies in them."""

from enum import StrEnum


class Box(StrEnum):
    """待办、待阅、已办、已阅、我发起的."""

    TODO = "todo"
    TO_READ = "to_read"
    DONE = "done"
    READ = "read"
    STARTED = "started"


BOX_NAMES: dict[Box, str] = {
    Box.TODO: "待办",
    Box.TO_READ: "待阅",
    Box.DONE: "已办",
    Box.READ: "已阅",
    Box.STARTED: "我发起的",
}


class State(StrEnum):
    """Where an item, or a piece of work that somebody started, stands."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


STATE_NAMES: dict[State, str] = {
    State.OPEN: "待处理",
    State.DONE: "已办结",
    State.RETURNED: "已退回",
    State.TRANSFERRED: "已转办",
    State.WITHDRAWN: "已被撤回",
    State.CANCELLED: "无需再办",
    State.RUNNING: "办理中",
    State.ENDED: "已办结",
    State.STOPPED: "已终止",
}

# What a holder did with an item; a withdrawn or cancelled one was done by nobody.
DONE_STATES = (State.DONE, State.RETURNED, State.TRANSFERRED)
ROLE_NAMES = {"lead": "主办", "assistant": "协办", "signer": "加签", "reader": "传阅"}
READER = "reader"


class ChangeKind(StrEnum):
    """What happened to something in an inbox: it came, it looks different, it went."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"
