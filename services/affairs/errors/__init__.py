"""Every way in which affairs refuses something, one function each."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from shared import secrecy
from shared.errors import Problem, conflict, forbidden, invalid, not_found, unsupported_type

FieldFaults = Mapping[str, Sequence[str]]


def case_not_found(case_id: UUID) -> Problem:
    """There is no such case, or it is not this reader's to know of (404)."""
    return not_found("affairs.case_not_found", "办件不存在", f"没有办件 {case_id}，或您未参与办理。")


def item_not_found(item_id: UUID) -> Problem:
    """The case has no such work item (404)."""
    return not_found("affairs.item_not_found", "办理事项不存在", f"该办件没有办理事项 {item_id}。")


def asked_material_not_found() -> Problem:
    """No material of that id is asked of the actor's department (404)."""
    return not_found(
        "affairs.asked_material_not_found", "没有请你部门出具的这份材料", "请在待办事项中重新打开。"
    )


def material_not_found(code: str) -> Problem:
    """The case has no such material (404)."""
    return not_found("affairs.material_not_found", "材料不存在", f"该办件没有编码为“{code}”的材料。")


def file_not_found(file_id: UUID) -> Problem:
    """No such file, or another's (404)."""
    return not_found("affairs.file_not_found", "文件不存在", f"没有文件 {file_id}，或无权使用。")


def file_refused(name: str, accepted: str) -> Problem:
    """A file of a kind that is not taken (415)."""
    return unsupported_type(
        "affairs.file_refused", "不支持的文件类型", f"“{name}”不能上传；可上传{accepted}。"
    )


def file_empty(name: str) -> Problem:
    """An empty file (422)."""
    return invalid("affairs.file_empty", "文件是空的", f"“{name}”没有内容，请检查后重新上传。")


def file_in_use(name: str) -> Problem:
    """The file belongs to another case already (409)."""
    return conflict("affairs.file_in_use", "文件已用于其他办件", f"“{name}”已用于其他办件，请重新上传。")


def application_invalid(faults: FieldFaults) -> Problem:
    """The form or the materials are not as the matter asks (422)."""
    return invalid(
        "affairs.application_invalid",
        "申请内容不完整或有误",
        f"有 {len(faults)} 处需要补充或修改。",
        errors=faults,
    )


def promise_needed() -> Problem:
    """Deferred materials and declarations need a signed promise (422)."""
    message = "容缺或告知承诺须由申请人确认承诺"
    return invalid(
        "affairs.promise_needed",
        "缺少承诺",
        message + "，请勾选确认后重新提交。",
        errors={"promise": [message]},
    )


def promise_not_trusted(unit_name: str, until: date) -> Problem:
    """An applicant that broke a promise lately may give none (409)."""
    return conflict(
        "affairs.promise_not_trusted",
        "暂不适用容缺和告知承诺",
        f"{unit_name}有未兑现的承诺记录，{until} 前申请须提交全部材料。",
    )


def not_online(name: str) -> Problem:
    """The matter is secret, or its channels do not include this one (409)."""
    return conflict(
        "affairs.not_online", "不能从这一渠道申请", f"“{name}”不支持从这一渠道申请，请按办事指南办理。"
    )


def delivery_unknown(name: str) -> Problem:
    """The matter's result is not delivered in that way (422)."""
    message = f"“{name}”的结果不以这种方式送达"
    return invalid("affairs.delivery_unknown", "送达方式不符", message + "。", errors={"delivery": [message]})


def nobody_at_window(unit_name: str) -> Problem:
    """The organ has no post that takes applications in (409)."""
    return conflict(
        "affairs.nobody_at_window",
        "没有受理岗位",
        f"{unit_name}没有在岗的受理人员，请联系该单位安排有“受理办事申请”权限的岗位。",
    )


def not_at_window(unit_name: str) -> Problem:
    """Only the window of the organ that handles it may do this (403)."""
    return forbidden("affairs.not_at_window", "不是受理窗口", f"这一步由{unit_name}的受理窗口办理。")


def not_the_applicant() -> Problem:
    """Only the applicant may do this (403)."""
    return forbidden("affairs.not_the_applicant", "不是申请人", "这一步只能由申请人办理。")


def secret_content(mark: str, *, where: str) -> Problem:
    """The text carries a mark of state secrecy, and this network is not for such matters (422)."""
    return secrecy.secret_content("affairs.secret_content", mark, where=where)


def own_case(number: str) -> Problem:
    """Nobody judges what one applied for oneself (403)."""
    return forbidden(
        "affairs.own_case", "不能办理本人申请的办件", f"办件 {number} 由你申请，请转交其他岗位办理。"
    )


def rated_by_handler(number: str) -> Problem:
    """Whoever handled a case does not rate it (403)."""
    return forbidden(
        "affairs.rated_by_handler", "经办人不能评价", f"办件 {number} 由你参与办理，请由申请人评价。"
    )


def wrong_state(number: str, state: str, verb: str) -> Problem:
    """The case stands where this has no place (409)."""
    return conflict("affairs.wrong_state", f"现在不能{verb}", f"办件 {number} 现为“{state}”，不能{verb}。")


