"""How events of documents, archives and work items read."""

from collections.abc import Mapping

from services.mobile.domain.wording import Rank, Wording, moment, names
from shared.events import archives, documents, work
from shared.events.base import Event


def _units(recipients: tuple[documents.Recipient, ...]) -> str:
    return names([recipient.unit_name for recipient in recipients])


_SENT = {"lead": "送办", "assistant": "送协办", "signer": "送加签", "reader": "送阅"}
_CAUSES = {"step_done": "本环节已完成", "returned": "文件已退回", "stopped": "流程已终止"}
_RECEIPTS = {"delivered": "已送达", "signed_for": "已签收", "returned": "已退回"}
_DIRECTIONS = {"dispatch": "发文", "incoming": "收文"}

OFFICE: Mapping[type[Event], Wording] = {
    documents.DocumentDrafted: Wording(lambda e: f"起草{e.kind}《{e.title}》"),
    documents.DocumentRevised: Wording(lambda e: f"修改为第 {e.version} 稿"),
    # The work items tell the same; the history of the document is kept by documents.
    documents.DocumentMovedOn: Wording(lambda e: f"“{e.step}”环节有进展", Rank.DETAIL),
    documents.DocumentSigned: Wording(lambda e: f"签发，成文日期 {e.dated:%Y-%m-%d}"),
    documents.DocumentNumbered: Wording(lambda e: f"登记编号 {e.number}"),
    documents.DocumentRendered: Wording(lambda e: "按公文格式排版成正本（PDF/A）"),
    documents.DocumentIssued: Wording(
        lambda e: f"以 {e.number} 印发至{_units(e.recipients)}" if e.recipients else f"以 {e.number} 印发",
        Rank.MILESTONE,
    ),
    # To the sender the receipt tells the same.
    documents.DocumentArrived: Wording(lambda e: f"收到{e.sender_name}的来文 {e.number}"),
    documents.ReceiptConfirmed: Wording(
        lambda e: f"{e.unit_name}{_RECEIPTS.get(e.state, e.state)}" + (f"：{e.reason}" if e.reason else ""),
        Rank.MILESTONE,
    ),
    documents.DocumentAnswerDemanded: Wording(
        lambda e: f"要求 {e.answer_by:%Y-%m-%d} 前答复或办结{e.sender_name}来文 {e.number}"
    ),
    documents.DocumentClosed: Wording(
        lambda e: f"{_DIRECTIONS.get(e.direction, '公文')}办结，移交归档",
        lambda e: Rank.STEP if e.direction == "incoming" else Rank.MILESTONE,
    ),
    documents.DocumentQuotaSet: Wording(
        lambda e: f"设定“{e.code}”{e.year} 年发文计划：{e.documents} 件", Rank.DETAIL
    ),
    documents.DocumentAbandoned: Wording(lambda e: f"不再办理：{e.reason}", Rank.MILESTONE),
    work.WorkStarted: Wording(lambda e: f"发起“{e.flow}”流程"),
    work.WorkEnded: Wording(lambda e: "流程被终止" if e.stopped else "流程办理完毕"),
    work.WorkItemOpened: Wording(lambda e: f"“{e.step}”{_SENT[e.role.value]}"),
    work.WorkItemRead: Wording(lambda e: "查看", Rank.DETAIL),
    work.WorkItemCompleted: Wording(
        lambda e: f"办理完毕：{e.outcome_label}" if e.outcome_label else "办理完毕"
    ),
    work.WorkItemAnswered: Wording(lambda e: "回复传阅"),
    work.WorkItemReturned: Wording(lambda e: f"退回至“{e.to_step}”"),
    work.WorkItemCancelled: Wording(lambda e: f"无需再办：{_CAUSES[e.cause.value]}", Rank.DETAIL),
    work.WorkItemWithdrawn: Wording(lambda e: "撤回"),
    work.WorkItemReopened: Wording(lambda e: "撤回后重新办理"),
    work.WorkItemTransferred: Wording(lambda e: "转办"),
    work.WorkItemReminded: Wording(lambda e: f"第 {e.reminders} 次催办"),
    work.WorkItemDeadlineMoved: Wording(lambda e: f"办理时限改为 {moment(e.deadline)}"),
    archives.RecordArchived: Wording(lambda e: f"归档，档号 {e.number}", Rank.MILESTONE),
    archives.DocumentNotFiled: Wording(lambda e: e.explanation, Rank.MILESTONE),
}
