"""Checking wanted changes against the whole directory: everything that speaks against them, at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from services.identity.domain.directory import Authority, Complaint, Directory, Table, Wanted
from services.identity.domain.passwords import normalised_login
from services.identity.domain.people import PostFacts, person_complaints, post_complaints
from services.identity.domain.roles import Role, combination_complaint
from services.identity.domain.units import (
    UnitFacts,
    ancestry_complaint,
    placement_complaints,
    unit_complaints,
)

UNITS, PERSONS, POSTS = Table.UNITS, Table.PERSONS, Table.POSTS


def check_changes(wanted: Wanted, existing: Directory, authority: Authority) -> list[Complaint]:
    """Check all wanted rows together; nothing comes back when they may be carried out."""
    checking = _Checking(wanted)
    after = existing.with_changes(wanted)
    for table, code in sorted(wanted.named & existing.gone):
        checking.complain(table, code, about="code", said=f"编码{code}属于已撤销的单位或岗位,不能再用")
    _check_units(checking, existing, after)
    _check_persons(checking, after)
    _check_posts(checking, existing, after)
    _check_administrators(checking, after)
    _check_authority(checking, existing, authority)
    return checking.complaints


@dataclass
class _Checking:
    """The wanted changes, and the complaints so far."""

    wanted: Wanted
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, table: Table, code: str, *, about: str, said: str) -> None:
        """Keep a complaint, unless it is about what could not be understood anyway."""
        if about not in self.unread(table, code):
            self.complaints.append(Complaint(table, code, about, said))

    def unread(self, table: Table, code: str) -> frozenset[str]:
        """The fields of a row that could not be understood."""
        return self.wanted.unread.get((table, code), frozenset())


def _check_units(checking: _Checking, existing: Directory, after: Directory) -> None:
    ancestry = after.ancestry()
    for code, unit in checking.wanted.units.items():
        unread = checking.unread(UNITS, code)
        for about, said in unit_complaints(unit, unread):
            checking.complain(UNITS, code, about=about, said=said)
        if "parent_code" in unread:
            continue
        parent = after.units.get(unit.parent_code or "")
        if unit.parent_code and parent is None:
            if (UNITS, unit.parent_code) not in checking.wanted.named:
                said = f"上级单位{unit.parent_code}不存在"
                checking.complain(UNITS, code, about="parent_code", said=said)
            continue
        circle = ancestry_complaint(code, ancestry)
        unread |= checking.unread(UNITS, unit.parent_code or "")
        complaints = [("parent_code", circle)] if circle else placement_complaints(unit, parent, unread)
        for about, said in complaints:
            checking.complain(UNITS, code, about=about, said=said)
    _check_left_below(checking, existing)
    _check_unique_units(checking, after)


def _check_left_below(checking: _Checking, existing: Directory) -> None:
    """A changed unit must still be a fit place for the units below it that the files do not speak of."""
    for code, unit in existing.units.items():
        above = checking.wanted.units.get(unit.parent_code or "")
        if above is None or code in checking.wanted.units:
            continue
        for about, said in placement_complaints(unit, above, checking.unread(UNITS, above.code)):
            place = "kind" if about == "parent_code" else about
            checking.complain(UNITS, above.code, about=place, said=f"与下级单位“{unit.name}”不符:{said}")


def _check_unique_units(checking: _Checking, after: Directory) -> None:
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
            unread = checking.unread(UNITS, code)
            if about in unread or (about == "fonds_code" and "division_code" in unread):
                continue
            for value in set(values(unit)):
                if value:
                    owners[value].append(code)
        _complain_of_shared(checking, UNITS, owners, about=about, title=title)


def _complain_of_shared(
    checking: _Checking, table: Table, owners: Mapping[str, list[str]], *, about: str, title: str
) -> None:
    for value, codes in owners.items():
        for code in codes if len(codes) > 1 else []:
            if (table, code) in checking.wanted.named:
                others = "、".join(other for other in codes if other != code)
                checking.complain(table, code, about=about, said=f"{title}“{value}”与{others}重复")


def _check_persons(checking: _Checking, after: Directory) -> None:
    for code, person in checking.wanted.persons.items():
        for about, said in person_complaints(person):
            checking.complain(PERSONS, code, about=about, said=said)
    owners: dict[str, list[str]] = defaultdict(list)
    for code, person in after.persons.items():
        if "login_name" not in checking.unread(PERSONS, code):
            owners[normalised_login(person.login_name)].append(code)
    _complain_of_shared(checking, PERSONS, owners, about="login_name", title="登录名")


def _check_posts(checking: _Checking, existing: Directory, after: Directory) -> None:
    for code, post in checking.wanted.posts.items():
        for about, said in post_complaints(post, checking.unread(POSTS, code)):
            checking.complain(POSTS, code, about=about, said=said)
        if post.unit_code not in after.units and (UNITS, post.unit_code) not in checking.wanted.named:
            checking.complain(POSTS, code, about="unit_code", said=f"单位{post.unit_code}不存在")
        before = existing.posts.get(code)
        if before and post.unit_code in after.units and before.unit_code != post.unit_code:
            said = f"岗位不能改换单位(现属{before.unit_code}),请新建岗位"
            checking.complain(POSTS, code, about="unit_code", said=said)
        for holder in sorted(post.holder_codes):
            if holder not in after.persons and (PERSONS, holder) not in checking.wanted.named:
                checking.complain(POSTS, code, about="holder_codes", said=f"人员{holder}不存在")
        for scope in post.scope_codes:
            if scope not in after.units and (UNITS, scope) not in checking.wanted.named:
                checking.complain(POSTS, code, about="scope_codes", said=f"单位{scope}不存在")
    owners: dict[str, list[str]] = defaultdict(list)
    for code, post in after.posts.items():
        if not {"unit_code", "title"} & checking.unread(POSTS, code):
            owners[f"{post.unit_code} {post.title}"].append(code)
    _complain_of_shared(checking, POSTS, owners, about="title", title="同一单位的岗位名称")


def _check_administrators(checking: _Checking, after: Directory) -> None:
    held: dict[str, list[PostFacts]] = defaultdict(list)
    for post in after.posts.values():
        for holder in post.holder_codes:
            held[holder].append(post)
    for person_code, posts in held.items():
        person = after.persons.get(person_code)
        name = f"{person.name}({person_code})" if person else person_code
        said = combination_complaint(name, [role for post in posts for role in post.roles])
        for post in posts if said else []:
            if post.code in checking.wanted.posts and any(role.administers for role in post.roles):
                checking.complain(POSTS, post.code, about="roles", said=said or "")


def _check_authority(checking: _Checking, existing: Directory, authority: Authority) -> None:
    for code, unit in checking.wanted.units.items():
        if existing.units.get(code) != unit:
            _check_unit_authority(checking, existing, unit, authority=authority)
    for code, person in checking.wanted.persons.items():
        if existing.persons.get(code) in (None, person):
            continue
        posts = existing.posts_of(code)
        if not posts and not authority.covers_everything:
            said = "此人没有在任岗位,只能由管理全部单位的系统管理员修改;请先任命到您管理的岗位"
            checking.complain(PERSONS, code, about="code", said=said)
        if any(not authority.covers(post.unit_code) for post in posts):
            checking.complain(PERSONS, code, about="code", said="此人在您的管理范围之外任职,不能由您修改")
        if _administers(posts, authority):
            said = "系统、安全、审计管理员的信息只能由安全管理员或运维人员修改"
            checking.complain(PERSONS, code, about="code", said=said)
    for code, post in checking.wanted.posts.items():
        if existing.posts.get(code) != post:
            _check_post_authority(checking, existing, post, authority=authority)


def _check_unit_authority(
    checking: _Checking, existing: Directory, unit: UnitFacts, *, authority: Authority
) -> None:
    before = existing.units.get(unit.code, unit)
    for parent_code in {unit.parent_code, before.parent_code}:
        if parent_code is None:
            if not authority.sets_up:
                said = "没有上级的单位只能由运维人员在服务器上导入"
                checking.complain(UNITS, unit.code, about="parent_code", said=said)
        elif not _covered(parent_code, checking, existing, authority):
            said = f"单位{parent_code}不在您的管理范围内"
            checking.complain(UNITS, unit.code, about="parent_code", said=said)


def _check_post_authority(
    checking: _Checking, existing: Directory, post: PostFacts, *, authority: Authority
) -> None:
    if not _covered(post.unit_code, checking, existing, authority):
        said = f"单位{post.unit_code}不在您的管理范围内"
        checking.complain(POSTS, post.code, about="unit_code", said=said)
    if _administers([post, existing.posts.get(post.code, post)], authority):
        said = "系统、安全、审计管理员的岗位只能由安全管理员或运维人员设置"
        checking.complain(POSTS, post.code, about="roles", said=said)


def _covered(unit_code: str, checking: _Checking, existing: Directory, authority: Authority) -> bool:
    """Whether the importer may work below that unit: by its place today, or that of what it is new under."""
    for _ in range(len(checking.wanted.units) + 1):
        if unit_code in existing.units:
            return authority.covers(unit_code)
        new = checking.wanted.units.get(unit_code)
        if new is None:
            return True
        if new.parent_code is None:
            return authority.sets_up
        unit_code = new.parent_code
    return False


def _administers(posts: Iterable[PostFacts], authority: Authority) -> bool:
    roles: set[Role] = set().union(*(post.roles for post in posts))
    return not authority.may_make_administrators and any(role.administers for role in roles)
