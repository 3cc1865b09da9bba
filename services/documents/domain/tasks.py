"""How a task that supervises a document stands, as the document shows it, and how people call it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from shared.events.supervision import Light


class TaskState(StrEnum):
    """As far as the document has to know."""

    REGISTERED = "registered"
    ESTABLISHED = "established"
    REJECTED = "rejected"
    CLOSED = "closed"
    CANCELLED = "cancelled"


TASK_STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        TaskState.REGISTERED: "已登记",
        TaskState.ESTABLISHED: "已立项",
        TaskState.REJECTED: "不予立项",
        TaskState.CLOSED: "已办结",
        TaskState.CANCELLED: "已撤销",
    }
)
LIGHT_LABELS: Mapping[str, str] = MappingProxyType(
    {Light.GREY: "未签收", Light.GREEN: "正常", Light.AMBER: "临期", Light.RED: "超期", Light.DONE: "办结"}
)
