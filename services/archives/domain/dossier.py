"""What archives asks of a dossier before it files: nothing essential missing, and its contents in filing
order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.events.dossier import Direction, Dossier
from shared.files import BlobRef

# Documents that are made public have no addressee (党政机关公文处理工作条例 第八条: 公布 kinds).
KINDS_WITHOUT_ADDRESSEE = frozenset({"决议", "决定", "命令", "令", "公报", "公告", "通告", "纪要"})


class ContentRole(StrEnum):
    """What a file of the item is, in archivists' words."""

    ORIGINAL = "正本"
    ATTACHMENT = "附件"
    FINAL_TEXT = "定稿"
    VERSION = "过程稿"
    PROCESSING_SHEET = "处理单"


@dataclass(frozen=True, kw_only=True)
class Content:
    """One file of the item with its place in it: `order` from 1 over all files (件内顺序号)."""

    order: int
    role: ContentRole
    title: str
    blob: BlobRef


# 正本→定稿, 正文→附件; the handling sheet stands before a received document (DA/T 22-2015).
_USUAL_ORDER = (
    ContentRole.ORIGINAL,
    ContentRole.ATTACHMENT,
    ContentRole.FINAL_TEXT,
    ContentRole.VERSION,
    ContentRole.PROCESSING_SHEET,
)
_ORDER = {
    Direction.DISPATCH: _USUAL_ORDER,
    Direction.MEETING: _USUAL_ORDER,
    Direction.TASK: _USUAL_ORDER,
    Direction.CASE: _USUAL_ORDER,
    Direction.INCOMING: (
        ContentRole.PROCESSING_SHEET,
        ContentRole.ORIGINAL,
        ContentRole.ATTACHMENT,
        ContentRole.FINAL_TEXT,
        ContentRole.VERSION,
    ),
}

_MANDATORY = {
    Direction.DISPATCH: {
        "number": "缺少发文字号",
        "signed_on": "缺少签发日期",
        "issued_at": "缺少印发时间",
        "drafter": "缺少拟稿人",
        "signer": "缺少签发人",
        "rendered": "缺少正本（排版后的 PDF）",
        "final_text": "缺少定稿",
        "processing_sheet": "缺少发文处理单",
        "acts": "缺少办理过程",
    },
    Direction.INCOMING: {
        "received_at": "缺少收文时间",
        "rendered": "缺少来文正本",
        "processing_sheet": "缺少收文处理单",
        "acts": "缺少办理过程",
    },
    Direction.MEETING: {
        "rendered": "缺少会议记录（PDF）",
        "acts": "缺少办理过程",
    },
    Direction.TASK: {
        "number": "缺少督办编号",
        "rendered": "缺少督查事项办理记录（PDF）",
        "acts": "缺少办理过程",
    },
    Direction.CASE: {
        "number": "缺少办件编号",
        "rendered": "缺少办件记录（PDF）",
        "acts": "缺少办理过程",
    },
}


def missing_facts(dossier: Dossier) -> tuple[str, ...]:
    """Why the document cannot be filed yet: one Chinese line for each essential fact that is missing; else
    empty.
    """
    reasons = [reason for name, reason in _MANDATORY[dossier.direction].items() if not getattr(dossier, name)]
    reasons += _unaddressed(dossier)
    # A title may be broken into lines for its layout.
    title = "".join(dossier.title.splitlines())
    return tuple(f"《{title}》{reason}" for reason in reasons)


def _unaddressed(dossier: Dossier) -> list[str]:
    if dossier.direction is not Direction.DISPATCH or dossier.receivers:
        return []
    return [] if dossier.kind in KINDS_WITHOUT_ADDRESSEE else ["缺少主送机关"]


def contents_in_order(dossier: Dossier) -> tuple[Content, ...]:
    """Every file of the item in filing order (件内排列)."""
    found = list(_contents(dossier))
    order = _ORDER[dossier.direction]
    # Sorting is stable, so attachments and versions keep their own order.
    found.sort(key=lambda content: order.index(content[0]))
    return tuple(
        Content(order=place, role=role, title=title, blob=blob)
        for place, (role, title, blob) in enumerate(found, start=1)
    )


def _contents(dossier: Dossier) -> Iterator[tuple[ContentRole, str, BlobRef]]:
    if dossier.rendered:
        yield ContentRole.ORIGINAL, dossier.title, dossier.rendered
    if dossier.final_text:
        yield ContentRole.FINAL_TEXT, f"{dossier.title}（定稿）", dossier.final_text
    for attachment in dossier.attachments:
        yield ContentRole.ATTACHMENT, attachment.title, attachment.blob
    for version in sorted(dossier.versions, key=lambda version: version.number):
        yield ContentRole.VERSION, f"{dossier.title}（第{version.number}稿）", version.blob
    if dossier.processing_sheet:
        yield ContentRole.PROCESSING_SHEET, "文件处理单", dossier.processing_sheet
