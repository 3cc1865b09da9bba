"""Failures of the machinery, in words for whoever asked."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Problem, conflict, invalid
from shared.files import StoreAway, store_away


def problem_of(error: Exception) -> Problem:
    """What the caller is told of a failure; nothing of its inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, IntegrityError):
        return conflict("web.conflicting_change", "与其他人的操作冲突", "请刷新后重试; 本次没有任何改动。")
    if isinstance(error, DataError):
        return invalid("web.value_out_of_range", "填写内容超出允许范围", "请检查数字大小和日期后重试。")
    if isinstance(error, StoreAway):
        return store_away()
    # Also when a connection had to be given up, whatever the reason: the next one is good.
    is_given_up = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_given_up or isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return Problem(
            "web.database_away",
            "系统暂时不可用",
            status=503,
            detail="数据库暂时无法访问, 本次没有任何改动, 请稍后重试。",
            headers={"Retry-After": "5"},
        )
    return Problem(
        "web.internal",
        "系统内部错误",
        status=500,
        detail="本次没有任何改动; 请将错误编号(correlation_id)告知系统管理员。",
    )
