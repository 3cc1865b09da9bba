"""Delegation for an absence (委托代办): from when to when, of which kinds of work, to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.domain.roles import Role

LONGEST = timedelta(days=180)


class WorkKind(StrEnum):
    """The kinds of work that can be delegated, one by one."""

    AFFAIRS = "affairs"
    ARCHIVES = "archives"
    DOCUMENTS = "documents"
    MEETINGS = "meetings"
    SUPERVISION = "supervision"

    @property
    def label(self) -> str:
        return WORK_LABELS[self]


WORK_LABELS: dict[WorkKind, str] = {
    WorkKind.AFFAIRS: "机关内部办事",
    WorkKind.ARCHIVES: "档案",
    WorkKind.DOCUMENTS: "公文",
    WorkKind.MEETINGS: "会议",
    WorkKind.SUPERVISION: "督查督办",
}


@dataclass(frozen=True, kw_only=True)
class DelegationFacts:
    """One delegation: whose post, to whom, the period `[starts_at, ends_at)` and the kinds of work."""

    giver_id: UUID
    giver_post_id: UUID
    receiver_id: UUID
    receiver_post_id: UUID
    starts_at: datetime
    ends_at: datetime
    kinds: frozenset[WorkKind]

    def meets(self, other: "DelegationFacts") -> bool:
        """Whether the two overlap in time and in a kind of work."""
        in_time = self.starts_at < other.ends_at and other.starts_at < self.ends_at
        return in_time and bool(self.kinds & other.kinds)


def delegation_complaints(
    wanted: DelegationFacts,
    existing: Iterable[DelegationFacts],
    *,
    giver_roles: Iterable[Role],
    same_organ: bool,
    now: datetime,
) -> list[tuple[str, str]]:
    """What is wrong with a wanted delegation, as (field, reason in Chinese).

    `existing` are the delegations in force or to come that the giver or the receiver has a part in. Nothing that
    was received can be passed on, and nobody who is away himself can stand in: both would make a chain. `same_organ`
    says whether both posts are of one organ: whoever stands in sees and decides what is that organ's alone.
    """
    found = [*_period_complaints(wanted, now=now)]
    if not wanted.kinds:
        found.append(("kinds", "请至少选择一类工作"))
    if wanted.receiver_id == wanted.giver_id:
        found.append(("receiver_post_id", "不能委托给自己"))
    if not same_organ:
        found.append(("receiver_post_id", "只能委托给本机关的岗位"))
    administers = sorted({role.label for role in giver_roles if role.administers})
    if administers:
        found.append(("giver_post_id", f"{'、'.join(administers)}的工作不得委托他人"))
    meeting = [other for other in existing if other.meets(wanted)]
    if any(other.giver_post_id == wanted.giver_post_id for other in meeting):
        found.append(("kinds", "该岗位在这段时间内已有同类工作的委托,请先结束原委托"))
    if any(other.giver_id == wanted.receiver_id for other in meeting):
        found.append(("receiver_post_id", "受托人在这段时间内已把同类工作委托他人,不能再受托(委托不得转托)"))
    if any(other.receiver_id == wanted.giver_id for other in meeting):
        found.append(("kinds", "您在这段时间内正受他人委托办理同类工作,不能再委托他人(委托不得转托)"))
    return found


def _period_complaints(wanted: DelegationFacts, *, now: datetime) -> list[tuple[str, str]]:
    if wanted.ends_at <= wanted.starts_at:
        return [("ends_at", "结束时间应晚于开始时间")]
    if wanted.ends_at <= now:
        return [("ends_at", "结束时间已过")]
    if wanted.ends_at - wanted.starts_at > LONGEST:
        return [("ends_at", f"委托最长{LONGEST.days}天")]
    return []
