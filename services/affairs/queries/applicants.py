"""Who applies: the actor, or at the window whoever came."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.queries.known import Applicant
from shared.auth import Actor
from shared.directory import PostCard, get_organ, get_post
from shared.events.affairs import Channel


def applicant_of(session: Session, actor: Actor, application: Mapping[str, Any]) -> Applicant:
    """The post that applies, its organ and person. Problem for an actor without a post, or a post not in force."""
    at_window = application.get("channel") == Channel.WINDOW
    post_id = application.get("applicant_post_id") if at_window else actor.post_id
    if post_id is None:
        if at_window:
            raise errors.application_invalid({"applicant_post_id": ["窗口申请须写明申请人的岗位"]})
        raise errors.not_the_applicant()
    post = get_post(session, post_id)
    itself = post.post_id == actor.post_id
    return Applicant(
        post=post,
        organ_id=get_organ(session, post.unit_id).id,
        person_id=actor.person_id if itself else only_person(post),
        person_name=actor.person_name if itself else "、".join(post.holders),
    )


def only_person(post: PostCard) -> UUID | None:
    """The person in a post; none when it is vacant, or shared: then nobody can tell which of them came."""
    return post.person_ids[0] if len(post.person_ids) == 1 else None


def applicant_of_post(session: Session, post_id: UUID) -> Applicant:
    """Whoever holds a post, for the window that serves them."""
    post = get_post(session, post_id)
    return Applicant(
        post=post,
        organ_id=get_organ(session, post.unit_id).id,
        person_id=only_person(post),
        person_name="、".join(post.holders),
    )
