"""Every way in which one-thing bundles (一件事) refuse something, one function each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.errors import Problem, conflict, forbidden, invalid, not_found
from shared.errors import changed_meanwhile as changed

FieldFaults = Mapping[str, Sequence[str]]


def bundle_not_found(bundle_id: UUID) -> Problem:
    """There is no such bundle, or none in force (404)."""
    return not_found("affairs.bundle_not_found", "一件事不存在", f"没有找到一件事 {bundle_id}；请核对链接。")


def bundle_code_taken(code: str) -> Problem:
    """The organ has a bundle of that code (409)."""
    return conflict("affairs.bundle_code_taken", "一件事编码重复", f"本机关已有编码为“{code}”的一件事。")


def not_your_bundle(name: str) -> Problem:
    """Only the catalogue's keepers of the organ that takes it in may do this (403)."""
    return forbidden(
        "affairs.not_your_bundle", "不是本机关的一件事", f"“{name}”由牵头机关的事项管理岗位编制。"
    )


def bundle_invalid(faults: FieldFaults) -> Problem:
    """The definition does not hold together (422)."""
    first = next(iter(faults.values()))[0]
    return invalid("affairs.bundle_invalid", "一件事的定义有误", first, errors=faults)


def no_bundle_draft(code: str) -> Problem:
    """There is nothing to publish (409)."""
    return conflict("affairs.no_bundle_draft", "没有待发布的草稿", f"一件事“{code}”没有草稿，请先编辑。")


def bundle_withdrawn(code: str) -> Problem:
    """The bundle is off the catalogue (409)."""
    return conflict("affairs.bundle_withdrawn", "一件事已经取消", f"一件事“{code}”已经取消，不能再办。")


def bundle_changed(code: str) -> Problem:
    """Somebody else changed the definition since it was read (412)."""
    return changed(
        "affairs.bundle_changed", "一件事已被他人修改", f"“{code}”刚刚被他人修改；请重新打开后再改。"
    )


def application_not_found(application_id: UUID) -> Problem:
    """There is no such application, or it is not this reader's to know of (404)."""
    detail = f"没有找到一件事申请 {application_id}，或您无权查看；请核对链接。"
    return not_found("affairs.bundle_application_not_found", "一件事申请不存在", detail)


def application_wrong_state(number: str, state: str, verb: str) -> Problem:
    """The application is in a state in which this act has no place (409)."""
    detail = f"{number} 现在处于“{state}”，不能{verb}；请刷新后再看。"
    return conflict("affairs.bundle_wrong_state", "当前状态不能这样办", detail)


def bundle_completion_before(number: str, day: str) -> Problem:
    """Completion is asked for once (409)."""
    detail = f"{number} 已于 {day} 一次性告知补正，不得再次要求补正。"
    return conflict("affairs.bundle_completion_before", "已经告知过补正", detail)


def shared_material_unknown(key: str) -> Problem:
    """The bundle asks for no such material (404)."""
    return not_found("affairs.shared_material_unknown", "没有这份材料", f"一件事中没有材料“{key}”。")


def bundle_still_missing(faults: FieldFaults) -> Problem:
    """Not everything that was asked for was given (422)."""
    first = next(iter(faults.values()))[0]
    return invalid("affairs.bundle_still_missing", "材料还不齐", first, errors=faults)


def not_bundle_applicant(number: str) -> Problem:
    """Only the applicant may do this (403)."""
    return forbidden("affairs.not_bundle_applicant", "只有申请人可以这样办", f"{number} 由申请人办理。")


def own_application(number: str) -> Problem:
    """Nobody judges what one applied for oneself (403)."""
    return forbidden(
        "affairs.own_application", "不能办理本人的申请", f"{number} 由你申请，请由其他岗位受理。"
    )


def nobody_takes_in(unit_name: str) -> Problem:
    """Nobody is there to take applications for the bundle in (422)."""
    message = f"“{unit_name}”没有在岗的受理岗位，不能申请；请联系该单位"
    return invalid("affairs.nobody_takes_in", "没有受理岗位", message)


def bundle_not_this_way(name: str) -> Problem:
    """A part cannot be applied for in that way, online or at the window (422)."""
    message = f"“{name}”不能这样申请；请看办事指南中的办理形式，或分别申请各事项"
    return invalid("affairs.bundle_not_this_way", "申请方式不对", message, errors={"channel": [message]})


def not_at_intake(unit_name: str) -> Problem:
    """Only whoever takes the bundle in may do this (403)."""
    return forbidden("affairs.not_at_intake", "不是受理岗位", f"本事项由{unit_name}的受理岗位办理。")
