"""What the assessment of lead units (督考合一) refuses, one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.errors import Problem, conflict, forbidden, invalid, not_found


def own_score() -> Problem:
    """Nobody changes the score of the own unit (403)."""
    return forbidden(
        "supervision.own_score", "不能处理本单位的得分", "本单位的得分和申诉由其他单位的考核岗位处理"
    )


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
    day = until.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    return conflict("supervision.appeal_too_late", "申诉期限已过", f"申诉应在 {day} 前提出，现已超过期限")


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
