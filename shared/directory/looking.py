"""Looking things up in the local directory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from shared.auth.actor import Actor
from shared.directory.models import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)
from shared.errors import Problem, invalid
from shared.permissions import Permission

_VACANT = "空缺"


@dataclass(frozen=True, kw_only=True)
class PostCard:
    """A post as people name it: unit, title and who holds it now (empty when vacant)."""

    post_id: UUID
    title: str
    unit_id: UUID
    unit_name: str
    unit_short_name: str
    holders: tuple[str, ...]
    person_ids: tuple[UUID, ...]
    permissions: frozenset[str]

    @property
    def label(self) -> str:
        """For lists: unit, title and names."""
        return f"{self.unit_short_name}{self.title}（{'、'.join(self.holders) or _VACANT}）"


# Made once: SQLAlchemy takes longer to put such a statement together than PostgreSQL to answer it.
_UNITS = sa.select(DirectoryUnit).where(DirectoryUnit.id.in_(sa.bindparam("unit_ids", expanding=True)))
_post = DirectoryPost.__table__.c
_UNITS_OF_POSTS = sa.select(_post.id, _post.unit_id).where(
    _post.id.in_(sa.bindparam("post_ids", expanding=True)), _post.active
)
_POSTS = (
    sa.select(DirectoryPost, DirectoryUnit)
    .join(DirectoryUnit, DirectoryUnit.id == DirectoryPost.unit_id)
    .where(DirectoryPost.id.in_(sa.bindparam("post_ids", expanding=True)), DirectoryPost.active)
    .order_by(DirectoryUnit.position, DirectoryPost.position, DirectoryPost.id)
)
_HOLDERS = (
    sa.select(DirectoryTenure.post_id, DirectoryPerson.id, DirectoryPerson.name)
    .join(DirectoryPerson, DirectoryPerson.id == DirectoryTenure.person_id)
    .where(DirectoryTenure.post_id.in_(sa.bindparam("post_ids", expanding=True)))
    .where(DirectoryTenure.active, DirectoryPerson.active)
    .order_by(DirectoryPerson.name)
)


def label_of(post_id: str) -> str:
    """SQL that names a post in force as lists do (`PostCard.label`), NULL where there is none; `post_id` is SQL too."""
    return f"""(
        SELECT unit.short_name || post.title || '（' || coalesce((
            SELECT string_agg(person.name, '、' ORDER BY person.name)
            FROM directory_tenure AS tenure JOIN directory_person AS person ON person.id = tenure.person_id
            WHERE tenure.post_id = post.id AND tenure.active AND person.active
        ), '{_VACANT}') || '）'
        FROM directory_post AS post JOIN directory_unit AS unit ON unit.id = post.unit_id
        WHERE post.id = {post_id} AND post.active
    )"""  # noqa: S608 (no input in it)


_LABELS = sa.text(
    f"SELECT named, {label_of('named')} FROM unnest(:post_ids) AS named"  # noqa: S608 (no input in it)
).bindparams(sa.bindparam("post_ids", type_=ARRAY(sa.Uuid())))


def find_unit(session: Session, unit_id: UUID) -> DirectoryUnit | None:
    """The unit, dissolved ones too."""
    return session.get(DirectoryUnit, unit_id)


def get_unit(session: Session, unit_id: UUID) -> DirectoryUnit:
    """The unit in force; Problem 422 when there is none."""
    unit = session.get(DirectoryUnit, unit_id)
    if unit is None or not unit.active:
        raise unit_unknown(unit_id)
    return unit


def list_units(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, DirectoryUnit]:
    """The units among those ids, by id."""
    known: dict[UUID, DirectoryUnit] = {}
    for unit_id in unit_ids:
        unit = session.identity_map.get(identity_key(DirectoryUnit, unit_id))
        if unit is not None and not sa.inspect(unit).expired:
            known[unit_id] = unit
    if missing := [unit_id for unit_id in unit_ids if unit_id not in known]:
        known.update((unit.id, unit) for unit in session.scalars(_UNITS, {"unit_ids": missing}))
    return known


def list_line(session: Session, unit_id: UUID) -> list[DirectoryUnit]:
    """The unit and those above it, nearest first."""
    return list_lines(session, [unit_id]).get(unit_id, [])


def list_lines(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, list[DirectoryUnit]]:
    """For each of the units, itself and those above it, nearest first; one query whatever their number."""
    line = (
        sa.select(
            DirectoryUnit.id.label("below"),
            DirectoryUnit.id,
            DirectoryUnit.parent_id,
            sa.literal(0).label("distance"),
        )
        .where(DirectoryUnit.id.in_(unit_ids))
        .cte("line", recursive=True)
    )
    line = line.union_all(
        sa.select(line.c.below, DirectoryUnit.id, DirectoryUnit.parent_id, line.c.distance + 1)
        .join(line, DirectoryUnit.id == line.c.parent_id)
        # The directory is a tree, but events may show a loop for a moment while units change places.
        .where(line.c.distance < 20)
    )
    found = sa.select(line.c.below, DirectoryUnit).join(line, line.c.id == DirectoryUnit.id)
    lines: dict[UUID, list[DirectoryUnit]] = {}
    for below, unit in session.execute(found.order_by(line.c.distance)):
        lines.setdefault(below, []).append(unit)
    return lines


def get_organ(session: Session, unit_id: UUID) -> DirectoryUnit:
    """The organ (机关) that a unit belongs to: itself, or the nearest above that may issue documents."""
    itself = session.get(DirectoryUnit, unit_id)
    # Most units that are asked for are organs; the line above is read only for an inner office.
    if itself is not None and itself.issues_documents:
        return itself
    for unit in list_line(session, unit_id):
        if unit.issues_documents:
            return unit
    raise unit_unknown(unit_id)


def looks_after(session: Session, organ_id: UUID, unit_id: UUID) -> bool:
    """Whether a unit is the organ itself or below it; a general office looks after all its government does.

    False for an organ or a unit that is not known yet.
    """
    organ = find_unit(session, organ_id)
    if organ is None:
        return False
    over = {organ.id, organ.parent_id} if organ.kind == "general_office" else {organ.id}
    return any(unit.id in over for unit in list_line(session, unit_id))


def list_offices(session: Session, organ_id: UUID) -> list[UUID]:
    """The organ's id and those of its inner offices (内设机构), any depth."""
    tree = sa.select(DirectoryUnit.id).where(DirectoryUnit.id == organ_id).cte("tree", recursive=True)
    tree = tree.union_all(
        sa.select(DirectoryUnit.id)
        .join(tree, DirectoryUnit.parent_id == tree.c.id)
        .where(sa.not_(DirectoryUnit.issues_documents), DirectoryUnit.active)
    )
    return list(session.scalars(sa.select(tree.c.id)))


