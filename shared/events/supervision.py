"""What supervision tells: the life of a supervised task (督查事项) from registration to its rating."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Event, described, event
from shared.events.documents import Blob, Doer
from shared.events.meetings import Party
from shared.events.origin import EXAMPLE_ORIGIN, Origin

_ID = "0190f000-0000-7000-8000-0000000001"
_UNIT = "0190f000-0000-7000-8000-000000000002"
_WHEN = "2026-11-02T01:30:00+00:00"
_TASK = _ID + "60"
_DOER = {
    "person_id": _ID + "03",
    "person_name": "王示例",
    "post_id": _ID + "04",
    "post_title": "科长",
    "unit_name": "萍乡市人民政府办公室督查科",
}
_PARTY = {"unit_id": _UNIT, "unit_name": "萍乡市数据局"}
_BLOB = {
    "digest": "sha256:" + "0" * 64,
    "size": 2048,
    "media_type": "application/vnd.yiwang.dossier+json",
    "name": "督查事项.json",
}


class TaskSource(StrEnum):
    """Where a task comes from; `instruction` is a leader's word on a paper (领导批示), `manual` none of the others."""

    MEETING = "meeting"
    DOCUMENT = "document"
    INSTRUCTION = "instruction"
    WORK_REPORT = "work_report"
    HOTLINE = "hotline"
    MEDIA = "media"
    AFFAIRS = "affairs"
    MANUAL = "manual"


class Light(StrEnum):
    """How a task stands (domain table): not signed for, in time, close, late, done."""

    GREY = "grey"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    DONE = "done"


class SlipColour(StrEnum):
    """The ladder of slips: blue (提醒), orange (警告), red (通报)."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"


@event("task.registered.v1", aggregate="task")
class TaskRegistered(Event):
    """A matter was put down to be supervised (登记拟办)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The organ that supervises", _UNIT)
    parent_id: UUID | None = described("The task that it is a part of", None, default=None)
    title: str = described("Title", "年底前电子文件归档率达到80%")
    source: TaskSource = described("Kind of source", "meeting")
    origin: Origin | None = described("The item that it comes from", EXAMPLE_ORIGIN, default=None)
    due_on: date | None = described("Asked until", "2026-12-31", default=None)
    doer: Doer = described("Who", _DOER)
    registered_at: datetime = described("When", _WHEN)


@event("task.proposed.v1", aggregate="task")
class TaskProposed(Event):
    """A registered matter was proposed for approval (拟办): who shall do it, until when."""

    task_id: UUID = described("The task", _TASK)
    opinion: str = described("What is proposed", "拟请市数据局牵头办理", default="")
    doer: Doer = described("Who", _DOER)
    proposed_at: datetime = described("When", _WHEN)


@event("task.established.v1", aggregate="task")
class TaskEstablished(Event):
    """A matter was approved as a supervised task (立项) and got its number."""

    task_id: UUID = described("The task", _TASK)
    number: str = described("督办编号; it never changes", "萍督〔2026〕8号")
    doer: Doer = described("Who approved", _DOER)
    established_at: datetime = described("When", _WHEN)


@event("task.rejected.v1", aggregate="task")
class TaskRejected(Event):
    """A registered matter will not be supervised (不予立项), with the reason."""

    task_id: UUID = described("The task", _TASK)
    reason: str = described("Why", "与萍督〔2026〕5号重复")
    doer: Doer = described("Who", _DOER)
    rejected_at: datetime = described("When", _WHEN)


@event("task.assigned.v1", aggregate="task")
class TaskAssigned(Event):
    """A task was given to its lead and assistants (交办); after a return, possibly to others."""

    task_id: UUID = described("The task", _TASK)
    lead: Party = described("Lead unit (主办)", _PARTY)
    assistants: tuple[Party, ...] = described("Assistant units (协办)", [_PARTY])
    due_at: datetime = described("Until when", "2026-12-31T15:59:59+00:00")
    doer: Doer = described("Who", _DOER)
    assigned_at: datetime = described("When", _WHEN)


@event("task.signed_for.v1", aggregate="task")
class TaskSignedFor(Event):
    """The lead unit signed for a task (签收)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The lead unit", _UNIT)
    in_time: bool = described("Within the time that the rules set for it", True)
    doer: Doer = described("Who", _DOER)
    signed_for_at: datetime = described("When", _WHEN)


@event("task.return_asked.v1", aggregate="task")
class TaskReturnAsked(Event):
    """The lead unit asked to give a task back (申请退回)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    reason: str = described("Why", "不属于本单位职责")
    doer: Doer = described("Who", _DOER)
    asked_at: datetime = described("When", _WHEN)


