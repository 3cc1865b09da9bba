"""Rules for the elements themselves (公文格式): 第八条, 第九条, GB/T 9704-2012, and what this network may carry."""

import re
from collections.abc import Iterator

from services.documents.domain import limits
from services.documents.domain.elements import dates_written_in, signature_dates, take_title_apart
from services.documents.domain.findings import Level, Objection
from services.documents.domain.kinds import PASSED_BY_MEETINGS, RIDE_ON_NOTICE, Direction
from services.documents.domain.numbers import is_number, parse_number
from services.documents.domain.rules.case import Case
from shared.secrecy import (
    FIRST_PAGE_PARAGRAPHS,
    find_secrecy_mark,
    mark_in_element,
    mark_in_title,
)
from shared.text import fold_width

# How a text speaks of its attachments: by figure (附件2), at large (见附件), or in a note of its own (附件：1.名单).
_NUMBERED_ATTACHMENT = re.compile(r"(?:见|按|照|填报?)附件\s*([1-9]\d?)(?!\d)")
_SEE_ATTACHMENT = re.compile(r"见附件")
_ATTACHMENT_NOTE = re.compile(r"(?m)^\s*附件\s*:.{0,40}")
_SIGNED_IN_PERSON = frozenset({"order", "bill"})
_END_MARKS = "。，；、：.,;:！!"


def nothing_secret(case: Case) -> Iterator[Objection]:
    """This network is not for classified documents: an element, title or first page with a secrecy mark is refused."""
    drafted = case.elements
    found = (
        ("secrecy", mark_in_element(drafted.secrecy)),
        ("title", mark_in_title(drafted.title)),
        ("body", find_secrecy_mark(drafted.body[:FIRST_PAGE_PARAGRAPHS])),
    )
    for field, mark in found:
        if mark:
            message = f"标有密级“{mark.quote}”；本系统不得处理涉密文件，请改用涉密信息系统或机要渠道办理"
            yield Objection(level=Level.BLOCK, field=field, message=message)


def kind_fits_the_direction(case: Case) -> Iterator[Objection]:
    """A kind is used for what 第八条 says it is for."""
    kind, to = case.elements.kind, case.recipients
    if not to:
        return
    directions = {case.direction_to(each.unit) for each in to}
    if kind.code in {"request", "report"} and Direction.UP not in directions:
        other = "；向不相隶属的机关请求批准用“函”" if kind.code == "request" else ""
        message = f"“{kind.name}”适用于{kind.applies_to}，主送机关中没有上级机关{other}；请改文种或主送机关"
        yield Objection(level=Level.BLOCK, field="kind", message=message)
    elif kind.code == "reply" and Direction.DOWN not in directions:
        message = "“批复”适用于答复下级机关请示事项，主送机关不是下级机关；答复不相隶属的机关用“函”"
        yield Objection(level=Level.WARN, field="kind", message=message)
    elif directions == {Direction.UP} and Direction.UP not in kind.directions:
        message = f"“{kind.name}”不用于向上级行文；请改用“报告”“请示”或“意见”"
        yield Objection(level=Level.WARN, field="kind", message=message)


def title_is_complete(case: Case) -> Iterator[Objection]:
    """标题由发文机关名称、事由和文种组成."""
    kind, title = case.elements.kind, case.elements.title.strip()
    parts = take_title_apart(title)
    if not title:
        yield Objection(level=Level.BLOCK, field="title", message="没有标题；请写明发文机关、事由和文种")
        return
    if parts.kind_word in RIDE_ON_NOTICE:
        message = (
            f"标题以“{parts.kind_word}”结尾，它不是公文文种；"
            f"请用“通知”印发，如“关于印发《…{parts.kind_word}》的通知”"
        )
        yield Objection(level=Level.BLOCK, field="title", message=message)
    elif parts.kind_word not in kind.title_words:
        said = f"以“{parts.kind_word}”结尾" if parts.kind_word else "没有写出文种"
        message = f"标题{said}，与所选文种“{kind.name}”不一致；请改标题或文种"
        yield Objection(level=Level.BLOCK, field="title", message=message)
    if not parts.matter and kind.code not in {
        "order",
        "minutes",
        "communique",
        "proclamation",
        "public_notice",
    }:
        message = "标题里没有看到事由（关于……的）；标题应由发文机关名称、事由和文种组成"
        yield Objection(level=Level.WARN, field="title", message=message)
    if not parts.issuer:
        message = "标题里没有发文机关名称；标题应由发文机关名称、事由和文种组成"
        yield Objection(level=Level.WARN, field="title", message=message)


def bears_its_issuers_names(case: Case) -> Iterator[Objection]:
    """Red head (发文机关标志), signature (署名) and title name those who issue the document, and nobody else."""
    drafted = case.elements
    names = tuple(name for unit in case.issuers for name in (unit.name, *unit.other_names))
    issuers = "、".join(unit.name for unit in case.issuers)
    # An order and a bill are signed by the leader in person (签名章).
    in_person = case.facts.in_leaders_name or drafted.kind.code in _SIGNED_IN_PERSON
    printed = [("mark", "发文机关标志", drafted.mark)]
    printed += [] if in_person else [("signatories", "发文机关署名", drafted.signatories)]
    for field, what, written in printed:
        for name in written:
            if not "".join(name.split()).startswith(names):
                message = f"{what}“{name}”不是发文机关（{issuers}）的名称；请改正"
                yield Objection(level=Level.BLOCK, field=field, message=message, quote=name)
    title = take_title_apart(drafted.title)
    # Minutes are named after their meeting.
    named = title.issuer if title.matter and drafted.kind.code != "minutes" else ""
    if named and not named.startswith(names):
        message = f"标题里的发文机关“{named}”不是本文的发文机关（{issuers}）；请核对"
        yield Objection(level=Level.WARN, field="title", message=message, quote=named)


