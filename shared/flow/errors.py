"""The refusals of routing: definitions that may not run, and acts that the state does not allow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.errors import Problem, conflict, forbidden, invalid, malformed, not_found, too_large


class Findings:
    """What is wrong with an uploaded definition, by element id, so that all of it is told at once."""

    def __init__(self) -> None:
        self._by_element: dict[str, list[str]] = {}

    def add(self, element: str, message: str) -> None:
        self._by_element.setdefault(element, []).append(message)

    def __bool__(self) -> bool:
        return bool(self._by_element)

    def refuse_if_any(self) -> None:
        """Raise `flow.definition_refused` (422) when something was found."""
        if self._by_element:
            raise definition_refused(self._by_element)


def definition_refused(findings: Mapping[str, Sequence[str]]) -> Problem:
    """The definition breaks rules; `errors` says which element breaks which."""
    element, messages = next(iter(findings.items()))
    more = sum(len(found) for found in findings.values()) - 1
    tail = f"; 另有 {more} 处问题" if more else ""
    return invalid(
        "flow.definition_refused",
        "流程定义不符合要求",
        f"元素“{element}”: {messages[0]}{tail}。请在流程设计工具中改正后重新上传。",
        errors=findings,
    )


def definition_too_large(limit: int) -> Problem:
    return too_large(
        "flow.definition_too_large",
        "流程定义文件过大",
        f"文件不得超过 {limit // 1024} KB, 请精简后重新上传。",
    )


def definition_unreadable(reason: str) -> Problem:
    return malformed("flow.definition_unreadable", "流程定义文件无法读取", reason)


def definition_unsafe(reason: str) -> Problem:
    return malformed("flow.definition_unsafe", "流程定义文件含有不允许的内容", reason)


def definition_not_found(key: str, version: int | None) -> Problem:
    which = f"流程“{key}”的第 {version} 版" if version else f"流程“{key}”"
    return not_found("flow.definition_not_found", "没有这个流程定义", f"{which}不存在, 请先上传流程定义。")


def definition_unchanged(key: str, version: int) -> Problem:
    return conflict(
        "flow.definition_unchanged", "流程定义没有变化", f"上传的内容与流程“{key}”的第 {version} 版相同。"
    )


def variable_unknown(name: str) -> Problem:
    return invalid(
        "flow.variable_unknown",
        "流程变量不存在",
        f"本流程没有变量“{name}”。",
        errors={name: ["本流程没有这个变量"]},
    )


def variable_invalid(name: str, label: str, expected: str) -> Problem:
    return invalid(
        "flow.variable_invalid",
        "流程变量的值不合要求",
        f"“{label or name}”应为{expected}。",
        errors={name: [f"应为{expected}"]},
    )


def variable_not_asked(name: str, label: str, step_name: str) -> Problem:
    return invalid(
        "flow.variable_not_asked",
        "本环节不能填写该流程变量",
        f"“{label or name}”({name}) 不由环节“{step_name}”填写, 请去掉后重新提交。",
        errors={name: ["本环节不填写这个变量"]},
    )


def outcome_invalid(step_name: str, allowed: Sequence[str]) -> Problem:
    choices = "、".join(allowed) if allowed else "(无需选择)"
    return invalid(
        "flow.outcome_invalid",
        "办理结果不合要求",
        f"环节“{step_name}”可选的办理结果: {choices}。",
        errors={"outcome": [f"可选: {choices}"]},
    )


def step_not_open(task_id: UUID) -> Problem:
    return conflict(
        "flow.step_not_open", "该环节已不在办理中", f"环节 {task_id} 已办结或已被退回, 请刷新后再看。"
    )


def cannot_return_there(step: str) -> Problem:
    return conflict(
        "flow.cannot_return_there", "不能退回到该环节", f"“{step}”不是本次办理中已经过的环节, 请另选。"
    )


def step_is_final(step: str) -> Problem:
    return conflict(
        "flow.step_is_final",
        "已办结的环节不能撤销",
        f"“{step}”一经办结即对外生效, 不能退回到该环节或其以前的环节。",
    )


def post_not_permitted(step_name: str, post: str) -> Problem:
    return invalid(
        "flow.post_not_permitted",
        "所选岗位无权办理",
        f"“{post}”没有办理“{step_name}”的权限, 请另选岗位。",
        errors={"assignees": ["所选岗位没有权限"]},
    )


def post_of_another_organ(step_name: str, post: str) -> Problem:
    return invalid(
        "flow.post_of_another_organ",
        "所选岗位不属于本机关",
        f"“{step_name}”只能交本机关及其内设机构的岗位办理, “{post}”属于其他单位; 请另选岗位, "
        "需要其他单位知悉的, 请在核发时列为主送或抄送机关。",
        errors={"assignees": ["所选岗位属于其他单位"]},
    )


def instance_not_found() -> Problem:
    return not_found("flow.instance_not_found", "没有这个办理流程", "流程不存在, 或您无权查看。")


def instance_ended() -> Problem:
    return conflict("flow.instance_ended", "流程已办结", "流程已经办结, 不能再做此操作。")


def already_running() -> Problem:
    return conflict("flow.already_running", "流程已经发起", "该事项已经有一个正在办理的流程, 请勿重复发起。")


def item_not_found() -> Problem:
    return not_found("flow.item_not_found", "没有这个待办事项", "事项不存在, 或您无权查看。")


def item_not_yours() -> Problem:
    return forbidden(
        "flow.item_not_yours",
        "该事项不由当前岗位办理",
        "请切换到被指派的岗位, 或由对方设置委托后再办理。",
    )


def permission_lost(step_name: str) -> Problem:
    return forbidden(
        "flow.permission_lost",
        f"该岗位已没有办理“{step_name}”的权限",
        "该岗位的权限在分派之后已被调整, 请转给有权限的岗位办理, 或联系系统管理员重新授权。",
    )


# Why an item can no longer be worked on, in the words of the person who clicks too late.
_CLOSED_BECAUSE = {
    "done": "该事项已经办理完毕, 请勿重复提交。",
    "returned": "该事项已被退回。",
    "withdrawn": "该事项已被上一环节撤回。",
    "transferred": "该事项已转给他人办理。",
    "cancelled": "该事项已不需要办理: 同一环节已由他人办结, 或流程已退回。",
}


def item_closed(status: str) -> Problem:
    return conflict("flow.item_closed", "该事项已不在待办中", _CLOSED_BECAUSE.get(status, "请刷新后再看。"))


def item_is_reading(step: str) -> Problem:
    return conflict("flow.item_is_reading", "这是传阅事项", f"“{step}”只需阅读, 不能做此操作。")


def item_is_to_do(step: str) -> Problem:
    return conflict("flow.item_is_to_do", "这是待办事项", f"“{step}”须办理, 不能只标为已阅。")


def verb_not_allowed(verb: str, step: str) -> Problem:
    return conflict("flow.verb_not_allowed", f"本环节不允许{verb}", f"流程定义没有允许在“{step}”环节{verb}。")


def reason_needed(verb: str) -> Problem:
    return invalid(
        "flow.reason_needed",
        f"{verb}须说明理由",
        f"请填写{verb}的理由。",
        errors={"opinion": ["不能为空"]},
    )


def opinion_too_long(limit: int) -> Problem:
    return invalid(
        "flow.opinion_too_long",
        "意见过长",
        f"意见不得超过 {limit} 字。",
        errors={"opinion": [f"不得超过 {limit} 字"]},
    )


def assignee_needed(step_id: str, step_name: str) -> Problem:
    return invalid(
        "flow.assignee_needed",
        "请选择下一环节的办理人",
        f"环节“{step_name}”需要指定由谁办理。",
        errors={f"assignees.{step_id}": ["请至少选择一个办理岗位"]},
    )


def nobody_holds(step_id: str, step_name: str, permission: str) -> Problem:
    return conflict(
        "flow.nobody_holds",
        "下一环节没有可办理的岗位",
        f"环节“{step_name}”({step_id}) 应由具有 {permission} 权限的岗位办理, 但该单位没有这样的岗位, "
        "请联系系统管理员授权。",
    )


def step_unknown(step_id: str) -> Problem:
    return invalid(
        "flow.step_unknown",
        "流程中没有这个环节",
        f"本流程没有环节“{step_id}”。",
        errors={"step": ["没有这个环节"]},
    )


def step_not_chosen(step_id: str, step_name: str) -> Problem:
    return invalid(
        "flow.step_not_chosen",
        "此处不能选择该环节的办理人",
        f"环节“{step_name}”的办理人由流程定义确定, 或不由本环节选择。",
        errors={f"assignees.{step_id}": ["不能指定"]},
    )


def lead_needed(step_name: str) -> Problem:
    return invalid(
        "flow.lead_needed",
        "须明确一个主办",
        f"环节“{step_name}”由多个岗位办理时须明确其中一个为主办。",
        errors={"assignees": ["须有且只有一个主办"]},
    )


def assignee_twice(step_name: str) -> Problem:
    return invalid(
        "flow.assignee_twice",
        "办理人重复",
        f"同一岗位在“{step_name}”中只能有一份待办。",
        errors={"assignees": ["岗位重复"]},
    )


def nobody_named() -> Problem:
    return invalid(
        "flow.nobody_named", "请选择人员", "请至少选择一个岗位。", errors={"assignees": ["不能为空"]}
    )


def followed_up() -> Problem:
    return conflict(
        "flow.followed_up", "不能撤回", "下一环节已经有人查看或办理, 不能撤回; 如需更正, 请联系对方退回。"
    )


def not_the_last_act() -> Problem:
    return conflict(
        "flow.not_the_last_act", "不能撤回", "只有最后一步的办理人可以撤回, 此后流程已有新的进展。"
    )


def nothing_to_remind() -> Problem:
    return conflict("flow.nothing_to_remind", "没有可催办的事项", "该事项已不在待办中。")