def completion_asked_before(number: str, day: str) -> Problem:
    """Completion may be asked for once, with everything that is missing (409)."""
    return conflict(
        "affairs.completion_asked_before",
        "已经告知过补正",
        f"办件 {number} 已于 {day} 一次性告知补正；补正只能告知一次，请依现有材料受理或不予受理。",
    )


def still_missing(faults: FieldFaults) -> Problem:
    """What was asked for is not all there yet (422)."""
    return invalid("affairs.still_missing", "材料仍不齐全", f"还有 {len(faults)} 处没有补齐。", errors=faults)


def posts_needed(step_id: str, step_name: str, units: Sequence[str]) -> Problem:
    """Nobody was chosen for a coming step, and the matter names nobody (422)."""
    of_units = f"（{'、'.join(units)}）" if units else ""
    message = f"请为“{step_name}”环节选择办理岗位{of_units}"
    return invalid(
        "affairs.posts_needed", "缺少办理岗位", message + "。", errors={f"choices.{step_id}": [message]}
    )


def reason_needed(verb: str) -> Problem:
    """A refusal needs its reason (422)."""
    message = f"{verb}须写明理由"
    return invalid("affairs.reason_needed", "缺少理由", message + "。", errors={"opinion": [message]})


def not_instant(name: str) -> Problem:
    """Only matters that the catalogue calls so are finished at once (409)."""
    return conflict("affairs.not_instant", "不是即办件", f"“{name}”是承诺件，须受理后按流程办理。")


def clock_stands(number: str) -> Problem:
    """The clock stands still already, or nothing may be decided while it does (409)."""
    return conflict("affairs.clock_stands", "计时已停止", f"办件 {number} 正停止计时，请先恢复计时。")


def clock_runs(number: str) -> Problem:
    """The clock does not stand still (409)."""
    return conflict("affairs.clock_runs", "没有停止计时", f"办件 {number} 的计时没有停止。")


def completion_awaited(number: str) -> Problem:
    """The applicant still has time to complete; the clock runs again with that or when the time is over (409)."""
    detail = f"办件 {number} 正等待申请人补正；补正后或补正期限届满时自动恢复计时。"
    return conflict("affairs.completion_awaited", "正在等待补正", detail)


def too_late_to_stop(number: str) -> Problem:
    """The promise is broken already; a stopped clock would hide it (409)."""
    return conflict("affairs.too_late_to_stop", "已经超期", f"办件 {number} 已超过承诺时限，不能再停止计时。")


def materials_lapsed(names: Sequence[str]) -> Problem:
    """A promise about materials was broken, so nothing can be granted (409)."""
    return conflict(
        "affairs.materials_lapsed",
        "承诺未兑现",
        f"{'、'.join(names)}逾期未补交或承诺不实，不能作出准予决定。",
    )


def materials_lacking(names: Sequence[str]) -> Problem:
    """What the matter requires did not come, so nothing can be granted (409)."""
    return conflict(
        "affairs.materials_lacking",
        "缺少材料",
        f"缺少{'、'.join(names)}，不能作出准予决定；确不需要的，请写明理由后免予提交，否则决定不予批准。",
    )


def material_settled(name: str) -> Problem:
    """There is nothing to hand in or check any more (409)."""
    return conflict("affairs.material_settled", "材料无需再办", f"“{name}”不在待补交、待补正或待核查之列。")


def stuck_before(number: str) -> Problem:
    """The same complaint is being looked into (409)."""
    return conflict(
        "affairs.stuck_before", "已经反映过", f"办件 {number} 已反映“办不成事”，正在督办，请等待答复。"
    )


def result_not_found() -> Problem:
    """No result has that code, or the case has none (404)."""
    return not_found(
        "affairs.result_not_found", "没有查到办理结果", "核验码无效；请核对二维码或联系发证单位。"
    )


def seal_key_not_found() -> Problem:
    """There is no such certificate (404)."""
    return not_found("affairs.seal_key_not_found", "没有这份签章证书", "请在证书列表中核对后重试。")


def verified_too_often(retry_after: int) -> Problem:
    """Too many look-ups from one address (429)."""
    return Problem(
        "affairs.verified_too_often",
        "查询过于频繁",
        status=429,
        detail="请稍后再核验。",
        headers={"Retry-After": str(retry_after)},
    )


def no_flow(number: str) -> Problem:
    """The case has no flow to draw (404)."""
    return not_found("affairs.no_flow", "没有流程图", f"办件 {number} 没有进入办理流程。")


def step_has_its_own_way(step: str) -> Problem:
    """A duty outside the flow is not done as an item of the flow (409)."""
    return conflict("affairs.step_has_its_own_way", "不能这样办理", f"“{step}”请从办件页面的相应功能办理。")


def materials_awaited(names: Sequence[str]) -> Problem:
    """A department has not provided its part yet (409)."""
    detail = f"{'、'.join(names)} 由部门出具，尚未收到；请等待或催办，不得要求申请人提交。"
    return conflict("affairs.materials_awaited", "等待部门出具材料", detail)