def list_holders(session: Session, organ_id: UUID, permission: Permission) -> list[PostCard]:
    """The posts of an organ and its inner offices that carry a permission and are held by somebody."""
    posts = session.scalars(
        sa.select(DirectoryPost.id)
        .where(DirectoryPost.unit_id.in_(list_offices(session, organ_id)))
        .where(DirectoryPost.active, DirectoryPost.permissions.contains([permission.value]))
    )
    cards = list_posts(session, list(posts))
    return [card for card in cards.values() if card.person_ids]


def list_posts(session: Session, post_ids: Collection[UUID]) -> dict[UUID, PostCard]:
    """Cards of the posts in force among those ids, in list order; two queries whatever their number."""
    named = {"post_ids": list(post_ids)}
    posts = session.execute(_POSTS, named).all()
    holders = session.execute(_HOLDERS, named).all()
    return {
        post.id: PostCard(
            post_id=post.id,
            title=post.title,
            unit_id=unit.id,
            unit_name=unit.name,
            unit_short_name=unit.short_name,
            holders=tuple(name for held, _, name in holders if held == post.id),
            person_ids=tuple(person for held, person, _ in holders if held == post.id),
            permissions=frozenset(post.permissions),
        )
        for post, unit in posts
    }


def list_labels(session: Session, post_ids: Collection[UUID]) -> dict[UUID, str]:
    """The posts in force among those ids as lists name them (`PostCard.label`), where nothing else is asked of them."""
    rows = session.execute(_LABELS, {"post_ids": list(post_ids)})
    return {post_id: label for post_id, label in rows if label}


def list_units_of_posts(session: Session, post_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The unit of each of the posts in force among those ids."""
    rows = session.execute(_UNITS_OF_POSTS, {"post_ids": list(post_ids)})
    return {row.id: row.unit_id for row in rows}


def get_post(session: Session, post_id: UUID) -> PostCard:
    """The card of a post in force; Problem 422 when there is none."""
    card = list_posts(session, [post_id]).get(post_id)
    if card is None:
        raise post_unknown(post_id)
    return card


def list_posts_of_person(session: Session, person_id: UUID) -> list[UUID]:
    """The posts that a person holds now."""
    return list(
        session.scalars(
            sa.select(DirectoryTenure.post_id).where(
                DirectoryTenure.person_id == person_id, DirectoryTenure.active
            )
        )
    )


def list_delegations_to(
    session: Session, post_ids: Sequence[UUID], *, person_id: UUID, now: datetime
) -> list[DirectoryDelegation]:
    """The delegations under which a person in those posts may act for others now."""
    return list(
        session.scalars(
            sa.select(DirectoryDelegation)
            .where(DirectoryDelegation.to_post_id.in_(post_ids))
            .where(DirectoryDelegation.to_person_id == person_id)
            .where(DirectoryDelegation.starts_at <= now, DirectoryDelegation.ends_at > now)
        )
    )


def list_acting_posts(session: Session, actor: Actor, *, work_kind: str, now: datetime) -> list[UUID]:
    """The actor's own post, and the posts it stands in for in that kind of work."""
    if actor.post_id is None or actor.person_id is None:
        return []
    delegations = list_delegations_to(session, [actor.post_id], person_id=actor.person_id, now=now)
    absent = [
        delegation.from_post_id
        for delegation in delegations
        if not delegation.work_kinds or work_kind in delegation.work_kinds
    ]
    return [actor.post_id, *absent]


def find_delegation(
    session: Session, *, from_post_id: UUID, to_post_id: UUID, person_id: UUID, work_kind: str, now: datetime
) -> DirectoryDelegation | None:
    """The delegation in force that lets a person in one post do that kind of work for another post."""
    for delegation in list_delegations_to(session, [to_post_id], person_id=person_id, now=now):
        if delegation.from_post_id == from_post_id and (
            not delegation.work_kinds or work_kind in delegation.work_kinds
        ):
            return delegation
    return None


def unit_unknown(unit_id: UUID) -> Problem:
    """A unit that does not exist or was dissolved was named (422)."""
    return invalid(
        "directory.unit_unknown", "单位不存在或已撤销", f"单位 {unit_id} 不在现行机构名录中, 请重新选择。"
    )


def post_unknown(post_id: UUID) -> Problem:
    """A post that does not exist or was abolished was named (422)."""
    return invalid(
        "directory.post_unknown", "岗位不存在或已撤销", f"岗位 {post_id} 不在现行岗位名录中, 请重新选择。"
    )
