"""Rules for signing and for the final check: 第二十二条 and 第二十五条."""

from collections.abc import Iterator

from services.documents.domain.findings import Level, Objection
from services.documents.domain.rules.case import Case


def signed_by_the_principal(case: Case) -> Iterator[Objection]:
    """R15, first half: 重要公文和上行文由机关主要负责人签发."""
    own = [signing for signing in case.signings if signing.unit_id == case.issuer.id]
    if (case.goes_up or case.facts.important) and own and not any(signing.principal for signing in own):
        message = f"重要公文和上行文由机关主要负责人签发，{own[-1].name} 不是主要负责人；请送主要负责人签发"
        yield Objection(level=Level.BLOCK, field="signings", message=message)


def signed_in_full(case: Case) -> Iterator[Objection]:
    """R15, second half: 签署意见、姓名和完整日期; 圈阅或者签名的视为同意; 联合发文由所有联署机关的负责人会签."""
    for signing in case.signings:
        if not signing.name.strip() or signing.signed_on is None:
            what = "完整日期" if signing.name.strip() else "姓名"
            message = f"签发人应当签署意见、姓名和完整日期，现在缺少{what}；请签发人补签"
            yield Objection(level=Level.BLOCK, field="signings", message=message)
        elif not signing.opinion.strip():
            message = f"{signing.name} 没有写意见，圈阅或者签名的视为同意"
            yield Objection(level=Level.INFO, field="signings", message=message)
    signed = {signing.unit_id for signing in case.signings}
    if unsigned := [unit.name for unit in case.issuers if unit.id not in signed]:
        joint = "联合发文由所有联署机关的负责人会签，" if case.co_issuers else ""
        message = f"{joint}{'、'.join(unsigned)}还没有签发；请送其负责人签发"
        yield Objection(level=Level.BLOCK, field="signings", message=message)


def real_changes_go_back_to_the_signer(case: Case) -> Iterator[Objection]:
    """R16: 复核中需作实质性修改的, 应当报原签批人复审."""
    if case.facts.changed_after_signing and not case.facts.approved_again:
        message = "签发以后正文作了实质性修改；请报原签批人复审同意后再办理"
        yield Objection(level=Level.BLOCK, field="body", message=message)
