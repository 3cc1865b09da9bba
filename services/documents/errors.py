"""Every way in which documents refuses something, one function each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from shared.errors import (
    Problem,
    changed_meanwhile,
    conflict,
    forbidden,
    invalid,
    not_found,
)


def unknown_kind(word: str, *, known: Sequence[str]) -> Problem:
    """The word is none of the fifteen kinds (422)."""
    message = f"“{word}”不是公文文种，请从下列文种中选择：{'、'.join(known)}"
    return invalid("documents.unknown_kind", "没有这个文种", message, errors={"kind": [message]})


def rides_on_notice(word: str) -> Problem:
    """方案, 办法 and 总结 are not kinds; they are issued as what a notice prints (422)."""
    message = f"“{word}”不是公文文种，不能单独行文；请选“通知”，用“关于印发《…{word}》的通知”的形式印发"
    return invalid("documents.rides_on_notice", "不是公文文种", message, errors={"kind": [message]})


def bad_number(text: str, reason: str) -> Problem:
    """The text is not a document number in the standard's form (422)."""
    message = f"发文字号“{text}”{reason}；正确的形式如“阜政发〔2021〕59号”"
    return invalid("documents.bad_number", "发文字号格式不对", message, errors={"number": [message]})


def secret_document(mark: str, *, where: str) -> Problem:
    """The document carries a mark of state secrecy, and this network is not for such documents (422)."""
    message = (
        f"{where}标有密级“{mark}”。本系统运行在非涉密网络，不得起草、上传、接收或存储涉密文件；"
        "请立即停止操作，改用涉密信息系统或机要渠道办理，并告知本单位保密工作人员"
    )
    return invalid(
        "documents.secret_document", "涉密文件不能在本系统办理", message, errors={"secrecy": [message]}
    )


def act_not_possible(act: str, state: str) -> Problem:
    """The document is in a state in which this act has no place (409)."""
    return conflict(
        "documents.act_not_possible", "当前状态不能这样办", f"公文现在处于“{state}”，不能{act}；请刷新后再看"
    )


def reason_missing(act: str) -> Problem:
    """Sending something back needs a reason (422, 党政机关公文处理工作条例第二十四条)."""
    message = f"{act}必须说明理由"
    return invalid("documents.reason_missing", "没有写明理由", message, errors={"reason": [message]})


def document_not_found(document_id: UUID) -> Problem:
    """There is no such document, or it is not this reader's to know of (404)."""
    return not_found(
        "documents.not_found", "公文不存在", f"没有找到公文 {document_id}，或您无权查看；请核对链接"
    )


def changed_by_another(title: str) -> Problem:
    """Somebody else changed the document since it was read (412)."""
    detail = f"《{title}》刚刚被他人修改；请重新打开，核对后再改"
    return changed_meanwhile("documents.changed_by_another", "公文已被他人修改", detail)


def not_changeable(title: str) -> Problem:
    """The text of a document can be changed no more (409)."""
    detail = f"《{title}》已登记编号、已发出或为收文，正文不能再改；确有错误请另行发文更正"
    return conflict("documents.not_changeable", "公文不能再修改", detail)


def not_in_your_hands(title: str, state: str) -> Problem:
    """Only who has the document to work on may change it (403)."""
    detail = f"《{title}》现在处于“{state}”，由承办该环节的岗位修改；需要修改的，请其退回或转办给您"
    return forbidden("documents.not_in_your_hands", "公文不在您手上", detail)


def partly_signed(title: str) -> Problem:
    """Somebody has signed this text, so it cannot be another one for the next (409)."""
    detail = f"《{title}》已有负责人签发，正文不能再改；确需修改的，请退回重办"
    return conflict("documents.partly_signed", "已有人签发", detail)


def only_incoming_answered(title: str) -> Problem:
    """A reply answers a document that came in (422)."""
    message = f"《{title}》不是收文，不能对它拟写复文；请从收文中选择"
    return invalid("documents.only_incoming_answered", "不是收文", message, errors={"reply_to_id": [message]})


def finding_not_found(rule: str) -> Problem:
    """No rule objects to these words (404)."""
    detail = f"规则 {rule} 对这份公文没有这条意见，可能正文已经改过；请刷新检查结果"
    return not_found("documents.finding_not_found", "没有这条检查意见", detail)


