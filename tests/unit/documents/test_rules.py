"""The rules of official documents, each with a case that breaks it and one that keeps it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.documents.domain.elements import Contact, Elements
from services.documents.domain.findings import Finding, Level, blocks
from services.documents.domain.kinds import Direction, get_kind
from services.documents.domain.limits import AnnualQuota, LengthLimit, Scope
from services.documents.domain.rules import (
    RULES,
    Addressee,
    Case,
    Facts,
    Signing,
    Step,
    Tier,
    Unit,
    UnitKind,
    check,
)

NAMES = UUID(int=7)


def unit_id(name: str) -> UUID:
    return uuid5(NAMES, name)


def unit(
    name: str, tier: Tier, kind: UnitKind, *, under: tuple[str, ...] = (), line: tuple[str, ...] = ()
) -> Unit:
    return Unit(
        id=unit_id(name),
        name=name,
        tier=tier,
        kind=kind,
        superiors=tuple(unit_id(each) for each in under),
        guided_by=tuple(unit_id(each) for each in line),
    )


PROVINCE = unit("省政府", Tier.PROVINCE, UnitKind.GOVERNMENT)
CITY = unit("市政府", Tier.CITY, UnitKind.GOVERNMENT, under=("省政府",))
COUNTY = unit("县政府", Tier.COUNTY, UnitKind.GOVERNMENT, under=("市政府", "省政府"))
TOWN = unit("镇政府", Tier.TOWNSHIP, UnitKind.GOVERNMENT, under=("县政府", "市政府", "省政府"))
CITY_OFFICE = unit("市政府办公室", Tier.CITY, UnitKind.OFFICE, under=("市政府",))
CITY_BUREAU = unit("市教育局", Tier.CITY, UnitKind.DEPARTMENT, under=("市政府", "省政府"), line=("省教育厅",))
CITY_FINANCE = unit("市财政局", Tier.CITY, UnitKind.DEPARTMENT, under=("市政府", "省政府"))
COUNTY_BUREAU = unit(
    "县教育局", Tier.COUNTY, UnitKind.DEPARTMENT, under=("县政府", "市政府"), line=("市教育局", "省教育厅")
)
SECTION = unit("市教育局人事科", Tier.CITY, UnitKind.INTERNAL, under=("市教育局", "市政府"))
SISTER_SECTION = unit("市教育局规划科", Tier.CITY, UnitKind.INTERNAL, under=("市教育局", "市政府"))

PLAIN = ("现将有关工作安排如下。", "一、加强组织领导", "二、按时报送材料")
TODAY = date(2024, 9, 2)


def case(kind: str, issuer: Unit, to: Unit | list[Unit], **more: Any) -> Case:
    """A document that keeps every rule unless the test says otherwise; `elements` are merged in."""
    elements = Elements(
        kind=get_kind(kind),
        title=f"{issuer.name}关于某项工作的{kind}",
        body=PLAIN,
        contact=Contact(name="王某", phone="0799-0000000"),
        signers=("李某",),
        dated=TODAY,
    )
    base = Case(
        elements=replace(elements, **more.pop("elements", {})),
        issuer=issuer,
        today=TODAY,
        recipients=tuple(Addressee(unit=each) for each in (to if isinstance(to, list) else [to])),
        signings=(Signing(unit_id=issuer.id, name="李某", principal=True, opinion="同意", signed_on=TODAY),),
    )
    return replace(base, **more)


def found(given: Case, rule: str, *, step: Step = Step.REGISTER) -> list[Finding]:
    return [finding for finding in check(given, step=step) if finding.rule == rule]


def only(given: Case, rule: str, *, step: Step = Step.REGISTER) -> Finding:
    findings = found(given, rule, step=step)
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("kind", "issuer", "to"),
    [
        ("通知", CITY, COUNTY),
        ("通知", CITY_OFFICE, COUNTY),
        ("请示", COUNTY, CITY),
        ("报告", CITY_BUREAU, CITY),
        ("批复", CITY, COUNTY),
        ("函", CITY_BUREAU, CITY_FINANCE),
        ("函", CITY_BUREAU, COUNTY),
        ("通知", CITY_BUREAU, COUNTY_BUREAU),
        ("意见", COUNTY, CITY),
    ],
)
def test_an_ordinary_document_raises_nothing(kind: str, issuer: Unit, to: Unit) -> None:
    assert check(case(kind, issuer, to), step=Step.REGISTER) == []


def test_every_rule_says_what_to_do_and_only_verified_articles_are_quoted() -> None:
    assert len({rule.id for rule in RULES}) == 27
    assert {rule.id for rule in RULES if not rule.article} == {"S1", "F3", "F5", "F8", "F9", "R8"}


def test_findings_come_gravest_first() -> None:
    given = case("请示", COUNTY, CITY, elements={"title": "关于某事的函", "contact": None, "signers": ()})
    levels = [finding.level for finding in check(given, step=Step.REGISTER)]
    assert levels == sorted(levels, key=list(Level).index)
    assert len(blocks(check(given, step=Step.REGISTER))) == 2


def test_r1_two_closings_in_one_request_block() -> None:
    body = ("申请增加编制。妥否，请批示。", "另申请拨付经费。当否，请批复。")
    finding = only(case("请示", COUNTY, CITY, elements={"body": body}), "R1")
    assert finding.level is Level.BLOCK
    assert finding.article == "党政机关公文处理工作条例第十五条（四）"
    assert finding.may_be_set_aside


def test_r1_a_title_with_several_matters_warns() -> None:
    title = "县政府关于编制和经费等问题的请示"
    assert only(case("请示", COUNTY, CITY, elements={"title": title}), "R1").level is Level.WARN


def test_r1_one_request_with_one_closing_is_fine() -> None:
    body = ("拟申请专项资金，请予批准。", "以上请示妥否，请批示。")
    assert found(case("请示", COUNTY, CITY, elements={"body": body}), "R1") == []


@pytest.mark.parametrize(
    "closing",
    [
        "妥否，请批示。",
        "当否，请批复。",
        "可否，请指示。",
        "以上请示，请审批。",
        "特此请示。",
        "是否妥当，请批示。",
        "现报上，请予批准。",
        "妥 否， 请 批 示。",
    ],
)
def test_r2_a_report_that_asks_for_approval_is_blocked(closing: str) -> None:
    finding = only(case("报告", COUNTY, CITY, elements={"body": (*PLAIN, closing)}), "R2")
    assert finding.level is Level.BLOCK
    assert finding.may_be_set_aside


@pytest.mark.parametrize(
    "line", ["恳请上级拨付专项经费五十万元。", "需请示的事项如下。", "请求市政府协调解决。"]
)
def test_r2_a_report_that_seems_to_ask_warns(line: str) -> None:
    assert only(case("报告", COUNTY, CITY, elements={"body": (line,)}), "R2").level is Level.WARN


@pytest.mark.parametrize(
    "line", ["特此报告。", "该项目已经市发改委批准。", "请示件办理时间缩短一半。", "已就此事向省政府请示。"]
)
def test_r2_a_report_that_only_tells_is_fine(line: str) -> None:
    assert found(case("报告", COUNTY, CITY, elements={"body": (line,)}), "R2") == []


def test_r2_an_opinion_that_goes_up_may_ask_for_a_decision() -> None:
    assert found(case("意见", COUNTY, CITY, elements={"body": ("以上意见妥否，请批示。",)}), "R2") == []


def test_r3_several_superiors_warn_and_a_copy_downwards_blocks() -> None:
    given = case("报告", CITY_BUREAU, [CITY, PROVINCE], copies=(Addressee(unit=COUNTY_BUREAU),))
    assert {(each.level, each.field) for each in found(given, "R3")} == {
        (Level.WARN, "recipients"),
        (Level.BLOCK, "copies_to"),
    }


def test_r3_copies_to_equals_and_superiors_are_fine() -> None:
    given = case("报告", CITY_BUREAU, CITY, copies=(Addressee(unit=CITY_FINANCE), Addressee(unit=PROVINCE)))
    assert found(given, "R3") == []


def test_r4_a_major_matter_needs_the_own_governments_consent() -> None:
    given = case("请示", COUNTY_BUREAU, CITY_BUREAU)
    assert only(given, "R4").level is Level.INFO
    assert only(replace(given, facts=Facts(major_matter=True)), "R4").level is Level.BLOCK
    assert found(replace(given, facts=Facts(major_matter=True, government_consent=True)), "R4") == []


def test_r5_a_forwarded_request_needs_an_own_opinion() -> None:
    given = case("请示", COUNTY, CITY, facts=Facts(forwards_a_request=True))
    assert only(given, "R5").level is Level.BLOCK
    opined = replace(given, elements=replace(given.elements, body=("经研究，我县同意该镇意见。",)))
    assert found(opined, "R5") == []
    assert found(replace(given, facts=Facts(forwards_a_request=True, gives_own_opinion=True)), "R5") == []


def test_r5_a_text_that_seems_to_forward_a_request_warns() -> None:
    body = ("现将镇政府关于修路的请示转报给你们。",)
    assert only(case("请示", COUNTY, CITY, elements={"body": body}), "R5").level is Level.WARN


def test_r6_documents_go_from_office_to_office() -> None:
    to_leader = case("报告", COUNTY, [], recipients=(Addressee(unit=CITY, leader=True),))
    assert only(to_leader, "R6").level is Level.BLOCK
    assert found(replace(to_leader, facts=Facts(entrusted_by_leader=True)), "R6") == []
    by_leader = case("报告", COUNTY, CITY, facts=Facts(in_leaders_name=True))
    assert only(by_leader, "R6").field == "signatories"


def test_r7_a_leap_warns_unless_the_passed_over_are_copied() -> None:
    leap = case("请示", COUNTY_BUREAU, CITY)
    assert only(leap, "R7").level is Level.WARN
    assert found(replace(leap, copies=(Addressee(unit=COUNTY),)), "R7") == []


def test_r8_the_other_leading_unit_should_get_a_copy() -> None:
    both = frozenset({COUNTY.id, CITY_BUREAU.id})
    given = case("报告", replace(COUNTY_BUREAU, dual_leaders=both), COUNTY)
    finding = only(given, "R8")
    assert (finding.level, finding.article) == (Level.WARN, "")
    assert found(replace(given, copies=(Addressee(unit=CITY_BUREAU),)), "R8") == []


def test_r9_important_documents_are_copied_to_the_superior() -> None:
    given = case("通知", CITY, COUNTY, facts=Facts(important=True))
    assert only(given, "R9").level is Level.INFO
    assert found(replace(given, copies=(Addressee(unit=PROVINCE),)), "R9") == []


def test_r10_a_department_gives_no_orders_to_lower_governments() -> None:
    given = case("通知", CITY_BUREAU, [COUNTY, COUNTY_BUREAU])
    finding = only(given, "R10")
    assert finding.level is Level.BLOCK
    assert "县政府" in finding.message
    assert "县教育局" not in finding.message


def test_r10_the_governments_consent_must_stand_in_the_text() -> None:
    given = case("通知", CITY_BUREAU, COUNTY, facts=Facts(government_consent=True))
    assert only(given, "R10").field == "body"
    noted = replace(given, elements=replace(given.elements, body=("经市人民政府同意，现通知如下。",)))
    assert found(noted, "R10") == []


def test_r10_a_letter_that_commands_warns() -> None:
    body = ("请各县区认真贯彻执行。",)
    assert only(case("函", CITY_BUREAU, COUNTY, elements={"body": body}), "R10").level is Level.WARN


def test_r11_nothing_goes_down_before_the_departments_agree() -> None:
    facts = Facts(concerned=frozenset({CITY_FINANCE.id}), consulted=frozenset({CITY_FINANCE.id}))
    given = case("通知", CITY_BUREAU, COUNTY_BUREAU, facts=facts)
    assert only(given, "R11").level is Level.BLOCK
    assert found(given, "R11", step=Step.SUBMIT) == []
    assert found(replace(given, facts=replace(facts, agreed=frozenset({CITY_FINANCE.id}))), "R11") == []


def test_r11_holds_for_a_department_that_writes_to_lower_governments() -> None:
    facts = Facts(concerned=frozenset({CITY_FINANCE.id}), consulted=frozenset({CITY_FINANCE.id}))
    assert only(case("函", CITY_BUREAU, COUNTY, facts=facts), "R11").level is Level.BLOCK


@pytest.mark.parametrize(
    ("sender", "receiver", "direction"),
    [
        (CITY, COUNTY, Direction.DOWN),
        (COUNTY, CITY, Direction.UP),
        (CITY_OFFICE, COUNTY, Direction.DOWN),
        (COUNTY, CITY_OFFICE, Direction.UP),
        (CITY_OFFICE, CITY_BUREAU, Direction.DOWN),
        (CITY_OFFICE, CITY, Direction.UP),
        (CITY, CITY_OFFICE, Direction.DOWN),
        (CITY_BUREAU, COUNTY_BUREAU, Direction.DOWN),
        (COUNTY_BUREAU, CITY_BUREAU, Direction.UP),
        (CITY_BUREAU, COUNTY, Direction.LEVEL),
        (CITY_BUREAU, CITY_FINANCE, Direction.LEVEL),
        (COUNTY, CITY_BUREAU, Direction.LEVEL),
        (CITY, TOWN, Direction.DOWN),
        (SECTION, CITY_BUREAU, Direction.UP),
    ],
)
def test_the_direction_follows_who_leads_or_guides_whom(
    sender: Unit, receiver: Unit, direction: Direction
) -> None:
    assert case("通知", sender, receiver).direction_to(receiver) is direction


def test_r12_joint_issue_is_for_equals() -> None:
    assert found(case("通知", CITY_BUREAU, COUNTY_BUREAU, co_issuers=(CITY_FINANCE,)), "R12") == []
    assert only(case("通知", CITY, COUNTY, co_issuers=(CITY_BUREAU,)), "R12").level is Level.BLOCK


def test_r12_an_internal_office_does_not_write_to_the_outside() -> None:
    assert only(case("函", SECTION, CITY_FINANCE), "R12").level is Level.BLOCK
    assert found(case("函", SECTION, SISTER_SECTION), "R12") == []


def test_r13_those_concerned_are_asked() -> None:
    given = case("通知", CITY_BUREAU, COUNTY_BUREAU, facts=Facts(concerned=frozenset({CITY_FINANCE.id})))
    assert only(given, "R13").level is Level.BLOCK
    asked = Facts(concerned=frozenset({CITY_FINANCE.id}), consulted=frozenset({CITY_FINANCE.id}))
    assert found(replace(given, facts=asked), "R13") == []


def test_r15_upward_documents_are_signed_by_the_principal() -> None:
    given = case("请示", COUNTY, CITY)
    deputy = replace(given.signings[0], principal=False)
    assert only(replace(given, signings=(deputy,)), "R15").level is Level.BLOCK
    assert found(replace(given, signings=(deputy,)), "R15", step=Step.APPROVE) == []


def test_r15_a_signature_has_a_name_and_a_full_date() -> None:
    given = case("通知", CITY, COUNTY)
    undated = replace(given.signings[0], signed_on=None)
    assert "完整日期" in only(replace(given, signings=(undated,)), "R15").message
    unnamed = replace(given.signings[0], name=" ")
    assert "姓名" in only(replace(given, signings=(unnamed,)), "R15").message


def test_r15_a_circled_name_counts_as_agreement() -> None:
    given = case("通知", CITY, COUNTY)
    circled = replace(given.signings[0], opinion="")
    assert only(replace(given, signings=(circled,)), "R15").level is Level.INFO


def test_r15_every_joint_issuer_signs() -> None:
    given = case("通知", CITY_BUREAU, COUNTY_BUREAU, co_issuers=(CITY_FINANCE,))
    finding = only(given, "R15")
    assert finding.level is Level.BLOCK
    assert "市财政局" in finding.message


def test_r16_a_real_change_goes_back_to_the_signer() -> None:
    given = case("通知", CITY, COUNTY, facts=Facts(changed_after_signing=True))
    assert only(given, "R16").level is Level.BLOCK
    assert found(replace(given, facts=Facts(changed_after_signing=True, approved_again=True)), "R16") == []


@pytest.mark.parametrize(
    "elements",
    [
        {"secrecy": "秘密★1年"},
        {"title": "市政府关于某事的通知（机密）"},
        {"body": ("机密★1年", "现通知如下。")},
    ],
)
def test_a_secret_document_is_blocked_from_the_first_draft(elements: dict[str, Any]) -> None:
    finding = found(case("通知", CITY, COUNTY, elements=elements), "S1", step=Step.DRAFT)[0]
    assert finding.level is Level.BLOCK
    assert not finding.may_be_set_aside


@pytest.mark.parametrize(
    ("kind", "issuer", "to", "level"),
    [
        ("请示", CITY_BUREAU, CITY_FINANCE, Level.BLOCK),
        ("报告", CITY, COUNTY, Level.BLOCK),
        ("批复", CITY_BUREAU, CITY_FINANCE, Level.WARN),
        ("通知", COUNTY, CITY, Level.WARN),
        ("通报", COUNTY, CITY, Level.WARN),
        ("决定", COUNTY, CITY, Level.WARN),
        ("命令", COUNTY, CITY, Level.WARN),
        ("函", COUNTY, CITY, Level.WARN),
        ("纪要", COUNTY, CITY, Level.WARN),
    ],
)
def test_a_kind_that_does_not_fit_its_receiver(kind: str, issuer: Unit, to: Unit, level: Level) -> None:
    assert only(case(kind, issuer, to), "F1").level is level


@pytest.mark.parametrize(
    ("title", "level", "words"),
    [
        ("", Level.BLOCK, "没有标题"),
        ("市政府关于某事的实施方案", Level.BLOCK, "关于印发"),
        ("市政府关于某事的报告", Level.BLOCK, "不一致"),
        ("市政府工作要点", Level.BLOCK, "没有写出文种"),
        ("关于某事的通知", Level.WARN, "发文机关"),
        ("市政府通知", Level.WARN, "事由"),
    ],
)
def test_a_title_names_office_matter_and_kind(title: str, level: Level, words: str) -> None:
    findings = found(case("通知", CITY, COUNTY, elements={"title": title}), "F2")
    assert any(finding.level is level and words in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("elements", "field", "level"),
    [
        ({"mark": ("国务院",)}, "mark", Level.BLOCK),
        ({"signatories": ("市政府办公室", "省政府")}, "signatories", Level.BLOCK),
        ({"title": "国务院关于某事的通知"}, "title", Level.WARN),
    ],
)
def test_another_organs_name_does_not_stand_on_a_document(
    elements: dict[str, Any], field: str, level: Level
) -> None:
    finding = only(case("通知", CITY_OFFICE, COUNTY, elements=elements), "F9")
    assert (finding.field, finding.level, finding.may_be_set_aside) == (field, level, True)


def test_an_office_bears_its_own_names_its_governments_and_those_of_joint_issuers() -> None:
    office = replace(CITY_OFFICE, other_names=("市府办", "市政府"))
    elements = {
        "mark": ("市政府文件", "市教育局"),
        "signatories": ("市府办", "市教育局"),
        "title": "市教育局等转发省政府关于某事的通知",
    }
    given = case("通知", office, COUNTY, co_issuers=(CITY_BUREAU,), elements=elements)
    assert found(given, "F9") == []


def test_an_order_is_signed_by_its_leader_and_minutes_have_a_title_of_their_own() -> None:
    order = {"title": "市政府令", "signatories": ("市长　王某",)}
    assert found(case("命令", CITY, COUNTY, elements=order), "F9") == []
    minutes = {"title": "关于某事的专题会议纪要", "mark": ("市政府专题会议纪要",)}
    assert found(case("纪要", CITY, COUNTY, elements=minutes), "F9") == []


@pytest.mark.parametrize("line", ["11月27日", "2024年11月27日", "二〇二四年十一月二十七日"])
def test_a_signature_date_that_differs_from_the_dated_element_warns(line: str) -> None:
    body = (*PLAIN, "市政府", line)
    given = case("通知", CITY, COUNTY, elements={"body": body, "dated": date(2024, 11, 29)}, signings=())
    finding = only(given, "F3")
    assert finding.level is Level.WARN
    assert line in finding.message


def test_a_document_is_dated_on_the_last_signing() -> None:
    given = case("通知", CITY, COUNTY, elements={"dated": date(2024, 9, 3)})
    assert "2024-09-02" in only(given, "F3").message


def test_what_a_meeting_passed_bears_the_day_of_the_meeting() -> None:
    elements = {"dated": date(2024, 8, 30), "passed_on": date(2024, 8, 30)}
    assert found(case("决议", CITY, COUNTY, elements=elements), "F3") == []
    finding = only(case("通知", CITY, COUNTY, elements=elements), "F3")
    assert (finding.level, finding.field) == (Level.BLOCK, "passed_on")


def test_upward_documents_name_their_signer_and_requests_their_contact() -> None:
    given = case("请示", COUNTY, CITY, elements={"signers": (), "contact": None})
    assert only(given, "F4").level is Level.BLOCK
    assert only(given, "F5").level is Level.WARN


@pytest.mark.parametrize(
    ("number", "level"), [("萍府发[2024]1号", Level.BLOCK), ("萍府发〔2023〕1号", Level.WARN)]
)
def test_a_number_has_its_form_and_its_year(number: str, level: Level) -> None:
    assert only(case("通知", CITY, COUNTY, elements={"number": number}), "F6").level is level


def test_attachments_are_listed_without_end_marks() -> None:
    elements = {"attachment_names": ("名单。", "表格")}
    assert "“名单。”" in only(case("通知", CITY, COUNTY, elements=elements), "F7").message


@pytest.mark.parametrize(
    ("body", "attached", "said"),
    [
        ("名单见附件。", (), "没有附件"),
        ("请按附件3填报。", ("名单", "表格"), "附件3"),
        ("附件：1.名单", ("名单",), "以免重复"),
        ("附件：名单", (), "没有附件"),
    ],
)
def test_what_the_text_says_of_attachments_and_what_is_attached_agree(
    body: str, attached: tuple[str, ...], said: str
) -> None:
    given = case("通知", CITY, COUNTY, elements={"body": (body,), "attachment_names": attached})
    assert said in only(given, "F7").message


@pytest.mark.parametrize("body", ["请见附件2。", "该办法的附件5同时废止。", "附件随文印发。"])
def test_attachments_that_are_there_or_elsewhere_are_not_objected_to(body: str) -> None:
    given = case("通知", CITY, COUNTY, elements={"body": (body,), "attachment_names": ("名单", "表格")})
    assert found(given, "F7") == []


@pytest.mark.parametrize("day", ["13月2日", "2月30日", "4月31日", "2023年2月29日", "二〇二四年六月三十一日"])
def test_a_date_that_no_calendar_has_warns(day: str) -> None:
    given = case("通知", CITY, COUNTY, elements={"body": (f"请于{day}前报送。",)})
    assert only(given, "F8").level is Level.WARN


@pytest.mark.parametrize("day", ["2月29日", "2024年2月29日", "12月31日"])
def test_a_date_that_some_calendar_has_is_fine(day: str) -> None:
    assert found(case("通知", CITY, COUNTY, elements={"body": (f"请于{day}前报送。",)}), "F8") == []


def test_a_long_text_warns_by_what_is_in_force_that_day() -> None:
    given = case("通知", CITY, COUNTY, elements={"body": ("字" * 4001,)})
    assert "多出 1 字" in only(given, "L1").message
    assert found(replace(given, facts=Facts(scope=Scope.COMPREHENSIVE)), "L1") == []
    assert found(replace(given, today=date(2024, 8, 5)), "L1") == []
    stricter = (*given.length_limits, LengthLimit(Scope.COMPREHENSIVE, 3000, TODAY))
    assert found(replace(given, facts=Facts(scope=Scope.COMPREHENSIVE), length_limits=stricter), "L1")


def test_the_document_that_exceeds_the_years_quota_warns() -> None:
    given = case("通知", CITY, COUNTY, quota=AnnualQuota("萍府发", 2024, 30), issued_this_year=30)
    assert "只减不增" in only(given, "L2").message
    assert found(replace(given, issued_this_year=29), "L2") == []
