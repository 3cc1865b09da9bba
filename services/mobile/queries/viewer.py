"""Whose inbox it is: a person with all posts held now, and those stood in for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth import Actor
from shared.directory import list_delegations_to, list_posts_of_person


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One post stood in for under a delegation in force; no work kinds means every kind."""

    post_id: UUID
    for_person_id: UUID
    acting_post_id: UUID
    work_kinds: tuple[str, ...]

    def covers(self, work_kind: str) -> bool:
        """Whether the delegation lets that kind of work be done."""
        return not self.work_kinds or work_kind in self.work_kinds


@dataclass(frozen=True)
class Viewer:
    """A person's reach: the posts held, and the posts of absent colleagues."""

    person_id: UUID
    posts: tuple[UUID, ...]
    standings: tuple[Standing, ...]

    @cached_property
    def own(self) -> frozenset[UUID]:
        return frozenset(self.posts)

    @property
    def reach(self) -> frozenset[UUID]:
        """Every post whose items may show."""
        return self.own | {standing.post_id for standing in self.standings}

    def standing_for(self, post_id: UUID | None, work_kind: str) -> Standing | None:
        """The delegation under which an item of that post shows; None when the post is the person's own."""
        if post_id in self.own:
            return None
        found = (made for made in self.standings if made.post_id == post_id and made.covers(work_kind))
        return next(found, None)


def viewer_of(session: Session, actor: Actor, *, now: datetime) -> Viewer:
    """The actor's reach now. The acting post counts even before the directory has heard that it was taken."""
    assert actor.person_id is not None
    held = set(list_posts_of_person(session, actor.person_id))
    if actor.post_id:
        held.add(actor.post_id)
    posts = tuple(sorted(held))
    delegations = list_delegations_to(session, posts, person_id=actor.person_id, now=now)
    standings = (
        Standing(
            post_id=made.from_post_id,
            for_person_id=made.from_person_id,
            acting_post_id=made.to_post_id,
            work_kinds=tuple(sorted(made.work_kinds)),
        )
        for made in delegations
        if made.from_post_id not in held
    )
    ordered = sorted(standings, key=lambda made: (made.post_id, made.acting_post_id, made.work_kinds))
    return Viewer(actor.person_id, posts, tuple(ordered))