def date_agrees_with_the_signature(case: Case) -> Iterator[Objection]:
    """成文日期 is one date, in the element, under the text and on the signer's approval alike."""
    dated, passed_on = case.elements.dated, case.elements.passed_on
    if passed_on and case.elements.kind.code not in PASSED_BY_MEETINGS:
        message = f"“{case.elements.kind.name}”以负责人签发的日期为成文日期；请删去会议通过的日期，或改文种"
        yield Objection(level=Level.BLOCK, field="passed_on", message=message)
    if dated is None:
        return
    for written in signature_dates(case.elements.body):
        if not written.agrees_with(dated):
            message = f"成文日期是 {dated.isoformat()}，正文落款却是“{written.quote}”；请核对后改成一致"
            yield Objection(level=Level.WARN, field="dated", message=message, quote=written.quote)
    signed = [signing.signed_on for signing in case.signings if signing.signed_on]
    if signed and dated not in (max(signed), passed_on) and len(signed) == len(case.issuers):
        message = (
            f"成文日期是 {dated.isoformat()}，最后签发的日期是 {max(signed).isoformat()}；"
            "除会议通过的以外，应为签发日期"
        )
        yield Objection(level=Level.WARN, field="dated", message=message)


def upward_names_its_signer(case: Case) -> Iterator[Objection]:
    """上行文应当标注签发人姓名."""
    if case.goes_up and not any(name.strip() for name in case.elements.signers):
        yield Objection(level=Level.BLOCK, field="signers", message="上行文应当标注签发人姓名；请填写签发人")


def request_names_a_contact(case: Case) -> Iterator[Objection]:
    """请示 gives a contact person with a telephone number in its note (附注)."""
    contact = case.elements.contact
    if case.elements.kind.code == "request" and not (
        contact and contact.name.strip() and contact.phone.strip()
    ):
        message = "请示应当在附注处注明联系人的姓名和电话；请补填"
        yield Objection(level=Level.WARN, field="contact", message=message)


def number_has_its_form(case: Case) -> Iterator[Objection]:
    """发文字号 has the standard's form, and the year in which the document is dated."""
    number, dated = case.elements.number, case.elements.dated
    if not number:
        return
    if not is_number(number):
        message = f"发文字号“{number}”格式不对，正确的形式如“阜政发〔2021〕59号”"
        yield Objection(level=Level.BLOCK, field="number", message=message)
    elif dated and parse_number(number).year != dated.year:
        message = f"发文字号的年份与成文日期 {dated.isoformat()} 不在同一年；请核对"
        yield Objection(level=Level.WARN, field="number", message=message)


def attachments_are_named(case: Case) -> Iterator[Objection]:
    """附件说明 names every attachment once, without a mark at the end; what the text speaks of is attached."""
    attached = case.elements.attachment_names
    text = fold_width(case.elements.text)
    spoken = [int(figure) for figure in _NUMBERED_ATTACHMENT.findall(text)]
    if missing := max(spoken, default=0) > len(attached):
        message = f"正文提到“附件{max(spoken)}”，实际附件有 {len(attached)} 个；请核对"
        yield Objection(level=Level.WARN, field="attachment_names", message=message)
    noted = _ATTACHMENT_NOTE.search(text) or (None if attached else _SEE_ATTACHMENT.search(text))
    if noted and attached:
        message = "附件说明由系统按附件的名称和顺序印在正文之后；请从正文中删去，以免重复"
        yield Objection(level=Level.WARN, field="body", message=message, quote=noted[0].strip())
    elif noted and not missing:
        message = f"正文写有“{noted[0].strip()}”，却没有附件；请上传附件或改正文"
        yield Objection(level=Level.WARN, field="attachment_names", message=message, quote=noted[0].strip())
    if marked := [name for name in attached if name.strip().endswith(tuple(_END_MARKS))]:
        message = f"附件名称后面不加标点：“{marked[0]}”"
        yield Objection(level=Level.WARN, field="attachment_names", message=message)


def text_dates_exist(case: Case) -> Iterator[Objection]:
    """A date that no calendar has is a slip of the pen."""
    for written in dates_written_in(case.elements.text):
        if not written.exists:
            message = f"正文中的“{written.quote}”不是存在的日期；请核对"
            yield Objection(level=Level.WARN, field="body", message=message, quote=written.quote)


def length_is_moderate(case: Case) -> Iterator[Objection]:
    """The text keeps to the length in force."""
    if long := limits.check_length(
        case.elements.body, case.facts.scope, on=case.today, limits=case.length_limits
    ):
        yield long


def quota_is_kept(case: Case) -> Iterator[Objection]:
    """The issuing code keeps to its number of documents for the year."""
    if full := limits.check_quota(case.quota, issued=case.issued_this_year):
        yield full