@event("task.return_refused.v1", aggregate="task")
class TaskReturnRefused(Event):
    """The request to return a task was refused; the unit has to sign for it."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    reason: str = described("Why", "属于本单位法定职责")
    doer: Doer = described("Who", _DOER)
    refused_at: datetime = described("When", _WHEN)


@event("task.returned.v1", aggregate="task")
class TaskReturned(Event):
    """The request of a lead unit to return a task was granted; it is to be assigned anew."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit that returned it", _UNIT)
    reason: str = described("Why", "不属于本单位职责")
    doer: Doer = described("Who granted it", _DOER)
    returned_at: datetime = described("When", _WHEN)


@event("task.planned.v1", aggregate="task")
class TaskPlanned(Event):
    """The lead unit handed in its plan (督查方案) with its goals (阶段目标)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    goals: int = described("How many goals the plan has", 3)
    doer: Doer = described("Who", _DOER)
    planned_at: datetime = described("When", _WHEN)


@event("task.handed_over.v1", aggregate="task")
class TaskHandedOver(Event):
    """A task was passed on to another post of its lead unit (转办)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    to_post_id: UUID = described("The post that has it now", _ID + "04")
    doer: Doer = described("Who", _DOER)
    handed_over_at: datetime = described("When", _WHEN)


@event("task.assisted.v1", aggregate="task")
class TaskAssisted(Event):
    """An assistant unit reported its part done (协办反馈)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    report: str = described("What was done", "已提供接口清单。")
    doer: Doer = described("Who", _DOER)
    assisted_at: datetime = described("When", _WHEN)


@event("task.fed_back.v1", aggregate="task")
class TaskFedBack(Event):
    """The lead unit reported on a task (阶段反馈)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    progress: int = described("Percent done", 60)
    report: str = described("What was done", "已完成存量文件清理，归档率达到65%。")
    in_time: bool = described("Within the period of the feedback asked for", True)
    due_at: datetime | None = described(
        "When the feedback that it answers should have come; none when none was asked for",
        _WHEN,
        default=None,
    )
    doer: Doer = described("Who", _DOER)
    fed_back_at: datetime = described("When", _WHEN)


@event("task.feedback_missed.v1", aggregate="task")
class TaskFeedbackMissed(Event):
    """A feedback that was asked for did not come in time."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The lead unit", _UNIT)
    due_at: datetime = described("When it should have come", _WHEN)
    missed_at: datetime = described("When this was found", _WHEN)


@event("task.reminded.v1", aggregate="task")
class TaskReminded(Event):
    """The holder of a task was reminded (催办), by a person or at a set point."""

    task_id: UUID = described("The task", _TASK)
    post_id: UUID = described("The post reminded, the holder at that time", _ID + "04")
    occasion: str = described("Set point such as due-3, or by_hand", "due-3")
    note: str = described("What was said", "距离办结期限还有3个工作日", default="")
    reminded_at: datetime = described("When", _WHEN)


@event("task.slip_issued.v1", aggregate="task")
class TaskSlipIssued(Event):
    """A slip blue, orange or red was issued to a unit (督办单), by the ladder or by hand."""

    task_id: UUID = described("The task", _TASK)
    colour: SlipColour = described("Which", "orange")
    unit_id: UUID = described("The unit that got it", _UNIT)
    to_post_id: UUID | None = described("To whom up the line it was shown", _ID + "04", default=None)
    reason: str = described("Why", "已超过办结期限，未申请延期")
    issued_at: datetime = described("When", _WHEN)
    doer: Doer | None = described("Who issued it by hand; none when the ladder did", _DOER, default=None)
    due_at: datetime | None = described("The date of the task that it was issued for", _WHEN, default=None)


@event("task.light_turned.v1", aggregate="task")
class TaskLightTurned(Event):
    """A task's light became another."""

    task_id: UUID = described("The task", _TASK)
    light: Light = described("The light now", "red")
    turned_at: datetime = described("When", _WHEN)


@event("task.extension_asked.v1", aggregate="task")
class TaskExtensionAsked(Event):
    """The lead unit asked for more time (延期申请)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    until: datetime = described("Asked until", "2027-01-15T15:59:59+00:00")
    reason: str = described("Why", "系统接口改造需延长")
    doer: Doer = described("Who", _DOER)
    asked_at: datetime = described("When", _WHEN)


@event("task.extended.v1", aggregate="task")
class TaskExtended(Event):
    """More time was granted; the original date is kept."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    original_due_at: datetime = described("The first date", "2026-12-31T15:59:59+00:00")
    due_at: datetime = described("The date now", "2027-01-15T15:59:59+00:00")
    extensions: int = described("How many times by now", 1)
    doer: Doer = described("Who granted it", _DOER)
    extended_at: datetime = described("When", _WHEN)


