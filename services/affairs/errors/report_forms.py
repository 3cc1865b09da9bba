"""Every way in which shared report forms (一表同享) refuse something, one function each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.errors import Problem, conflict, forbidden, invalid, not_found

FieldFaults = Mapping[str, Sequence[str]]


def field_taken(name: str) -> Problem:
    """The dictionary has a field of that code or name (409)."""
    return conflict("affairs.field_taken", "字段已经存在", f"字段字典中已有“{name}”，请直接选用，不要另设。")


def field_unknown(codes: Sequence[str]) -> Problem:
    """A form asks for fields that the dictionary does not have (422)."""
    message = f"字段字典中没有：{'、'.join(codes)}；请先登记字段"
    return invalid("affairs.field_unknown", "字段不在字典中", message, errors={"fields": [message]})


def choices_needed(name: str) -> Problem:
    """Only a field of choices has choices, and it has at least two different ones (422)."""
    message = f"“{name}”：选择型字段须有至少两个不同的选项，其他类型没有选项"
    return invalid("affairs.choices_needed", "选项不对", message, errors={"choices": [message]})


def form_not_found(form_id: UUID) -> Problem:
    """There is no such report form (404)."""
    return not_found("affairs.report_form_not_found", "报表不存在", f"没有报表 {form_id}；请核对链接。")


def form_taken(name: str) -> Problem:
    """The organ has a form of that name (409)."""
    return conflict(
        "affairs.report_form_taken", "报表重名", f"本机关已有报表“{name}”，请改用其他名称或停用原报表。"
    )


def asked_twice(place: str) -> Problem:
    """A form names a field or a unit more than once (422)."""
    message = "同一字段或单位只能出现一次"
    return invalid("affairs.asked_twice", "重复填写", message, errors={place: [message]})


def starts_too_early(first: str) -> Problem:
    """A form may not ask for what lies far back (422)."""
    message = f"起始日期过早，最早为 {first}"
    return invalid("affairs.starts_too_early", "起始日期过早", message, errors={"starts_on": [message]})


def nobody_approves(unit_name: str) -> Problem:
    """Nobody is there to decide on a form that asks once more (422)."""
    message = f"“{unit_name}”及其上级没有其他可以审批报表的在岗岗位；请先由管理员设置岗位"
    return invalid("affairs.nobody_approves_forms", "没有审批岗位", message)


def form_settled(name: str, state: str) -> Problem:
    """The form does not wait for a decision (409)."""
    return conflict(
        "affairs.report_form_settled", "报表不在待审批之列", f"“{name}”现在{state}，请刷新后再看。"
    )


def form_not_running(name: str, state: str) -> Problem:
    """Only a form in force is ended (409)."""
    return conflict("affairs.report_form_not_running", "报表没有在执行", f"“{name}”现在{state}，不能停止。")


def not_your_form(name: str) -> Problem:
    """Only the organ that asks may do this (403)."""
    return forbidden(
        "affairs.not_your_report_form", "不是本机关的报表", f"“{name}”由制发机关的报表管理岗位办理。"
    )


def decision_needs_reason() -> Problem:
    """A refusal says why (422)."""
    message = "不批准须写明理由"
    return invalid("affairs.decision_needs_reason", "没有写明理由", message, errors={"reason": [message]})


def period_unknown(name: str) -> Problem:
    """There is no such period, or the form has another kind (422)."""
    message = f"“{name}”不是本报表的报告期，应形如 2026-11、2026Q4 或 2026"
    return invalid("affairs.period_unknown", "报告期不对", message, errors={"period": [message]})


def filing_not_found(filing_id: UUID) -> Problem:
    """There is no such filing, or it is not this reader's to know of (404)."""
    return not_found(
        "affairs.filing_not_found", "填报任务不存在", f"没有填报任务 {filing_id}，或您无权查看。"
    )


def filing_settled(name: str) -> Problem:
    """The form is filed for that period (409)."""
    return conflict("affairs.filing_settled", "已经报送", f"“{name}”本期已经报送；数据有误的请更正。")


def values_invalid(faults: FieldFaults) -> Problem:
    """Some values do not hold, or required ones are missing (422)."""
    first = next(iter(faults.values()))[0]
    return invalid("affairs.values_invalid", "填写内容有误", first, errors=faults)


def value_not_found(name: str) -> Problem:
    """There is nothing to correct (404)."""
    return not_found("affairs.value_not_found", "没有可更正的数据", f"本单位本期没有填过“{name}”。")


def value_unchanged(name: str) -> Problem:
    """The correction says the same (409)."""
    return conflict("affairs.value_unchanged", "内容没有变化", f"“{name}”已经是这个值。")


def not_your_unit() -> Problem:
    """A unit's data are corrected by its own staff (403)."""
    return forbidden("affairs.not_your_unit", "不是本单位的数据", "数据由填报单位的承办岗位更正。")
