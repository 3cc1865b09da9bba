"""Every way in which supervision refuses something, one function each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

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


def own_score() -> Problem:
    """Nobody changes the score of the own unit (403)."""
    return forbidden(
        "supervision.own_score", "不能处理本单位的得分", "本单位的得分和申诉由其他单位的考核岗位处理"
    )


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
    message = (
        f"{where}标有密级“{mark}”。本系统运行在非涉密网络，不得录入、上传或存储涉密内容；"
        "请立即停止操作，改用涉密渠道办理，并告知本单位保密工作人员"
    )
    return invalid(
        "supervision.secret_content", "涉密内容不能在本系统办理", message, errors={"secrecy": [message]}
    )


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


def _shown(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def unit_out_of_scope(unit_id: UUID) -> Problem:
    """The unit is not below the acting post's organ, or does not exist (404)."""
    detail = f"单位 {unit_id} 不在当前岗位所在机关及其下级单位之内"
    return not_found("supervision.unit_out_of_scope", "不在查看范围内", detail)


def assessment_not_found(assessment_id: UUID) -> Problem:
    """There is no such assessment, or it is not this reader's to know of (404)."""
    detail = f"没有找到考核结果 {assessment_id}，或您无权查看；请核对链接"
    return not_found("supervision.assessment_not_found", "考核结果不存在", detail)


def score_not_found(unit_id: UUID) -> Problem:
    """The assessment has no score of that unit, or it is another unit's (404)."""
    detail = f"本次考核没有单位 {unit_id} 的得分，或您无权查看其评分依据"
    return not_found("supervision.score_not_found", "没有该单位的得分", detail)


def appeal_not_found(appeal_id: UUID) -> Problem:
    """There is no such appeal, or it is not this reader's to know of (404)."""
    detail = f"没有找到申诉 {appeal_id}，或您无权查看；请核对链接"
    return not_found("supervision.appeal_not_found", "申诉不存在", detail)


def finding_not_found(finding_id: UUID) -> Problem:
    """There is no such finding, or another organ made it (404)."""
    detail = f"没有找到考核登记 {finding_id}，或您无权查看"
    return not_found("supervision.finding_not_found", "考核登记不存在", detail)


def already_published(title: str) -> Problem:
    """The period was published before; what was published is corrected, not published again (409)."""
    detail = f"该期间的考核结果《{title}》已经公布，不能重复公布；确有差错的请更正"
    return conflict("supervision.already_published", "考核结果已公布", detail)


def period_not_over(last: date) -> Problem:
    """A period that still runs cannot be published (422)."""
    message = f"考核期间到 {last} 才结束，结束后才能公布；现在可以试算"
    return invalid("supervision.period_not_over", "考核期间未结束", message, errors={"period_to": [message]})


def nobody_scored() -> Problem:
    """No unit led a task in the period (422)."""
    detail = "该期间没有承办督查事项的单位，没有可以公布的得分"
    return invalid("supervision.nobody_scored", "没有可以公布的得分", detail)


def not_your_score() -> Problem:
    """Only the unit itself appeals (403)."""
    detail = "只有被考核单位负责或承办督查事项的岗位可以申诉"
    return forbidden("supervision.not_your_score", "不能代其他单位申诉", detail)


def appeal_waits(unit: str) -> Problem:
    """An appeal of the unit is still undecided (409)."""
    return conflict("supervision.appeal_waits", "已有申诉待处理", f"“{unit}”的申诉还没有答复，请等待答复")


def appeal_too_late(until: datetime) -> Problem:
    """The time for appeals is over (409)."""
    return conflict(
        "supervision.appeal_too_late", "申诉期限已过", f"申诉应在 {_shown(until)} 前提出，现已超过期限"
    )


def appeal_decided(state: str) -> Problem:
    """The appeal was decided before (409)."""
    return conflict("supervision.appeal_decided", "申诉已处理", f"该申诉{state}，不能再办；请刷新后再看")


def nobody_decides(unit: str) -> Problem:
    """Nobody at the assessing organ can decide an appeal (409)."""
    detail = f"“{unit}”没有在岗且有“督查考核”权限的岗位，不能受理申诉；请联系其管理员"
    return conflict("supervision.nobody_decides", "没有可以处理申诉的岗位", detail)


def line_unknown(key: str) -> Problem:
    """The score has no such line (422)."""
    message = f"得分中没有“{key}”这一项，请刷新后再选"
    return invalid("supervision.line_unknown", "没有这一项", message, errors={"line_keys": [message]})


def correction_empty() -> Problem:
    """An accepted appeal, or a correction, changes the score (422)."""
    message = "请填写更正的分值，正数为加分，负数为扣分，不能为 0"
    return invalid("supervision.correction_empty", "没有更正的分值", message, errors={"points": [message]})


def finding_not_scored(title: str, codes: Sequence[str]) -> Problem:
    """The rules have no such row, or it comes from events alone (422)."""
    message = f"评分规则中没有可以人工登记的“{title}”，可以登记的有：{'、'.join(codes) or '无'}"
    return invalid("supervision.finding_not_scored", "不能登记这一项", message, errors={"code": [message]})


def finding_out_of_range(least: str, most: str) -> Problem:
    """The points lie outside of what the row allows (422)."""
    message = f"扣分应在 {least} 至 {most} 分之间"
    return invalid("supervision.finding_out_of_range", "分值不对", message, errors={"points": [message]})


def finding_forbidden(word: str, guard: str) -> Problem:
    """Work is not judged by meetings, papers, photographs and traces (422)."""
    message = f"不得以“{word}”评价工作（{guard}），请按实际成效登记"
    return invalid("supervision.finding_forbidden", "不得作为考核内容", message, errors={"reason": [message]})


def finding_withdrawn() -> Problem:
    """The finding was withdrawn before (409)."""
    return conflict("supervision.finding_withdrawn", "考核登记已撤回", "该考核登记已经撤回；请刷新后再看")


def unit_not_party(title: str) -> Problem:
    """A finding names a task that the unit never led nor assisted (422)."""
    message = f"该单位没有主办或协办《{title}》，请核对单位和事项"
    return invalid("supervision.unit_not_party", "单位没有承办该事项", message, errors={"task_id": [message]})


def event_elsewhere(event_id: UUID) -> Problem:
    """The event that a finding judges is not one of the task (422)."""
    message = f"记录 {event_id} 不是该督查事项的记录，请重新选择"
    return invalid(
        "supervision.event_elsewhere", "所指记录不对", message, errors={"about_event_id": [message]}
    )
