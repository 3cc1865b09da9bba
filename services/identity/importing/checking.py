"""Checking a whole import against what exists: every error at once, and nothing is written before."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from services.identity.domain.passwords import normalised_login
from services.identity.domain.people import (
    PersonFacts,
    PostFacts,
    person_complaints,
    post_complaints,
)
from services.identity.domain.roles import Role, combination_complaint
from services.identity.domain.units import (
    UnitFacts,
    ancestry_complaint,
    placement_complaints,
    unit_complaints,
)
from services.identity.importing.columns import TableKind
from services.identity.importing.findings import Finding
from services.identity.importing.parsing import Parsed, parse
from services.identity.importing.reading import Reading

UNITS, PERSONS, POSTS = TableKind.UNITS, TableKind.PERSONS, TableKind.POSTS


@dataclass(frozen=True)
class Directory:
    """Units, persons and posts by code: what exists, or what will."""

    units: dict[str, UnitFacts] = field(default_factory=dict)
    persons: dict[str, PersonFacts] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)

    def with_changes(self, parsed: Parsed) -> "Directory":
        """As it will be after the import."""
        return Directory(
            {**self.units, **parsed.units}, {**self.persons, **parsed.persons}, {**self.posts, **parsed.posts}
        )

    def ancestry(self) -> dict[str, str | None]:
        """Every unit's parent, by code."""
        return {code: unit.parent_code for code, unit in self.units.items()}

    def posts_of(self, person_code: str) -> list[PostFacts]:
        """The posts that the person holds."""
        return [post for post in self.posts.values() if person_code in post.holder_codes]


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What the importer may touch: the units that `covers` says yes to, and with `sets_up` the top as well.

    Only the operator on the server sets up top units and administrators: a system administrator who could make
    a security administrator would hold both offices through a friend.
    """

    covers: Callable[[str], bool] = lambda unit_code: True
    sets_up: bool = False


@dataclass(frozen=True)
class Checked:
    """The outcome: what the files say, what exists, and every error in reading order."""

    parsed: Parsed
    existing: Directory
    findings: list[Finding]


def check(reading: Reading, existing: Directory, authority: Authority) -> Checked:
    """Check all rows together; `findings` is empty when the import may be carried out."""
    parsed = parse(reading.rows)
    after = existing.with_changes(parsed)
    _check_units(parsed, existing, after)
    _check_persons(parsed, after)
    _check_posts(parsed, existing, after)
    _check_administrators(parsed, after)
    _check_authority(parsed, existing, after, authority)
    return Checked(parsed, existing, sorted({*reading.findings, *parsed.findings}))


def _check_units(parsed: Parsed, existing: Directory, after: Directory) -> None:
    ancestry = after.ancestry()
    for code, unit in parsed.units.items():
        for about, said in unit_complaints(unit):
            parsed.complain(UNITS, code, about=about, said=said)
        parent = after.units.get(unit.parent_code or "")
        if unit.parent_code and parent is None:
            if (UNITS, unit.parent_code) not in parsed.rows:
                said = f"上级单位{unit.parent_code}不存在"
                parsed.complain(UNITS, code, about="parent_code", said=said)
            continue
        circle = ancestry_complaint(code, ancestry)
        complaints = [("parent_code", circle)] if circle else placement_complaints(unit, parent)
        for about, said in complaints:
            parsed.complain(UNITS, code, about=about, said=said)
    _check_left_below(parsed, existing)
    _check_unique_units(parsed, after)


def _check_left_below(parsed: Parsed, existing: Directory) -> None:
    """A changed unit must still be a fit place for the units below it that the files do not speak of."""
    for code, unit in existing.units.items():
        above = parsed.units.get(unit.parent_code or "")
        if above is None or code in parsed.units:
            continue
        for about, said in placement_complaints(unit, above):
            place = "kind" if about == "parent_code" else about
            parsed.complain(UNITS, above.code, about=place, said=f"与下级单位“{unit.name}”不符:{said}")


def _check_unique_units(parsed: Parsed, after: Directory) -> None:
    keys: list[tuple[str, str, Callable[[UnitFacts], Iterable[str | None]]]] = [
        ("name", "单位名称", lambda unit: [unit.name]),
        ("credit_code", "统一社会信用代码", lambda unit: [unit.credit_code]),
        ("issuing_codes", "机关代字", lambda unit: unit.issuing_codes),
        # Each division's archive counts its fonds by itself, and a township's lies in its county's archive.
        (
            "fonds_code",
            "全宗号",
            lambda unit: [unit.fonds_code and f"{unit.fonds_code}({unit.division_code[:6]})"],
        ),
    ]
    for about, title, values in keys:
        owners: dict[str, list[str]] = defaultdict(list)
        for code, unit in after.units.items():
            for value in set(values(unit)):
                if value:
                    owners[value].append(code)
        _complain_of_shared(parsed, UNITS, owners, about=about, title=title)


def _complain_of_shared(
    parsed: Parsed, kind: TableKind, owners: Mapping[str, list[str]], *, about: str, title: str
) -> None:
    for value, codes in owners.items():
        for code in codes if len(codes) > 1 else []:
            if (kind, code) in parsed.rows:
                others = "、".join(other for other in codes if other != code)
                parsed.complain(kind, code, about=about, said=f"{title}“{value}”与{others}重复")


def _check_persons(parsed: Parsed, after: Directory) -> None:
    for code, person in parsed.persons.items():
        for about, said in person_complaints(person):
            parsed.complain(PERSONS, code, about=about, said=said)
    owners: dict[str, list[str]] = defaultdict(list)
    for code, person in after.persons.items():
        owners[normalised_login(person.login_name)].append(code)
    _complain_of_shared(parsed, PERSONS, owners, about="login_name", title="登录名")


def _check_posts(parsed: Parsed, existing: Directory, after: Directory) -> None:
    for code, post in parsed.posts.items():
        for about, said in post_complaints(post):
            parsed.complain(POSTS, code, about=about, said=said)
        if post.unit_code not in after.units and (UNITS, post.unit_code) not in parsed.rows:
            parsed.complain(POSTS, code, about="unit_code", said=f"单位{post.unit_code}不存在")
        before = existing.posts.get(code)
        if before and before.unit_code != post.unit_code:
            said = f"岗位不能改换单位(现属{before.unit_code}),请新建岗位"
            parsed.complain(POSTS, code, about="unit_code", said=said)
        for holder in sorted(post.holder_codes):
            if holder not in after.persons and (PERSONS, holder) not in parsed.rows:
                parsed.complain(POSTS, code, about="holder_codes", said=f"人员{holder}不存在")
        for scope in post.scope_codes:
            if scope not in after.units and (UNITS, scope) not in parsed.rows:
                parsed.complain(POSTS, code, about="scope_codes", said=f"单位{scope}不存在")
    owners: dict[str, list[str]] = defaultdict(list)
    for code, post in after.posts.items():
        owners[f"{post.unit_code} {post.title}"].append(code)
    _complain_of_shared(parsed, POSTS, owners, about="title", title="同一单位的岗位名称")


def _check_administrators(parsed: Parsed, after: Directory) -> None:
    held: dict[str, list[PostFacts]] = defaultdict(list)
    for post in after.posts.values():
        for holder in post.holder_codes:
            held[holder].append(post)
    for person_code, posts in held.items():
        person = after.persons.get(person_code)
        name = f"{person.name}({person_code})" if person else person_code
        said = combination_complaint(name, [role for post in posts for role in post.roles])
        for post in posts if said else []:
            if post.code in parsed.posts and any(role.administers for role in post.roles):
                parsed.complain(POSTS, post.code, about="roles", said=said or "")


def _check_authority(parsed: Parsed, existing: Directory, after: Directory, authority: Authority) -> None:
    for code, unit in parsed.units.items():
        if existing.units.get(code) != unit:
            _check_unit_authority(parsed, existing, unit, authority=authority)
    for code, person in parsed.persons.items():
        if existing.persons.get(code) in (None, person):
            continue
        posts = existing.posts_of(code)
        if any(not authority.covers(post.unit_code) for post in posts) or _administers(posts, authority):
            parsed.complain(PERSONS, code, about="code", said="此人在您的管理范围之外任职,不能由您修改")
    for code, post in parsed.posts.items():
        if existing.posts.get(code) != post:
            _check_post_authority(parsed, existing, post, authority=authority)


def _check_unit_authority(
    parsed: Parsed, existing: Directory, unit: UnitFacts, *, authority: Authority
) -> None:
    before = existing.units.get(unit.code, unit)
    for parent_code in {unit.parent_code, before.parent_code}:
        if parent_code is None:
            if not authority.sets_up:
                said = "没有上级的单位只能由运维人员在服务器上导入"
                parsed.complain(UNITS, unit.code, about="parent_code", said=said)
        elif not _covered(parent_code, parsed, existing, authority):
            said = f"单位{parent_code}不在您的管理范围内"
            parsed.complain(UNITS, unit.code, about="parent_code", said=said)


def _check_post_authority(
    parsed: Parsed, existing: Directory, post: PostFacts, *, authority: Authority
) -> None:
    if not _covered(post.unit_code, parsed, existing, authority):
        said = f"单位{post.unit_code}不在您的管理范围内"
        parsed.complain(POSTS, post.code, about="unit_code", said=said)
    if _administers([post, existing.posts.get(post.code, post)], authority):
        said = "系统、安全、审计管理员的岗位只能由安全管理员或运维人员设置"
        parsed.complain(POSTS, post.code, about="roles", said=said)


def _covered(unit_code: str, parsed: Parsed, existing: Directory, authority: Authority) -> bool:
    """Whether the importer may work below that unit: by its place today, or that of what it is new under."""
    for _ in range(len(parsed.units) + 1):
        if unit_code in existing.units:
            return authority.covers(unit_code)
        new = parsed.units.get(unit_code)
        if new is None:
            return True
        if new.parent_code is None:
            return authority.sets_up
        unit_code = new.parent_code
    return False


def _administers(posts: Iterable[PostFacts], authority: Authority) -> bool:
    roles: set[Role] = set().union(*(post.roles for post in posts))
    return not authority.sets_up and any(role.administers for role in roles)
