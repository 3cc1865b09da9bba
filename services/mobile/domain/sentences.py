"""How each event reads in a trace: one short Chinese sentence, who did it, and who may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.clock import LOCAL_ZONE
from shared.events import archives, documents, identity, work
from shared.events.base import Event


class Rank(StrEnum):
    """How much an entry matters, and whose business it is.

    A milestone is told to everybody who may know of the chain. A step is told to those who have a part in the very
    document that it belongs to: how one unit worked on its document is not the other units' business. A detail is
    like a step, but a timeline leaves it out unless it is asked for.
    """

    MILESTONE = "milestone"
    STEP = "step"
    DETAIL = "detail"


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who did it, as far as the event says."""

    person_id: UUID | None = None
    person_name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    unit_name: str = ""
    for_person_id: UUID | None = None
    on_behalf_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event as a line of a trace."""

    sentence: str
    rank: Rank
    about_id: UUID
    doer: Doer
    to_post_id: UUID | None = None


@dataclass(frozen=True)
class _Wording:
    sentence: Callable[[Any], str]
    rank: Rank | Callable[[Any], Rank] = Rank.STEP


def tell(event: Event) -> Told:
    """The line for an event; one that nobody has worded yet is named by its key, for the auditor."""
    wording = _WORDINGS.get(type(event), _Wording(lambda unworded: f"记录事件 {unworded.key}", Rank.DETAIL))
    return Told(
        sentence=wording.sentence(event),
        rank=wording.rank if isinstance(wording.rank, Rank) else wording.rank(event),
        about_id=_about(event),
        doer=_doer(event),
        to_post_id=_to_post(event),
    )


def complete(key: str, sentence: str, *, step: str, to_post: str) -> str:
    """The sentence of an event, with what the event itself does not know: its item's step, and a post's name."""
    opens = key == work.WorkItemOpened.key
    named = f"“{step}”{sentence}" if step and not opens else sentence
    return f"{named}：{to_post}" if to_post else named


def has_wording(event: type[Event]) -> bool:
    """Whether somebody has said how that event reads."""
    return event in _WORDINGS


def _about(event: Any) -> UUID:
    """The document or other matter behind an event, whichever way the event names it."""
    if hasattr(event, "subject_of_work"):
        about: UUID = event.subject_of_work.id
        return about
    for name in ("document_id", "subject_id"):
        if isinstance(getattr(event, name, None), UUID):
            found: UUID = getattr(event, name)
            return found
    subject: UUID = event.subject
    return subject


def _doer(event: Any) -> Doer:
    if isinstance(event, work.WorkItemOpened):
        return Doer(person_name=event.sender_name, post_id=event.sender_post_id)
    for name in ("by", "doer", "started_by"):
        if told := getattr(event, name, None):
            names = Doer.__dataclass_fields__
            return Doer(**{part: value for part, value in vars(told).items() if part in names})
    return Doer()


def _to_post(event: Any) -> UUID | None:
    if isinstance(event, work.WorkItemOpened):
        return event.post_id
    return getattr(event, "to_post_id", None) if isinstance(event, work.WorkItemTransferred) else None


def _units(recipients: tuple[documents.Recipient, ...]) -> str:
    shown = "、".join(recipient.unit_name for recipient in recipients[:3])
    return shown if len(recipients) <= 3 else f"{shown}等 {len(recipients)} 个单位"


_SENT = {"lead": "送办", "assistant": "送协办", "signer": "送加签", "reader": "送阅"}
_CAUSES = {"step_done": "本环节已完成", "returned": "文件已退回", "stopped": "流程已终止"}
_RECEIPTS = {"delivered": "已送达", "signed_for": "已签收", "returned": "已退回"}
_DIRECTIONS = {"dispatch": "发文", "incoming": "收文"}

_WORDINGS: dict[type[Event], _Wording] = {
    documents.DocumentDrafted: _Wording(lambda e: f"起草{e.kind}《{e.title}》"),
    documents.DocumentRevised: _Wording(lambda e: f"修改为第 {e.version} 稿"),
    # The work items tell the same; the history of the document is kept by documents.
    documents.DocumentMovedOn: _Wording(lambda e: f"“{e.step}”环节有进展", Rank.DETAIL),
    documents.DocumentSigned: _Wording(lambda e: f"签发，成文日期 {e.dated:%Y-%m-%d}"),
    documents.DocumentNumbered: _Wording(lambda e: f"登记编号 {e.number}"),
    documents.DocumentRendered: _Wording(lambda e: "按公文格式排版成正本（PDF/A）"),
    documents.DocumentIssued: _Wording(
        lambda e: f"以 {e.number} 印发至{_units(e.recipients)}" if e.recipients else f"以 {e.number} 印发",
        Rank.MILESTONE,
    ),
    # To the sender the receipt tells the same.
    documents.DocumentArrived: _Wording(lambda e: f"收到{e.sender_name}的来文 {e.number}"),
    documents.ReceiptConfirmed: _Wording(
        lambda e: f"{e.unit_name}{_RECEIPTS.get(e.state, e.state)}" + (f"：{e.reason}" if e.reason else ""),
        Rank.MILESTONE,
    ),
    documents.DocumentClosed: _Wording(
        lambda e: f"{_DIRECTIONS.get(e.direction, '公文')}办结，移交归档",
        lambda e: Rank.STEP if e.direction == "incoming" else Rank.MILESTONE,
    ),
    documents.DocumentAbandoned: _Wording(lambda e: f"不再办理：{e.reason}", Rank.MILESTONE),
    work.WorkStarted: _Wording(lambda e: f"发起“{e.flow}”流程"),
    work.WorkEnded: _Wording(lambda e: "流程被终止" if e.stopped else "流程办理完毕"),
    work.WorkItemOpened: _Wording(lambda e: f"“{e.step}”{_SENT[e.role.value]}"),
    work.WorkItemRead: _Wording(lambda e: "查看", Rank.DETAIL),
    work.WorkItemCompleted: _Wording(
        lambda e: f"办理完毕：{e.outcome_label}" if e.outcome_label else "办理完毕"
    ),
    work.WorkItemAnswered: _Wording(lambda e: "回复传阅"),
    work.WorkItemReturned: _Wording(lambda e: f"退回至“{e.to_step}”"),
    work.WorkItemCancelled: _Wording(lambda e: f"无需再办：{_CAUSES[e.cause.value]}", Rank.DETAIL),
    work.WorkItemWithdrawn: _Wording(lambda e: "撤回"),
    work.WorkItemReopened: _Wording(lambda e: "撤回后重新办理"),
    work.WorkItemTransferred: _Wording(lambda e: "转办"),
    work.WorkItemReminded: _Wording(lambda e: f"第 {e.reminders} 次催办"),
    work.WorkItemDeadlineMoved: _Wording(
        lambda e: f"办理时限改为 {e.deadline.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
    ),
    archives.RecordArchived: _Wording(lambda e: f"归档，档号 {e.number}", Rank.MILESTONE),
    archives.DocumentNotFiled: _Wording(lambda e: e.explanation, Rank.MILESTONE),
    identity.UnitRegistered: _Wording(lambda e: f"登记单位“{e.particulars.name}”", Rank.DETAIL),
    identity.UnitParticularsCorrected: _Wording(
        lambda e: f"更正单位“{e.particulars.name}”的信息", Rank.DETAIL
    ),
    identity.UnitDissolved: _Wording(lambda e: "撤销单位", Rank.DETAIL),
    identity.PersonRegistered: _Wording(lambda e: f"登记人员“{e.name}”", Rank.DETAIL),
    identity.PersonRenamed: _Wording(lambda e: f"更正人员姓名为“{e.name}”", Rank.DETAIL),
    identity.PersonDisabled: _Wording(lambda e: f"停用账号：{e.reason}", Rank.DETAIL),
    identity.PersonEnabled: _Wording(lambda e: "恢复账号", Rank.DETAIL),
    identity.PostCreated: _Wording(lambda e: f"设立岗位“{e.title}”", Rank.DETAIL),
    identity.PostRetitled: _Wording(lambda e: f"岗位改称“{e.title}”", Rank.DETAIL),
    identity.PostPermissionsAssigned: _Wording(lambda e: "调整岗位权限", Rank.DETAIL),
    identity.PostAbolished: _Wording(lambda e: "撤销岗位", Rank.DETAIL),
    identity.TenureBegan: _Wording(lambda e: "任职", Rank.DETAIL),
    identity.TenureEnded: _Wording(lambda e: "免职", Rank.DETAIL),
    identity.SessionEnded: _Wording(lambda e: "登录结束", Rank.DETAIL),
    identity.DelegationGranted: _Wording(lambda e: "授权代办", Rank.DETAIL),
    identity.DelegationEnded: _Wording(lambda e: "收回代办授权", Rank.DETAIL),
    identity.SigningKeyAnnounced: _Wording(lambda e: "公布签名密钥", Rank.DETAIL),
    identity.SigningKeyWithdrawn: _Wording(lambda e: "停用签名密钥", Rank.DETAIL),
}
