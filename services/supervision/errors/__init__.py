"""What supervision refuses, one function each: here what concerns tasks and everything alike."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from shared import secrecy
from shared.clock import LOCAL_ZONE
from shared.errors import (
    Problem,
    changed_meanwhile,
    conflict,
    forbidden,
    invalid,
    not_found,
    too_large,
    unsupported_type,
)


def task_not_found(task_id: UUID) -> Problem:
    """There is no such task, or it is not this reader's to know of (404)."""
    detail = f"没有找到督查事项 {task_id}，或您无权查看；请核对链接"
    return not_found("supervision.not_found", "督查事项不存在", detail)


def file_not_found(file_id: UUID) -> Problem:
    """The task has no such file (404)."""
    return not_found("supervision.file_not_found", "文件不存在", f"本事项没有文件 {file_id}；请刷新后再看")


def item_not_found(item_id: UUID) -> Problem:
    """The task has no such work item (404)."""
    return not_found(
        "supervision.item_not_found", "没有这个待办事项", f"本事项没有待办 {item_id}；请刷新后再看"
    )


def record_not_there(title: str) -> Problem:
    """The record is made when a task is over (404)."""
    detail = f"《{title}》还没有办毕，办毕后才生成督查事项办理单"
    return not_found("supervision.record_not_there", "还没有办理单", detail)


def act_not_possible(title: str, act: str, state: str, *, last: str = "") -> Problem:
    """The task is in a state in which this act has no place (409)."""
    by = f"（{last}）" if last else ""
    detail = f"《{title}》现在处于“{state}”{by}，不能{act}；请刷新后再看"
    return conflict("supervision.act_not_possible", "当前状态不能这样办", detail)


def not_your_staff(title: str, act: str) -> Problem:
    """Only the supervising organ's staff may do this (403)."""
    detail = f"《{title}》的“{act}”由督查机关负责登记、交办的岗位办理"
    return forbidden("supervision.not_your_staff", "只有督查机关可以这样办", detail)


def changed_by_another(title: str) -> Problem:
    """Somebody else changed the task since it was read (412)."""
    detail = f"《{title}》刚刚被他人办理；请重新打开，核对后再办"
    return changed_meanwhile("supervision.changed_by_another", "督查事项已被他人修改", detail)


def due_in_the_past(day: date, today: date) -> Problem:
    """The date asked for is over (422)."""
    message = f"办结期限 {day} 早于今天（{today}），请另定日期"
    return invalid("supervision.due_in_the_past", "办结期限已过", message, errors={"due_on": [message]})


def due_hour_past(due_at: datetime) -> Problem:
    """The hour asked for is over (422)."""
    message = f"办结时间 {due_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M} 已经过去，请另定时间"
    return invalid("supervision.due_hour_past", "办结时间已过", message, errors={"due_at": [message]})


def due_missing() -> Problem:
    """Neither a date nor a number of working days says until when (422)."""
    message = "请填写办结日期，或大于 0、以半天为单位的工作日数"
    return invalid("supervision.due_missing", "没有办结期限", message, errors={"due_on": [message]})


def due_twice() -> Problem:
    """A date and a number of working days were both given (422)."""
    message = "办结日期、工作日数和办结时间只能填一项"
    return invalid("supervision.due_twice", "办结期限重复", message, errors={"due_on": [message]})


def due_after_parent(due_at: datetime, parent_due_at: datetime) -> Problem:
    """A subtask would be due after the whole (422)."""
    message = f"子任务期限 {_shown(due_at)} 晚于上级事项的期限 {_shown(parent_due_at)}，请提前"
    return invalid("supervision.due_after_parent", "子任务期限过晚", message, errors={"due_on": [message]})


def not_later(until: datetime, due_at: datetime) -> Problem:
    """More time was asked until a date that is not later (422)."""
    message = f"申请延期至 {_shown(until)}，没有晚于现在的期限 {_shown(due_at)}"
    return invalid("supervision.not_later", "延期日期不晚于现期限", message, errors={"until": [message]})


def lead_missing(title: str) -> Problem:
    """Nobody was named to take the lead (422)."""
    message = f"《{title}》没有确定主办单位；一项督查事项须有且只有一个主办单位"
    return invalid("supervision.lead_missing", "没有主办单位", message, errors={"lead": [message]})


def party_twice(name: str) -> Problem:
    """A unit was named more than once (422)."""
    message = f"“{name}”既在主办又在协办，或重复填写，请只保留一处"
    return invalid("supervision.party_twice", "单位重复", message, errors={"assistants": [message]})


def post_elsewhere(post: str, unit: str) -> Problem:
    """The post named to receive a task is not one of that unit's receiving posts (422)."""
    message = f"岗位“{post}”不是“{unit}”承办督查事项的岗位，请另选"
    return invalid("supervision.post_elsewhere", "接收岗位不对", message, errors={"lead": [message]})


def nobody_receives(unit: str) -> Problem:
    """The unit has no held post that takes tasks (422)."""
    message = f"“{unit}”没有在岗的承办督查事项的岗位，不能交办；请先由其管理员设置岗位"
    return invalid("supervision.nobody_receives", "没有接收岗位", message, errors={"lead": [message]})


def nobody_holds(unit: str, step: str, permission: str) -> Problem:
    """No held post of the supervising organ may do the next step (422)."""
    message = f"“{unit}”没有在岗且有“{permission}”权限的岗位，不能办理“{step}”；请先由管理员设置岗位"
    return invalid("supervision.nobody_holds", "没有可以办理下一步的岗位", message)