def finding_stands(message: str) -> Problem:
    """The rule does not rest on wording, so nobody may set it aside (409)."""
    return conflict("documents.finding_stands", "这条意见不能搁置", f"须改正后再办理：{message}")


def rules_broken(title: str, messages: Mapping[str, Sequence[str]]) -> Problem:
    """Rules block the document (422); `messages` by field say which, with the article and what to do."""
    count = sum(len(each) for each in messages.values())
    detail = f"《{title}》有 {count} 处不符合行文规则，改正后再办理"
    return invalid("documents.rules_broken", "不符合行文规则", detail, errors=messages)


def issuing_code_unknown(code: str, known: Sequence[str]) -> Problem:
    """The organ does not issue under that code (422)."""
    shown = "、".join(known) or "（无，请系统管理员先行设置）"
    message = f"本机关没有机关代字“{code}”，可用的有：{shown}"
    return invalid(
        "documents.issuing_code_unknown", "机关代字不可用", message, errors={"issuing_code": [message]}
    )


def issuing_code_nowhere(code: str) -> Problem:
    """No organ issues under that code (422)."""
    message = f"没有机关使用机关代字“{code}”；请核对，或先在机构管理中设置"
    return invalid("documents.issuing_code_nowhere", "没有这个机关代字", message, errors={"code": [message]})


def no_flow(title: str) -> Problem:
    """The document is on no flow (404)."""
    return not_found("documents.no_flow", "没有办理流程", f"《{title}》没有办理流程；请联系系统管理员核查")


def needs_a_post() -> Problem:
    """Only somebody in a post can do this (403)."""
    return forbidden("documents.needs_a_post", "当前没有岗位", "请切换到办理公文的岗位后再操作")


def version_not_found(number: int) -> Problem:
    """The document has no such version (404)."""
    return not_found(
        "documents.version_not_found", "版本不存在", f"这份公文没有第 {number} 版正文；请在版本列表中另选"
    )


def file_not_found(file_id: UUID) -> Problem:
    """The document has no such file (404)."""
    return not_found(
        "documents.file_not_found", "文件不存在", f"这份公文没有文件 {file_id}，可能已被移除；请刷新"
    )


def too_many_files(limit: int) -> Problem:
    """The document has as many attachments as it may (409)."""
    return conflict("documents.too_many_files", "附件过多", f"一份公文最多 {limit} 个附件；请合并后再上传")


def item_not_found(item_id: UUID) -> Problem:
    """The document has no such work item (404)."""
    return not_found(
        "documents.item_not_found", "办理事项不存在", f"这份公文没有办理事项 {item_id}，请从待办列表重新打开"
    )


def signer_of_no_issuer(post: str, *, issuers: Sequence[str]) -> Problem:
    """Whoever is to sign belongs to an organ that does not issue the document (422)."""
    message = (
        f"“{post}”不属于本件的发文机关（{'、'.join(issuers)}），不能签发；请另选岗位，"
        "如系联合行文，请先把该机关列为联署机关"
    )
    return invalid(
        "documents.signer_of_no_issuer", "签发岗位不属于发文机关", message, errors={"sign": [message]}
    )


def not_yours_to_sign(title: str, organ: str) -> Problem:
    """The organ for which the holder would sign issues the document no more (409)."""
    detail = f"“{organ}”已不是《{title}》的发文机关，不能签发；请转办给发文机关的签发岗位，或退回承办人"
    return conflict("documents.not_yours_to_sign", "不再由本机关签发", detail)


def numbered_not_returned(title: str, number: str) -> Problem:
    """A document that has its number goes back no more (409)."""
    detail = f"《{title}》已登记为 {number}，发文字号不得收回或更改，不能再退回；确有错误请另行发文更正"
    return conflict("documents.numbered_not_returned", "已编号的公文不能退回", detail)


def not_withdrawable(title: str, step: str) -> Problem:
    """What this step has done cannot be taken back (409)."""
    detail = f"《{title}》的“{step}”已经生效，不能撤回；确有错误请另行发文更正"
    return conflict("documents.not_withdrawable", "已生效的环节不能撤回", detail)


def issuing_code_missing(title: str) -> Problem:
    """Registration needs an issuing code (422)."""
    message = f"《{title}》还没有确定机关代字，登记时请选择"
    return invalid(
        "documents.issuing_code_missing", "没有机关代字", message, errors={"issuing_code": [message]}
    )


