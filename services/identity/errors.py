"""What identity refuses, and why: one function per failure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.clock import LOCAL_ZONE
from shared.errors import (
    Problem,
    changed_meanwhile,
    conflict,
    forbidden,
    invalid,
    not_found,
    too_many,
    unauthenticated,
)


def sign_in_refused() -> Problem:
    """Account or password is wrong, or the account is disabled; which of these is not said (401)."""
    return unauthenticated(
        "identity.sign_in_refused", "登录名或口令不正确", "请核对后重试; 连续失败会延长等待时间。"
    )


def must_wait(seconds: int) -> Problem:
    """Signing in failed too often; known and unknown accounts are answered alike (429)."""
    return too_many(
        "identity.must_wait",
        "登录失败次数过多",
        f"请在 {seconds} 秒后重试; 如忘记口令, 请联系安全管理员重置。",
        retry_after=seconds,
    )


def no_post() -> Problem:
    """The person holds no post, so there is nothing to act as (403)."""
    return forbidden("identity.no_post", "账号没有在任岗位", "请联系本单位系统管理员为您设置岗位后再登录。")


def refresh_refused() -> Problem:
    """The refresh token is unknown, used up, too old, or its sign-in has ended (401)."""
    return unauthenticated("identity.refresh_refused", "登录已结束", "请重新登录。")


def post_not_held() -> Problem:
    """The person does not hold that post (403)."""
    return forbidden("identity.post_not_held", "您不在该岗位任职", "请从本人在任岗位中选择。")


def password_wrong() -> Problem:
    """The present password does not match (422)."""
    said = "当前口令不正确"
    return invalid("identity.password_wrong", said, "请核对后重试。", errors={"current_password": [said]})


def password_unfit(complaints: Sequence[str], field: str = "new_password") -> Problem:
    """The new password breaks the rules (422)."""
    return invalid(
        "identity.password_unfit", "新口令不符合要求", "; ".join(complaints), errors={field: complaints}
    )


def administrator_password() -> Problem:
    """An administrator's password is not reset by another administrator (403)."""
    return forbidden(
        "identity.administrator_password",
        "不能重置管理员的口令",
        "系统、安全、审计管理员的口令只能由运维人员在服务器上重置(yiwang identity reset-password)。",
    )


def unit_not_found() -> Problem:
    """No such unit in the directory (404)."""
    return not_found("identity.unit_not_found", "单位不存在", "请刷新列表后重新选择。")


def person_not_found() -> Problem:
    """No such person in the directory (404)."""
    return not_found("identity.person_not_found", "人员不存在", "请刷新列表后重新选择。")


def post_not_found() -> Problem:
    """No such post in the directory (404)."""
    return not_found("identity.post_not_found", "岗位不存在", "请刷新列表后重新选择。")


def session_not_found() -> Problem:
    """No such open sign-in (404)."""
    return not_found("identity.session_not_found", "登录会话不存在或已结束", "请刷新列表。")


def role_not_found() -> Problem:
    """No such role (404)."""
    return not_found("identity.role_not_found", "角色不存在", "请刷新列表后重新选择。")


def delegation_not_found() -> Problem:
    """No such delegation of this person (404)."""
    return not_found("identity.delegation_not_found", "委托不存在", "请刷新列表。")


def outside_scope() -> Problem:
    """The unit, person or post lies outside what the acting post administers (403)."""
    return forbidden(
        "identity.outside_scope",
        "不在您的管理范围内",
        "当前岗位只能管理本单位及指定范围内的机构、人员和岗位。",
    )


def disabled_by_others() -> Problem:
    """When the person was disabled, the posts held lay outside what the actor administers (403)."""
    return forbidden(
        "identity.disabled_by_others",
        "此人停用时不在您的管理范围内",
        "停用后才任命到本单位的人员, 只能由其停用时所任岗位的管理员或管理全部单位的管理员启用。",
    )


def holds_no_post() -> Problem:
    """A person without posts is touched only by whoever administers all units, or the operator (403)."""
    return forbidden(
        "identity.holds_no_post",
        "此人没有在任岗位, 不在您的管理范围内",
        "没有岗位的人员只能由管理全部单位的管理员办理; 属于本单位的, 请先任命到本单位的岗位。",
    )


def directory_refused(errors: Mapping[str, Sequence[str]]) -> Problem:
    """The change breaks a rule of the directory (422)."""
    said = "; ".join(message for messages in errors.values() for message in messages)
    return invalid("identity.directory_refused", "机构、人员或岗位信息有误", said, errors=errors)


def import_refused(findings: Sequence[Any]) -> Problem:
    """The files hold errors; nothing was written (422). All are listed with file, row and column."""
    listed = [
        {"file": found.file, "row": found.row, "column": found.column, "message": found.message}
        for found in findings
    ]
    problem = invalid(
        "identity.import_refused",
        f"导入文件有 {len(listed)} 处问题, 没有写入任何内容",
        "; ".join(str(found) for found in findings[:5]) + ("…" if len(listed) > 5 else ""),
    )
    problem.extra["findings"] = listed[:1000]
    problem.extra["findings_total"] = len(listed)
    return problem


def no_import_file() -> Problem:
    """The form came without a file (422)."""
    return invalid("identity.no_import_file", "没有上传文件", "请上传单位、人员或岗位的 CSV 或 XLSX 文件。")


def unit_in_use(reason: str) -> Problem:
    """The unit cannot be dissolved while something depends on it (409)."""
    return conflict("identity.unit_in_use", "单位不能撤销", reason)


def already_disabled() -> Problem:
    """The person is disabled already (409)."""
    return conflict("identity.already_disabled", "账号已停用", "无需重复操作。")


def not_disabled() -> Problem:
    """The person is not disabled (409)."""
    return conflict("identity.not_disabled", "账号未停用", "无需启用。")


def already_held() -> Problem:
    """The person holds the post already (409)."""
    return conflict("identity.already_held", "此人已在该岗位任职", "无需重复任命。")


def not_held() -> Problem:
    """The person does not hold the post (409)."""
    return conflict("identity.not_held", "此人不在该岗位任职", "请刷新后重试。")


def administrators_by_security_only() -> Problem:
    """Only a security administrator may appoint or change administrators (403)."""
    return forbidden(
        "identity.administrators_by_security_only",
        "管理员岗位只能由安全管理员设置",
        "系统、安全、审计管理员的角色授予和任免由安全管理员办理。",
    )


def not_oneself() -> Problem:
    """Nobody changes their own roles, posts or standing (403)."""
    return forbidden("identity.not_oneself", "不能对本人进行此项操作", "请由其他管理员办理。")


def delegation_refused(errors: Mapping[str, Sequence[str]]) -> Problem:
    """The delegation breaks a rule (422)."""
    said = "; ".join(message for messages in errors.values() for message in messages)
    return invalid("identity.delegation_refused", "委托不符合规定", said, errors=errors)


def delegation_over() -> Problem:
    """The delegation has ended already (409)."""
    return conflict("identity.delegation_over", "委托已经结束", "无需再次结束。")


def key_too_young(usable_from: datetime) -> Problem:
    """The next key was announced too recently to sign with (409)."""
    local = usable_from.astimezone(LOCAL_ZONE)
    return conflict(
        "identity.key_too_young",
        "下一把签名密钥公布时间不足",
        f"为避免各服务尚未取得新公钥, 请在 {local:%Y-%m-%d %H:%M:%S} 之后再更换。",
    )


def edited_meanwhile() -> Problem:
    """Someone else changed it since it was read (412)."""
    return changed_meanwhile("identity.edited_meanwhile", "已被他人修改", "请重新打开、核对后再保存。")
