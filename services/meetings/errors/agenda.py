"""What is refused about the agenda."""

from collections.abc import Sequence
from uuid import UUID

from shared.errors import (
    Problem,
    conflict,
    invalid,
    not_found,
)


def agenda_item_not_found(item_id: UUID) -> Problem:
    """The meeting has no such point on its agenda (404)."""
    return not_found(
        "meetings.agenda_item_not_found", "议程中没有这一项", f"议程中没有 {item_id}，可能已被移出；请刷新"
    )


def agenda_unfinished(titles: Sequence[str]) -> Problem:
    """Of some points it was not said whether they were heard (409)."""
    detail = f"议程中“{'”“'.join(titles)}”还没有记明已审议或缓议；请逐项登记后再结束会议"
    return conflict("meetings.agenda_unfinished", "议程尚未登记完", detail)


def agenda_frozen(title: str) -> Problem:
    """The agenda is frozen (409)."""
    detail = f"“{title}”的议程已经锁定，不能调整；确需增加议题的，写明理由报主持人同意"
    return conflict("meetings.agenda_frozen", "议程已锁定", detail)


def agenda_order_wrong() -> Problem:
    """The new order must name every point once (422)."""
    message = "请把议程中的每一项各列一次"
    return invalid("meetings.agenda_order_wrong", "议程顺序不完整", message, errors={"item_ids": [message]})


def agenda_empty(title: str) -> Problem:
    """A notice without agenda tells nobody what the meeting is for (422)."""
    message = f"“{title}”还没有议程，请先列入议题或事项"
    return invalid("meetings.agenda_empty", "没有议程", message, errors={"agenda": [message]})