def not_rendered(title: str) -> Problem:
    """There is no final PDF to send (409)."""
    return conflict(
        "documents.not_rendered", "正本尚未印制", f"《{title}》还没有生成正本，请先完成印制再核发"
    )


def reply_missing(title: str) -> Problem:
    """Nothing says that, or how, the sender was answered (422)."""
    message = f"《{title}》还没有发出的复文；请先发出复文，或在意见中写明已用何种方式答复来文单位"
    return invalid("documents.reply_missing", "还没有答复来文单位", message, errors={"opinion": [message]})


def answer_day_past(day: date, *, today: date) -> Problem:
    """Nothing can be answered by a day that is over (422)."""
    message = f"答复（办理）期限 {day} 已经过去，今天是 {today}；请重新填写"
    return invalid("documents.answer_day_past", "期限已过", message, errors={"answer_by": [message]})


def passed_on_ahead(day: date, *, today: date) -> Problem:
    """A meeting that is still to come has passed nothing (422)."""
    message = f"会议通过日期 {day} 还没有到，今天是 {today}；请重新填写"
    return invalid("documents.passed_on_ahead", "日期未到", message, errors={"passed_on": [message]})


def no_demand_here(step: str) -> Problem:
    """Until when a document must be answered is not said at this step (422)."""
    message = f"“{step}”环节不能确定答复（办理）期限；请在登记、拟办或批示时确定"
    return invalid("documents.no_demand_here", "此环节不定期限", message, errors={"answer_by": [message]})


def stand_in_signs_not(title: str, absent: str) -> Problem:
    """Who stands in for a leader is none (403)."""
    detail = (
        f"您受“{absent}”委托代办，但您的岗位没有公文签发权限，不能签发《{title}》；"
        "请转给本机关有签发权限的负责人"
    )
    return forbidden("documents.stand_in_signs_not", "公文由机关负责人签发", detail)


def no_weight_here(step: str, *, fields: Iterable[str]) -> Problem:
    """How much weight an incoming document has is not said at this step (422)."""
    message = f"“{step}”环节不能确定重要程度或主题分类；请在收文登记、拟办或批示时确定"
    said = {field: [message] for field in fields}
    return invalid("documents.no_weight_here", "此环节不定重要程度", message, errors=said)


def lead_without_day() -> Problem:
    """A unit was named to see to an answer that nobody demanded (422)."""
    message = "指定了主办单位，但没有答复（办理）期限；请一并填写期限"
    return invalid("documents.lead_without_day", "没有期限", message, errors={"answer_by": [message]})


def nobody_to_draft(organ: str) -> Problem:
    """The drafter is gone and nobody keeps the organ's registry (409)."""
    detail = f"拟稿人已不在原岗位，且“{organ}”没有负责公文登记与收发的岗位；请系统管理员先行授权"
    return conflict("documents.nobody_to_draft", "没有人可以拟稿", detail)


def no_recipients(title: str) -> Problem:
    """Nobody to send it to (422)."""
    message = f"《{title}》没有主送机关，请补填后再核发"
    return invalid("documents.no_recipients", "没有主送机关", message, errors={"recipients": [message]})


def only_the_drafter(title: str) -> Problem:
    """Only who drafted a document may give it up (403)."""
    return forbidden(
        "documents.only_the_drafter", "只有拟稿人可以作废", f"《{title}》应由拟稿人作废；请退回拟稿人处理"
    )


def flow_unknown(key: str, known: Sequence[str]) -> Problem:
    """The uploaded flow is none of this service's (422)."""
    message = f"流程标识“{key}”不是公文流程，应为 {'、'.join(known)} 之一（BPMN 中 process 的 id）"
    return invalid("documents.flow_unknown", "不是公文流程", message, errors={"file": [message]})


def flow_lacks_steps(name: str, missing: Sequence[str]) -> Problem:
    """The uploaded flow leaves out steps that the regulation demands (422)."""
    message = (
        f"流程“{name}”缺少必备环节（环节 id）：{'、'.join(missing)}；党政机关公文处理工作条例要求这些环节"
    )
    return invalid("documents.flow_lacks_steps", "缺少必备环节", message, errors={"file": [message]})
