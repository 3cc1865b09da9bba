"""Rules for documents that go up (上行文): 第十四条 and 第十五条."""

from collections.abc import Iterator

from services.documents.domain.findings import Level, Objection
from services.documents.domain.kinds import Direction
from services.documents.domain.rules import phrases
from services.documents.domain.rules.case import Case, UnitKind, names

# Kinds that may ask a superior for a decision; a 意见 or 议案 that goes up is decided upon as well.
_ASKING = frozenset({"request", "opinion", "bill"})
_ASKING_OR_TELLING = frozenset({"request", "report"})


def one_matter_per_request(case: Case) -> Iterator[Objection]:
    """R1: 请示应当一文一事. Read from the title and from the closing formulas."""
    if case.elements.kind.code != "request":
        return
    closings = phrases.find_phrases(case.elements.body, phrases.REQUEST_CLOSINGS)
    if len(closings) > 1:
        message = f"请示应当一文一事，正文里有 {len(closings)} 处请求批示的结语；请一事一文，分开行文"
        yield Objection(level=Level.BLOCK, field="body", message=message, quote="；".join(closings))
    if several := phrases.find_phrase([case.elements.title], phrases.SEVERAL_MATTERS):
        message = f"请示应当一文一事，标题中的“{several}”像是不止一件事；如确有几件事，请分开行文"
        yield Objection(level=Level.WARN, field="title", message=message, quote=several)


def no_request_inside_a_report(case: Case) -> Iterator[Objection]:
    """R2: 不得在报告等非请示性公文中夹带请示事项. Read from the wording."""
    if case.elements.kind.code in _ASKING or not (case.goes_up or case.elements.kind.code == "report"):
        return
    what = case.elements.kind.name
    if closing := phrases.find_phrase(case.elements.body, phrases.REQUEST_CLOSINGS + phrases.REQUEST_ENDINGS):
        message = f"{what}不得夹带请示事项，正文写有“{closing}”；请删去，确需请示的另行以“请示”行文"
        yield Objection(level=Level.BLOCK, field="body", message=message, quote=closing)
    elif asking := phrases.find_phrase(case.elements.body, phrases.REQUESTS):
        message = f"{what}不得夹带请示事项，“{asking}”像是在请求批准；如是请示事项，请另行以“请示”行文"
        yield Objection(level=Level.WARN, field="body", message=message, quote=asking)


def one_superior_and_no_copy_down(case: Case) -> Iterator[Objection]:
    """R3: 原则上主送一个上级机关, 不抄送下级机关."""
    above = case.addressed(Direction.UP)
    if len(above) > 1:
        message = f"上行文原则上主送一个上级机关，现在主送了 {names(above)}；请留下一个，其余改为抄送"
        yield Objection(level=Level.WARN, field="recipients", message=message)
    below = case.copied(Direction.DOWN)
    if above and below:
        message = f"上行文不抄送下级机关；请从抄送机关中去掉 {names(below)}"
        yield Objection(level=Level.BLOCK, field="copies_to", message=message)


def consent_before_reporting_to_the_line(case: Case) -> Iterator[Objection]:
    """R4: 部门向上级主管部门请示、报告重大事项, 应当经本级党委、政府同意或者授权."""
    to_line = [to for to in case.addressed(Direction.UP) if to.unit.id in case.issuer.guided_by]
    concerned = case.issuer.kind is UnitKind.DEPARTMENT and case.elements.kind.code in _ASKING_OR_TELLING
    if not (concerned and to_line) or case.facts.government_consent:
        return
    if case.facts.major_matter:
        message = (
            f"向上级主管部门 {names(to_line)} 请示、报告重大事项，应当先经本级党委、政府同意或者授权；"
            "请先报批并注明"
        )
        yield Objection(level=Level.BLOCK, field="government_consent", message=message)
    else:
        message = (
            f"主送上级主管部门 {names(to_line)}：属于本部门职权范围的可以直接报送；"
            "如是重大事项，须先经本级党委、政府同意"
        )
        yield Objection(level=Level.INFO, field="government_consent", message=message)


def opinion_on_a_forwarded_request(case: Case) -> Iterator[Objection]:
    """R5: 下级机关的请示事项以本机关名义上报, 应当提出倾向性意见, 不得原文转报."""
    if not case.goes_up or case.facts.gives_own_opinion:
        return
    if phrases.find_phrase(case.elements.body, phrases.OWN_OPINIONS):
        return
    if case.facts.forwards_a_request:
        message = "转报下级机关的请示，应当提出本机关的倾向性意见，不得原文转报；请写明本机关是否同意及理由"
        yield Objection(level=Level.BLOCK, field="body", message=message)
    elif forwarding := phrases.find_phrase(case.elements.body, phrases.FORWARDED_REQUESTS):
        message = f"“{forwarding}”像是转报下级的请示，却没有看到本机关的倾向性意见；请补写，不得原文转报"
        yield Objection(level=Level.WARN, field="body", message=message, quote=forwarding)


def office_to_office_not_to_leaders(case: Case) -> Iterator[Objection]:
    """R6: 不得以本机关名义向上级机关负责人报送, 不得以本机关负责人名义向上级机关报送; 直接交办的除外."""
    leaders = [to for to in (*case.addressed(Direction.UP), *case.copied(Direction.UP)) if to.leader]
    if leaders and not (case.facts.entrusted_by_leader or case.facts.in_leaders_name):
        message = (
            f"除上级机关负责人直接交办事项外，不得以本机关名义向上级机关负责人（{names(leaders)}）报送公文；"
            "请改送该机关，如系直接交办请注明"
        )
        yield Objection(level=Level.BLOCK, field="recipients", message=message)
    if case.facts.in_leaders_name and any(not to.leader for to in case.addressed(Direction.UP)):
        message = "不得以本机关负责人名义向上级机关报送公文；请改以本机关名义行文"
        yield Objection(level=Level.BLOCK, field="signatories", message=message)


def no_leap_over_the_next_superior(case: Case) -> Iterator[Objection]:
    """R7: 一般不得越级行文; 特殊情况需要越级的, 应当同时抄送被越过的机关."""
    superiors = case.issuer.superiors
    for to in case.addressed(Direction.UP):
        if to.unit.id not in superiors[1:]:
            continue
        passed_over = set(superiors[: superiors.index(to.unit.id)])
        if passed_over <= case.named_ids:
            continue
        message = (
            f"主送 {to.unit.name} 属于越级行文，一般不得越级；特殊情况必须越级的，请同时抄送被越过的机关"
        )
        yield Objection(level=Level.WARN, field="recipients", message=message)


def copy_to_the_other_leading_unit(case: Case) -> Iterator[Objection]:
    """R8: 受双重领导的机关向一个上级机关行文, 必要时抄送另一个上级机关."""
    leading = case.issuer.dual_leaders
    if (
        len(leading) > 1
        and leading & {to.unit.id for to in case.addressed(Direction.UP)}
        and leading - case.named_ids
    ):
        message = "本机关受双重领导，只送了其中一个上级机关；必要时请抄送另一个"
        yield Objection(level=Level.WARN, field="copies_to", message=message)
