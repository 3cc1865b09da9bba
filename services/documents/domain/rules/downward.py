"""Rules for documents that go down, that several offices issue, or that touch other offices' remits.

Source: 党政机关公文处理工作条例第十六条 to 第十九条.
"""

from collections.abc import Iterator

from services.documents.domain.findings import Level, Objection
from services.documents.domain.kinds import Direction
from services.documents.domain.rules import phrases
from services.documents.domain.rules.case import LEADING_KINDS, Addressee, Case, UnitKind, names

# Kinds that direct whoever receives them.
_DIRECTING = frozenset({"resolution", "decision", "order", "opinion", "notice", "bulletin", "reply"})


def copy_important_ones_to_the_superior(case: Case) -> Iterator[Objection]:
    """R9: 重要行文应当同时抄送发文机关的直接上级机关."""
    nearest = case.issuer.superiors[:1]
    if case.facts.important and case.goes_down and nearest and nearest[0] not in case.named_ids:
        message = "重要的下行文应当同时抄送本机关的直接上级机关；请在抄送机关中补上"
        yield Objection(level=Level.INFO, field="copies_to", message=message)


def no_orders_from_departments_to_governments(case: Case) -> Iterator[Objection]:
    """R10: 办公厅(室)以外的部门不得向下级党委、政府发布指令性公文; 经政府同意的可以行文, 文中须注明."""
    if case.issuer.kind is not UnitKind.DEPARTMENT:
        return
    lower = [to for to in case.recipients if _is_lower_government(case, to)]
    if not lower:
        return
    noted = phrases.find_phrase(case.elements.body, phrases.GOVERNMENT_CONSENT)
    if case.facts.government_consent and not noted:
        message = "经政府同意后由部门行文的，文中须注明已经政府同意；请在正文中写明，如“经市人民政府同意”"
        yield Objection(level=Level.BLOCK, field="body", message=message)
    if case.facts.government_consent or noted:
        return
    if case.elements.kind.code in _DIRECTING:
        message = (
            f"部门不得向下级党委、政府（{names(lower)}）发布指令性公文；请改送其对口部门，或改用“函”，"
            "或报本级政府同意后行文并在文中注明"
        )
        yield Objection(level=Level.BLOCK, field="recipients", message=message)
    elif told := phrases.find_phrase(case.elements.body, phrases.INSTRUCTIONS):
        message = f"部门不得在公文中向下级党委、政府提出指令性要求，“{told}”像是指令；请改为商请的语气"
        yield Objection(level=Level.WARN, field="body", message=message, quote=told)


def agreed_before_going_down(case: Case) -> Iterator[Objection]:
    """R11: 涉及多个部门职权范围内的事务, 部门之间未协商一致的, 不得向下行文."""
    open_ones = case.facts.concerned - case.facts.agreed - {unit.id for unit in case.issuers}
    if case.goes_down and open_ones:
        message = (
            f"还有 {len(open_ones)} 个涉及职权的部门没有协商一致，不得向下行文；请先会签一致，或报上级裁定"
        )
        yield Objection(level=Level.BLOCK, field="agreed", message=message)


def joint_issue_among_equals(case: Case) -> Iterator[Objection]:
    """R12, first half: 同级机关必要时可以联合行文."""
    unequal = [unit for unit in case.co_issuers if unit.rank != case.issuer.rank]
    if unequal:
        message = f"联合行文的应当是同级机关，{names(unequal)}与 {case.issuer.name} 不同级；请分别行文"
        yield Objection(level=Level.BLOCK, field="mark", message=message)


def no_issue_by_internal_offices(case: Case) -> Iterator[Objection]:
    """R12, second half: 部门内设机构除办公厅(室)外不得对外正式行文."""
    internal = [unit for unit in case.issuers if unit.kind is UnitKind.INTERNAL]
    if not internal:
        return
    outside = [to for to in (*case.recipients, *case.copies) if not _same_house(case, to)]
    if outside or not case.recipients:
        message = f"{names(internal)}是部门内设机构，不得对外正式行文；请以所在部门或其办公室的名义行文"
        yield Objection(level=Level.BLOCK, field="mark", message=message)


def consult_those_concerned(case: Case) -> Iterator[Objection]:
    """R13: 涉及其他地区或者部门职权范围内的事项, 起草单位必须征求相关地区或者部门意见."""
    silent = (
        case.facts.concerned - case.facts.consulted - case.facts.agreed - {unit.id for unit in case.issuers}
    )
    if silent:
        message = f"涉及其他地区或部门职权，还有 {len(silent)} 个没有征求意见；请送它们会签，力求达成一致"
        yield Objection(level=Level.BLOCK, field="consulted", message=message)


def agreed_with_the_present_text(case: Case) -> Iterator[Objection]:
    """R13, second half: what was agreed is the text that was countersigned; a changed one is countersigned again."""
    if lapsed := case.facts.agreement_lapsed:
        message = (
            f"会签后正文或附件作了修改，还有 {len(lapsed)} 个会签单位同意的是修改前的文本；"
            "请退回核稿，重新送其会签"
        )
        yield Objection(level=Level.BLOCK, field="agreed", message=message)


def _is_lower_government(case: Case, to: Addressee) -> bool:
    return to.unit.kind in LEADING_KINDS and to.unit.tier > case.issuer.tier


def _same_house(case: Case, to: Addressee) -> bool:
    house = case.issuer.superiors[:1]
    return (
        to.unit.id in house or to.unit.superiors[:1] == house or case.direction_to(to.unit) is Direction.DOWN
    )
