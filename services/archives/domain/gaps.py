"""A gap is a closed document that is not yet decided on: why, and when filing is tried again."""

import errno
from collections.abc import Iterable
from datetime import timedelta

from shared.errors import Problem

NOT_TRIED = "已收到办结通知，等待归档"
NOT_ARRIVED = "事件尚未送达"
LONGEST_PAUSE = timedelta(seconds=30)

_STORAGE = {
    errno.ENOSPC: "存储空间不足",
    errno.EDQUOT: "存储配额已用完",
    errno.EFBIG: "文件超过存储所允许的大小",
    errno.EROFS: "存储处于只读状态",
    errno.EACCES: "没有写入存储的权限",
}


class CannotFile(Exception):
    """The document cannot be filed now; `reasons` says in Chinese why, one line each."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("；".join(reasons))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 2, 4, 8, 16 and then always 30 seconds.

    Never longer, so that the gaps close within a minute of whatever stood in the way being put right.
    """
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_PAUSE)


def storage_reason(error: OSError) -> str:
    """What a failing store or disk means for the document, in words."""
    what = _STORAGE.get(error.errno or 0, f"读写存储失败（{error.strerror or type(error).__name__}）")
    return f"{what}，信息包未能保存；排除后自动归档"


def reasons_of(error: Exception) -> tuple[str, ...]:
    """The reasons that a failure brings along, else what its kind says; for what nobody foresaw, its name."""
    if told := _told_by(error):
        return told
    if isinstance(error, Problem):
        return (f"{error.title}：{error.detail}",)
    if isinstance(error, OSError):
        return (storage_reason(error),)
    return (f"程序处理出错（{type(error).__name__}），已记入运行日志，系统会自动重试",)


def is_foreseen(error: Exception) -> bool:
    """Whether the failure says by itself what is wrong with the document or the store."""
    return isinstance(error, Problem | OSError) or bool(_told_by(error))


def _told_by(error: Exception) -> tuple[str, ...]:
    """The rules of filing and packing tell their reasons themselves."""
    told: Iterable[str] = getattr(error, "reasons", ())
    return tuple(told)
