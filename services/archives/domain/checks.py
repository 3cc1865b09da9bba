"""The four checks (四性检测) at the filing stage: 真实性, 完整性, 可用性 and 安全性, as one table of single
checks.

What a program did not test is reported as 未检测 with the reason, never as passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.archives.domain import check_rules as rules
from services.archives.domain.check_rules import Faults, Subject

_STANDARD = "DA/T 70-2018"
# These numbers could not be read in the standard's own text; they name the item inside this system.
_OWN_NUMBER = "参照 DA/T 70-2018 归档环节，条目编号为本系统所用"


class Result(StrEnum):
    """What a check found; 未检测 where no program tested it."""

    PASSED = "合格"
    FAILED = "不合格"
    NOT_TESTED = "未检测"


class Category(StrEnum):
    """The four properties (四性)."""

    AUTHENTICITY = "真实性"
    INTEGRITY = "完整性"
    USABILITY = "可用性"
    SECURITY = "安全性"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One line of the report: code, name, 类别, 对象, 目的, 依据, result and remarks (备注)."""

    code: str
    name: str
    category: Category
    object: str
    purpose: str
    basis: str
    result: Result
    note: str


@dataclass(frozen=True)
class Check:
    """One check: `run` returns the faults found, or None with `untested` as the reason when it cannot be
    done.
    """

    code: str
    name: str
    category: Category
    object: str
    purpose: str
    run: Callable[[Subject], Faults] | None
    remark: str = ""
    basis: str = _STANDARD


_A, _I, _U, _S = Category.AUTHENTICITY, Category.INTEGRITY, Category.USABILITY, Category.SECURITY
_META, _DATA, _BOTH, _PACKAGE = "元数据", "内容数据", "元数据与内容数据", "归档信息包"

