"""What a version of a matter must say to hold together."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

ONLINE_CHANNELS = frozenset({"web", "phone"})


def matter_faults(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """What contradicts itself, by field."""
    found = {name: words for name, check in _CHECKS.items() if (words := check(content))}
    return {name: [words] for name, words in found.items()}


def _days(content: Mapping[str, Any]) -> str:
    promised, legal = content["promised_days"], content["legal_days"]
    if promised > legal:
        return f"承诺时限（{promised} 个工作日）不得超过法定时限（{legal} 个工作日）"
    if content["instant"] and promised:
        return "即办件当场办结，承诺时限应为 0"
    return "" if content["instant"] or promised else "承诺件的承诺时限至少 1 个工作日"


def _materials(content: Mapping[str, Any]) -> str:
    counted = Counter(material["code"] for material in content["materials"])
    twice = [code for code, times in counted.items() if times > 1]
    if twice:
        return f"材料编码重复：{'、'.join(twice)}"
    wrong = [
        material["name"]
        for material in content["materials"]
        if material["provided_by"] != "applicant" and (material["may_defer"] or material["may_declare"])
    ]
    return f"不由申请人提供的材料无须容缺或承诺：{'、'.join(wrong)}" if wrong else ""


def _channels(content: Mapping[str, Any]) -> str:
    if content["confidential"] and ONLINE_CHANNELS & set(content["channels"]):
        return "涉密事项只能在窗口办理"
    return ""


def _joint(content: Mapping[str, Any]) -> str:
    units = [part["unit_id"] for part in content["joint"]]
    if len(set(units)) < len(units):
        return "联办单位重复"
    return "即办件当场办结，不能有联办单位" if content["instant"] and units else ""


def _result(content: Mapping[str, Any]) -> str:
    if bool(content["result_name"]) != bool(content["result_code"]):
        return "结果名称和结果文号代字应同时填写或同时为空"
    return ""


_CHECKS = {
    "promised_days": _days,
    "materials": _materials,
    "channels": _channels,
    "joint": _joint,
    "result_code": _result,
}