@event("task.extension_refused.v1", aggregate="task")
class TaskExtensionRefused(Event):
    """More time was refused, with the reason."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    reason: str = described("Why", "理由不充分")
    doer: Doer = described("Who", _DOER)
    refused_at: datetime = described("When", _WHEN)


@event("task.suspended.v1", aggregate="task")
class TaskSuspended(Event):
    """A task rests (中止), and with it its clock."""

    task_id: UUID = described("The task", _TASK)
    reason: str = described("Why", "等待上级批复")
    doer: Doer = described("Who", _DOER)
    suspended_at: datetime = described("When", _WHEN)


@event("task.resumed.v1", aggregate="task")
class TaskResumed(Event):
    """A resting task goes on; it is due later by the time that it rested."""

    task_id: UUID = described("The task", _TASK)
    due_at: datetime = described("The date now", "2027-01-08T15:59:59+00:00")
    doer: Doer = described("Who", _DOER)
    resumed_at: datetime = described("When", _WHEN)


@event("task.closure_asked.v1", aggregate="task")
class TaskClosureAsked(Event):
    """The lead unit reported a task done (办结申请)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The unit", _UNIT)
    in_time: bool = described("Before its date", True)
    conclusion: str = described("What came of it", "归档率达到83%。")
    doer: Doer = described("Who", _DOER)
    asked_at: datetime = described("When", _WHEN)


@event("task.reviewed.v1", aggregate="task")
class TaskReviewed(Event):
    """A report of completion held (审核通过); the leader is shown it."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The lead unit", _UNIT)
    doer: Doer = described("Who", _DOER)
    reviewed_at: datetime = described("When", _WHEN)


@event("task.sent_back.v1", aggregate="task")
class TaskSentBack(Event):
    """A report of completion did not hold; the task is to be worked on again (退回重办)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The lead unit", _UNIT)
    reason: str = described("Why", "佐证材料不全")
    doer: Doer = described("Who", _DOER)
    sent_back_at: datetime = described("When", _WHEN)


@event("task.closed.v1", aggregate="task")
class TaskClosed(Event):
    """A task is done and struck off (销号)."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The organ that supervises", _UNIT)
    lead_unit_id: UUID = described("The lead unit", _UNIT)
    number: str = described("督办编号", "萍督〔2026〕8号")
    origin: Origin | None = described("The item that it came from", EXAMPLE_ORIGIN, default=None)
    conclusion: str = described("What came of it", "归档率达到83%。")
    in_time: bool = described("Reported done before its date", True)
    closed_at: datetime = described("When", _WHEN)


@event("task.rated.v1", aggregate="task")
class TaskRated(Event):
    """A closed task was rated by the supervising organ's leader or by whoever gave the instruction."""

    task_id: UUID = described("The task", _TASK)
    lead_unit_id: UUID = described("The lead unit", _UNIT)
    score: int = described("From 1 to 5", 5)
    comment: str = described("In words", "办理及时、效果好", default="")
    doer: Doer = described("Who", _DOER)
    rated_at: datetime = described("When", _WHEN)


@event("task.cancelled.v1", aggregate="task")
class TaskCancelled(Event):
    """An established task was called off (撤销), with the reason."""

    task_id: UUID = described("The task", _TASK)
    origin: Origin | None = described("The item that it came from", EXAMPLE_ORIGIN, default=None)
    reason: str = described("Why", "任务依据已废止")
    doer: Doer = described("Who", _DOER)
    cancelled_at: datetime = described("When", _WHEN)


@event("task.concluded.v1", aggregate="task")
class TaskConcluded(Event):
    """A closed task was rated, the time for rating is over, or a task was called off; it is due for filing."""

    task_id: UUID = described("The task", _TASK)
    unit_id: UUID = described("The organ that files it", _UNIT)
    title: str = described("Title", "年底前电子文件归档率达到80%")
    number: str = described("督办编号", "萍督〔2026〕8号")
    lead_unit_id: UUID = described("The lead unit", _UNIT)
    score: int | None = described("Rating from 1 to 5, if given", 5, default=None)
    dossier: Blob = described("All facts for the archives, as JSON in the object store", _BLOB)
    concluded_at: datetime = described("When", _WHEN)