CHECKS: tuple[Check, ...] = (
    Check(
        "1-1",
        "固化信息有效性",
        _A,
        _DATA,
        "内容数据未被改动",
        rules.digests_recorded,
        "已核对摘要；电子签名、电子印章、时间戳未检测",
    ),
    Check("1-2", "元数据项长度", _A, _META, "元数据项长度符合要求", rules.too_long, basis=_OWN_NUMBER),
    Check("1-3", "元数据项类型和格式", _A, _META, "数据类型、日期格式等符合要求", rules.schema_faults),
    Check(
        "1-4",
        "元数据项值域符合度",
        _A,
        _META,
        "取值在规定范围内",
        rules.outside_value_range,
        basis=_OWN_NUMBER,
    ),
    Check("1-5", "元数据项值合理性", _A, _META, "年度和日期合乎情理", rules.implausible_dates),
    Check("1-6", "特殊字符", _A, _META, "著录项不含不可见或无法显示的字符", rules.strange_characters),
    Check("1-7", "档号规范性", _A, _META, "档号符合编制规则", rules.number_form),
    Check("1-8", "档号重复性", _A, _META, "档号不重复", rules.number_repeated),
    Check(
        "1-10", "内容数据电子属性一致性", _A, _BOTH, "文件名、大小、格式与元数据一致", rules.attributes_differ
    ),
    Check(
        "1-11", "元数据与内容数据关联一致性", _A, _BOTH, "元数据所指文件存在且一一对应", rules.paths_differ
    ),
    Check(
        "1-12",
        "说明文件和目录文件规范性",
        _A,
        _PACKAGE,
        "说明文件和清单规范",
        None,
        "封包时由程序生成，封包后由信息包校验逐项核对",
    ),
    Check("1-13", "信息包目录结构规范性", _A, _PACKAGE, "目录结构符合规定", rules.misplaced_files),
    Check("1-14", "信息包一致性", _A, _PACKAGE, "归档前后内容数据摘要相同", rules.changed_content),
    Check("2-1", "总件数相符性", _I, _PACKAGE, "件数与登记相符", rules.item_count),
    Check("2-2", "总字节数相符性", _I, _PACKAGE, "字节数与登记相符", rules.byte_count),
    Check("2-3", "元数据项完整性", _I, _META, "GB/T 18894 最低限度元数据齐全", rules.metadata_incomplete),
    Check("2-4", "元数据必填项", _I, _META, "必填项不为空", rules.facts_missing),
    Check("2-5", "过程信息完整性", _I, _META, "办理过程各环节有记录", rules.activities_missing),
    Check("2-6", "连续性", _I, _META, "档号和件内顺序号连续", rules.not_contiguous),
    Check("2-7", "内容数据完整性", _I, _DATA, "内容数据齐全、不为空", rules.content_missing),
    Check("2-8", "附件完整性", _I, _DATA, "附件齐全", rules.attachments_missing, basis=_OWN_NUMBER),
    Check("2-9", "归档范围", _I, _PACKAGE, "属于归档范围", rules.out_of_scope),
    Check(
        "2-10",
        "信息包元数据完整性",
        _I,
        _PACKAGE,
        "封装包元数据齐全",
        None,
        "信息包采用 BagIt 组织，不是 EEP 封装包",
    ),
    Check("2-11", "信息包内容数据完整性", _I, _PACKAGE, "包内文件数与元数据一致", rules.file_count),
    Check("3-1", "信息包中元数据可读性", _U, _META, "元数据可正常读取", rules.unreadable_metadata),
    Check("3-2", "目标数据库中元数据可访问性", _U, _META, "数据库中元数据可访问", None, "封包时尚未入库"),
    Check("3-3", "内容数据格式合规性", _U, _DATA, "格式符合归档要求", rules.unfit_formats),
    Check("3-4", "内容数据可读性", _U, _DATA, "文件可正常打开", rules.unopenable, basis=_OWN_NUMBER),
    Check("3-6", "软件环境合规性", _U, _PACKAGE, "软件环境信息合规", None, "需人工确认", _OWN_NUMBER),
    Check("3-7", "硬件环境合规性", _U, _PACKAGE, "硬件环境信息合规", None, "需人工确认", _OWN_NUMBER),
    Check("3-8", "信息包无加密、无非公开压缩算法", _U, _PACKAGE, "信息包可长期读取", rules.locked_files),
    Check("4-1", "杀毒软件", _S, "系统环境", "已安装杀毒软件", None, "未接入杀毒软件，需人工确认"),
    Check("4-2", "病毒", _S, _PACKAGE, "信息包无病毒", None, "未接入杀毒软件"),
    Check("4-3", "载体多余文件", _S, "载体", "载体中无多余文件", None, "在线归档，无离线载体"),
    Check("4-4", "载体读取速度", _S, "载体", "载体读取速度正常", None, "在线归档，无离线载体", _OWN_NUMBER),
    Check("4-5", "载体外观", _S, "载体", "载体外观正常", None, "在线归档，无离线载体", _OWN_NUMBER),
    Check("4-6", "光盘合格性", _S, "载体", "光盘合格", None, "在线归档，无离线载体", _OWN_NUMBER),
    Check("4-7", "归档过程安全性", _S, "归档过程", "归档过程安全可控", None, "由审计日志另行核查"),
)


def run_checks(subject: Subject) -> tuple[CheckResult, ...]:
    """All checks of the filing stage on a package about to be sealed, in the order of their codes."""
    return tuple(_run(check, subject) for check in CHECKS)


def failed(results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Those that were not passed; what was not tested is not among them."""
    return tuple(result for result in results if result.result is Result.FAILED)


def _run(check: Check, subject: Subject) -> CheckResult:
    found = check.run(subject) if check.run else Faults(tested=False)
    result, note = _verdict(found, check.remark)
    return CheckResult(
        code=check.code,
        name=check.name,
        category=check.category,
        object=check.object,
        purpose=check.purpose,
        basis=check.basis,
        result=result,
        note=note,
    )


def _verdict(found: Faults, remark: str) -> tuple[Result, str]:
    if not found.tested:
        return Result.NOT_TESTED, found.note or remark
    if found.faults:
        return Result.FAILED, "；".join(found.faults)
    return Result.PASSED, found.note or remark
