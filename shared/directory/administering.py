"""What an administrating post administers: the one rule that administration in every service goes by.

A post looks after its own unit and everything below it, or after the subtrees that its scope (管理范围) names, and
after nothing as long as its scope was not told. What holds for one unit is decided by who looks after that unit; what
holds for all, by who looks after the whole tree. The operator on the server may do either.
"""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.directory.looking import list_line
from shared.directory.models import DirectoryPost, DirectoryUnit
from shared.errors import Problem, forbidden, not_found


def list_administered(session: Session, actor: Actor) -> dict[UUID, str]:
    """The units that the acting post administers, dissolved ones too, with their codes."""
    own = sa.select(DirectoryPost.unit_id, DirectoryPost.scope_unit_ids).where(
        DirectoryPost.id == actor.post_id, DirectoryPost.active
    )
    post = session.execute(own).first() if actor.post_id else None
    if post is None or post.scope_unit_ids is None:
        return {}
    return list_subtrees(session, post.scope_unit_ids or [post.unit_id])


def list_subtrees(session: Session, roots: Collection[UUID]) -> dict[UUID, str]:
    """The units and everything below them, with their codes."""
    columns = (DirectoryUnit.id, DirectoryUnit.code)
    tree = sa.select(*columns).where(DirectoryUnit.id.in_(roots)).cte("tree", recursive=True)
    # Without those found already: events may show a loop for a moment while units change places.
    tree = tree.union(sa.select(*columns).join(tree, DirectoryUnit.parent_id == tree.c.id))
    return dict(session.execute(sa.select(tree.c.id, tree.c.code)).all())


def covers_everything(session: Session, unit_ids: Collection[UUID]) -> bool:
    """Whether no unit in force lies outside of those; a subtree whose top was not heard of yet is not everything."""
    if not unit_ids:
        return False
    within = DirectoryUnit.id.in_(list(unit_ids))
    top = sa.exists().where(DirectoryUnit.active, DirectoryUnit.parent_id.is_(None), within)
    outside = sa.exists().where(DirectoryUnit.active, sa.not_(within))
    return bool(session.scalar(sa.select(sa.and_(top, sa.not_(outside)))))


def administers_everything(session: Session, actor: Actor) -> bool:
    """Whether the acting post looks after the whole tree."""
    return actor.is_system or covers_everything(session, list_administered(session, actor))


def require_everything(session: Session, actor: Actor, *, what: str) -> None:
    """Problem 403 unless the acting post looks after the whole tree; `what` is what holds for all, in Chinese."""
    if not administers_everything(session, actor):
        raise not_for_all(what)


def require_administered_or_own(session: Session, actor: Actor, unit_id: UUID) -> None:
    """Problem 404 unless the acting post looks after that unit, or the unit is the organ (机关) that it belongs to.

    For what an organ's office keeps of its organ, from whichever inner office. A post with a scope of its own looks
    after that alone.
    """
    if actor.is_system or unit_id in list_administered(session, actor):
        return
    if not _is_own_organ(session, actor, unit_id):
        raise not_administered()


def _is_own_organ(session: Session, actor: Actor, unit_id: UUID) -> bool:
    post = session.get(DirectoryPost, actor.post_id) if actor.post_id else None
    if post is None or not post.active or post.scope_unit_ids != []:
        return False
    line = list_line(session, post.unit_id)
    return unit_id == next((unit.id for unit in line if unit.issues_documents), None)


def not_for_all(what: str) -> Problem:
    """What holds for all units is not decided by who administers some of them (403)."""
    return forbidden(
        "directory.not_for_all",
        "只能由管理全部单位的管理员办理",
        f"{what}对全部单位有效, 当前岗位的管理范围没有覆盖全部单位, 请由管理全部单位的管理员办理。",
    )


def not_administered() -> Problem:
    """The unit is neither among what the acting post administers nor its own organ (404)."""
    return not_found(
        "directory.not_administered",
        "您的管理范围内没有这个单位",
        "当前岗位只能管理本机关、本单位及指定范围内的单位, 请重新选择单位, 或请管理该单位的管理员办理。",
    )
