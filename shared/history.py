"""The history (办理过程) of what services work on: who did what, in which post, for whom, saying what.

Each service keeps its acts in a table of its own, which says of what they are; the rest of a row is alike in all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.auth import Actor
from shared.directory import list_posts
from shared.events import dossier
from shared.events.documents import Doer


class DeedColumns:
    """What every row of a history holds, whatever it is the history of. Rows are only added."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    opinion: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_id: Mapped[UUID | None]
    post_title: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID | None]
    unit_name: Mapped[str] = mapped_column(default="")
    on_behalf_post_id: Mapped[UUID | None]
    on_behalf_name: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]]


class ActColumns(DeedColumns):
    """The same where an act belongs to a step and comes to an outcome: what the archives file."""

    step: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")


def columns_of_actor(actor: Actor) -> Mapping[str, Any]:
    """The actor as a row of a history names it."""
    return {
        "person_id": actor.person_id,
        "person_name": actor.person_name,
        "post_id": actor.post_id,
        "post_title": actor.post_title,
        "unit_id": actor.unit_id,
        "unit_name": actor.unit_name,
    }


def doer_of(actor: Actor, *, on_behalf_of: str = "") -> Doer:
    """The actor as events name it."""
    return Doer(
        person_id=actor.person_id,
        person_name=actor.person_name,
        post_id=actor.post_id,
        post_title=actor.post_title,
        unit_name=actor.unit_name,
        on_behalf_of=on_behalf_of,
    )


def absent_name(session: Session, post_id: UUID | None) -> str:
    """For whom it was done, as the history and the events name the absent post; empty for one's own work."""
    card = list_posts(session, [post_id]).get(post_id) if post_id else None
    return card.label if card else ""


def act_for_archives(act: ActColumns, *, unnamed: str = "") -> dossier.Act:
    """One act as the archives file it; `unnamed` is what to call one that belongs to no step."""
    return dossier.Act(
        at=act.at,
        verb=act.verb,
        step=act.step or unnamed or None,
        person=dossier.Person(
            name=act.person_name or "系统",
            person_id=act.person_id,
            post=act.post_title or None,
            unit=act.unit_name or None,
        ),
        on_behalf_of=dossier.Person(name=act.on_behalf_name) if act.on_behalf_name else None,
        outcome=act.outcome or None,
        opinion=act.opinion or None,
    )