def approver_unfit(post: str) -> Problem:
    """A post was chosen to decide that may not (422)."""
    message = f"岗位“{post}”不是本机关可以批准的岗位，请另选"
    return invalid(
        "supervision.approver_unfit", "审批岗位不对", message, errors={"approver_post_ids": [message]}
    )


def own_request(title: str, act: str) -> Problem:
    """Whoever reported or asked does not decide on it, not even in another's name (403)."""
    detail = f"《{title}》的这次申请由您本人提出，“{act}”须由他人办理；请由其他岗位或受托人办理"
    return forbidden("supervision.own_request", "不能办理本人提出的申请", detail)


def unit_not_below(name: str) -> Problem:
    """A unit that the supervising organ has no say over was named (422)."""
    message = f"“{name}”不在本督查机关及其下级单位之内，不能向其交办；请报请上级督查机关办理"
    return invalid("supervision.unit_not_below", "不在督查范围内", message, errors={"lead": [message]})


def extension_over(title: str, until: datetime) -> Problem:
    """The time that was asked for has passed meanwhile (409)."""
    detail = f"《{title}》申请延期至 {_shown(until)}，该时间已经过去；请不予同意并说明，由主办单位另行申请"
    return conflict("supervision.extension_over", "申请的期限已过", detail)


def request_waits(title: str, kind: str) -> Problem:
    """A request of the lead is still undecided (409)."""
    detail = f"《{title}》的{kind}申请还没有答复，请等待答复后再办"
    return conflict("supervision.request_waits", "已有申请待答复", detail)


def nothing_asked(title: str, kind: str) -> Problem:
    """There is no request to decide (409)."""
    return conflict(
        "supervision.nothing_asked", "没有待答复的申请", f"《{title}》没有待答复的{kind}申请；请刷新后再看"
    )


def parts_open(title: str, parts: Sequence[str]) -> Problem:
    """A task with open subtasks cannot be closed (409)."""
    detail = f"《{title}》还有 {len(parts)} 个子任务没有销号：{'、'.join(parts[:5])}；请先办结"
    return conflict("supervision.parts_open", "子任务没有办结", detail)


def whole_rests(title: str) -> Problem:
    """A part is not set to work while the whole rests (409)."""
    detail = f"上级事项《{title}》仍在中止，子任务不能单独办理；请先恢复上级事项"
    return conflict("supervision.whole_rests", "上级事项仍在中止", detail)


def too_deep(title: str) -> Problem:
    """A subtask is not split again (409)."""
    return conflict(
        "supervision.too_deep", "子任务不再分解", f"《{title}》是子任务，不能再分解；请由上级事项分解"
    )


def goals_not_rising() -> Problem:
    """A plan's goals do not rise with their dates (422)."""
    message = "阶段目标应按日期先后逐步提高，日期不重复"
    return invalid("supervision.goals_not_rising", "阶段目标不合理", message, errors={"goals": [message]})


def goal_after_due(day: date, due_at: datetime) -> Problem:
    """A goal lies after the task's date (422)."""
    message = f"阶段目标日期 {day} 晚于办结期限 {_shown(due_at)}"
    return invalid("supervision.goal_after_due", "阶段目标过晚", message, errors={"goals": [message]})


def progress_falls(progress: int, before: int) -> Problem:
    """The progress reported is less than before (422)."""
    message = f"进度 {progress}% 低于上次反馈的 {before}%；确有倒退的请在情况中说明并填写不低于上次的进度"
    return invalid("supervision.progress_falls", "进度低于上次", message, errors={"progress": [message]})


def rows_wrong(wrong: Mapping[str, Sequence[str]]) -> Problem:
    """Some rows of an import are wrong; nothing was registered (422)."""
    first = next(iter(wrong.items()))
    detail = f"{len(wrong)} 处有错，一项也没有登记；例如{first[0]}：{first[1][0]}"
    return invalid("supervision.rows_wrong", "导入内容有错", detail, errors=wrong)


def unit_not_named(name: str, *, several: bool) -> Problem:
    """A name is that of no unit in force, or of several (422)."""
    message = f"主办单位“{name}”{'对应不止一个单位，请写单位代码' if several else '不在现行机构名录中'}"
    return invalid("supervision.unit_not_named", "找不到主办单位", message, errors={"lead": [message]})


def secret_content(mark: str, *, where: str) -> Problem:
    """The text carries a mark of state secrecy, and this network is not for such matters (422)."""
    return secrecy.secret_content("supervision.secret_content", mark, where=where)


def file_too_large(limit_mb: int) -> Problem:
    """The file is larger than files of tasks may be (413)."""
    return too_large(
        "supervision.file_too_large", "文件过大", f"文件超过 {limit_mb} MB，请压缩或拆分后再上传"
    )


def file_type_unknown(name: str) -> Problem:
    """The file is of no type that can be looked into (415)."""
    return unsupported_type(
        "supervision.file_type_unknown",
        "文件格式不支持",
        f"“{name}”不是 PDF、OFD、docx、xlsx、pptx、图片或 UTF-8 文本；请转换后再上传",
    )


def file_unreadable(name: str, reason: str) -> Problem:
    """An import file cannot be read (422)."""
    message = f"“{name}”{reason}"
    return invalid("supervision.file_unreadable", "导入文件读不出来", message, errors={"file": [message]})


def unit_out_of_scope(unit_id: UUID) -> Problem:
    """The unit is not below the acting post's organ, or does not exist (404)."""
    detail = f"单位 {unit_id} 不在当前岗位所在机关及其下级单位之内"
    return not_found("supervision.unit_out_of_scope", "不在查看范围内", detail)


def _shown(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
