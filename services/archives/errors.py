"""Every way in which archives refuses something, one function each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.errors import Problem, changed_meanwhile, conflict, invalid, not_found


def record_not_found(record: UUID | str) -> Problem:
    """There is no such record, or it is not of a unit that the reader keeps (404)."""
    return not_found("archives.record_not_found", "档案不存在或无权查看", f"没有可供查看的档案 {record}。")


def closed_not_found(document_id: UUID) -> Problem:
    """No such document was closed, or it is not of a unit that the reader keeps (404)."""
    detail = f"没有可供办理的已办结公文 {document_id}。"
    return not_found("archives.closed_not_found", "公文不存在、尚未办结或无权办理", detail)


def already_filed(title: str, number: str) -> Problem:
    """The document is filed, and what is filed is not changed (409)."""
    detail = f"《{title}》已归档，档号 {number}；已归档的档案不再更改保管期限，请按档案鉴定程序办理。"
    return conflict("archives.already_filed", "公文已经归档", detail)


def nothing_to_overrule(title: str) -> Problem:
    """The ruling says what holds already (409)."""
    detail = f"《{title}》现在就是这样决定的，未作改动。"
    return conflict("archives.nothing_to_overrule", "决定没有变化", detail)


def file_not_found(path: str) -> Problem:
    """The package has no such file (404)."""
    return not_found(
        "archives.file_not_found", "包内没有这个文件", f"信息包中没有“{path}”，请从文件清单中选择。"
    )


def package_unreadable(number: str, reasons: Sequence[str]) -> Problem:
    """The stored package is damaged or gone (409)."""
    told = "；".join(reasons)
    return conflict(
        "archives.package_unreadable",
        "信息包已损坏或丢失",
        f"档案 {number} 的信息包不能读取：{told}。请核验后用备份恢复。",
    )


def nothing_to_correct() -> Problem:
    """A correction names no field, or changes nothing (422)."""
    return invalid("archives.nothing_to_correct", "没有需要更正的内容", "所填内容与现有著录一致，未作改动。")


def field_required(name: str, label: str) -> Problem:
    """A field that every item must have was emptied (422)."""
    message = f"{label}不能为空"
    return invalid("archives.field_required", "著录项不完整", message, errors={name: [message]})


def changed_by_another() -> Problem:
    """The description or setting was changed since it was read (412)."""
    return changed_meanwhile("archives.changed_by_another", "已被他人更改", "请刷新后在最新内容上重新更改。")


def schedule_invalid(reasons: Sequence[str]) -> Problem:
    """The retention schedule may not be put in force (422)."""
    return invalid(
        "archives.schedule_invalid",
        "保管期限表不能启用",
        "请按下列意见修改后重新提交。",
        errors={"rules": list(reasons)},
    )


def schedule_exists(version: str, effective_from: str) -> Problem:
    """A version of that name, or one from that day, is there already (409)."""
    return conflict(
        "archives.schedule_exists",
        "已有同名或同日生效的保管期限表",
        f"版本“{version}”或生效日期 {effective_from} 已经使用；已启用的版本不得更改，请另定版本号和生效日期。",
    )


def no_organ() -> Problem:
    """The post belongs to no organ that is known here, so a rule would belong to nobody (409)."""
    return conflict(
        "archives.no_organ", "所在单位不在机构名录中", "请等机构信息送达后重试，或切换到本单位的岗位。"
    )


def no_schedule(day: str) -> Problem:
    """No schedule was in force on that day (404)."""
    return not_found("archives.no_schedule", "没有生效的保管期限表", f"{day} 尚无生效的保管期限表。")


def fonds_not_found(code: str) -> Problem:
    """No unit that the reader keeps has that fonds (404)."""
    return not_found("archives.fonds_not_found", "全宗不存在或无权管理", f"没有可供管理的全宗 {code}。")


def fonds_ambiguous(code: str, units: Mapping[str, str]) -> Problem:
    """Several archives have a fonds of that number (409)."""
    named = "、".join(f"{division} {name}" for division, name in sorted(units.items()))
    return conflict(
        "archives.fonds_ambiguous", "全宗号不止一个", f"全宗 {code} 有：{named}。请用 division 指明区划代码。"
    )


def fonds_invalid(errors: Mapping[str, Sequence[str]]) -> Problem:
    """A setting of the fonds would give numbers that break the form (422)."""
    return invalid("archives.fonds_invalid", "全宗设置有误", "请按提示修改。", errors=errors)


def export_too_long(limit: int) -> Problem:
    """The list to export has more rows than one sheet takes (422)."""
    return invalid("archives.export_too_long", "导出条数过多", f"一次最多导出 {limit} 条，请缩小查询范围。")
