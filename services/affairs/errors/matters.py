"""Every way in which the catalogue of matters, and the flows they name, refuse something, one function each."""

from datetime import date
from uuid import UUID

from services.affairs.errors import FieldFaults
from shared.errors import Problem, conflict, forbidden, invalid, not_found


def matter_not_found(matter_id: UUID) -> Problem:
    """No such matter, or a draft that is not this reader's (404)."""
    return not_found("affairs.matter_not_found", "事项不存在", f"没有事项 {matter_id}，或尚未发布。")


def version_not_found(number: int) -> Problem:
    """The matter has no such version (404)."""
    return not_found("affairs.version_not_found", "事项版本不存在", f"该事项没有第 {number} 版。")


def code_taken(code: str) -> Problem:
    """The organ has a matter of that code (409)."""
    return conflict("affairs.code_taken", "事项编码已使用", f"本单位已有编码为“{code}”的事项，请换一个编码。")


def not_your_matter(name: str) -> Problem:
    """Only the organ responsible keeps its matters (403)."""
    return forbidden(
        "affairs.not_your_matter", "不是本单位的事项", f"“{name}”由其他单位负责，只能由责任单位编制和发布。"
    )


def matter_invalid(faults: FieldFaults) -> Problem:
    """What the catalogue should say contradicts itself (422)."""
    return invalid("affairs.matter_invalid", "事项内容有误", f"有 {len(faults)} 处需要修改。", errors=faults)


def form_schema_invalid(faults: FieldFaults) -> Problem:
    """A matter's form is no usable JSON Schema (422)."""
    return invalid(
        "affairs.form_schema_invalid", "表单定义有误", f"有 {len(faults)} 处需要修改。", errors=faults
    )


def no_draft(name: str) -> Problem:
    """There is no draft to publish or give up (409)."""
    return conflict("affairs.no_draft", "没有待发布的版本", f"“{name}”没有草稿，请先编辑新版本。")


def publish_in_past(day: date) -> Problem:
    """A version cannot come into force before today (422)."""
    message = f"生效日期 {day} 已过，请填今天或以后的日期"
    return invalid(
        "affairs.publish_in_past", "生效日期已过", message + "。", errors={"effective_on": [message]}
    )


def matter_withdrawn(name: str) -> Problem:
    """The matter was taken off the catalogue (409)."""
    return conflict("affairs.matter_withdrawn", "事项已取消", f"“{name}”已从事项清单中取消。")


def not_in_force(name: str, day: date) -> Problem:
    """No version is in force on that day (409)."""
    return conflict(
        "affairs.not_in_force", "事项未生效", f"“{name}”在 {day} 没有生效的版本，不能申请；请以事项清单为准。"
    )


def changed_meanwhile(name: str) -> Problem:
    """Somebody else changed it since it was read (412)."""
    return Problem(
        "affairs.changed_meanwhile",
        "内容已被他人修改",
        status=412,
        detail=f"“{name}”刚刚被修改过，请重新打开后再修改。",
    )


def flow_unknown(key: str) -> Problem:
    """A flow of another service, or none that was uploaded (422)."""
    return invalid(
        "affairs.flow_unknown",
        "没有这个办理流程",
        f"办理流程“{key}”不存在；流程标识应以 case- 开头，并由系统管理员上传。",
        errors={"flow_key": ["没有这个办理流程"]},
    )


def flow_lacks_decision(name: str) -> Problem:
    """An uploaded flow does not end in the decision (422)."""
    return invalid(
        "affairs.flow_lacks_decision",
        "流程缺少审批决定环节",
        f"流程“{name}”须有标识为 decide 的环节：结果为 grant（准予）和 refuse（不予），标为 final，且其后直接结束。",
    )
