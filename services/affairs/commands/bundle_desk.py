"""What every act on an application for a bundle has in common: it under lock, its history, its events, its duties."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.desk import Desk
from services.affairs.domain.bundle_steps import BundleStep, BundleVerb, state_after
from services.affairs.domain.bundles import BundleState
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.domain.steps import WORK_KIND
from services.affairs.errors import bundles as errors
from services.affairs.models import (
    Bundle,
    BundleAccess,
    BundleAct,
    BundleApplication,
    BundlePart,
    BundleVersion,
    Case,
)
from services.affairs.queries.bundle_applications import get_application, list_parts_of
from services.affairs.queries.visibility import acting_posts, lock_case
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_holders, list_posts
from shared.events.base import Event
from shared.events.documents import Doer
from shared.flow import duties
from shared.flow.acts import Assignee, Subject
from shared.history import absent_name, columns_of_actor, doer_of
from shared.ids import new_id
from shared.messaging import outbox
from shared.permissions import Permission
from shared.sight import SightTable

_SIGHT = SightTable(BundleAccess.application_id)


class BundleDesk:
    """One application in one transaction, with who acts on it."""

    def __init__(
        self, session: Session, actor: Actor, clock: Clock, *, application: BundleApplication
    ) -> None:
        self.session = session
        self.actor = actor
        self.clock = clock
        self.application = application
        self.now: datetime = clock.now()
        self.for_post_id: UUID | None = None

    def move(self, verb: BundleVerb) -> None:
        """The application's state after this act; Problem 409 where it has no place."""
        state = BundleState(self.application.state)
        after = state_after(state, verb)
        if after is None:
            raise errors.application_wrong_state(self.application.number, state.label, verb.label)
        self.application.state = after.value

    def require_applicant(self) -> None:
        """Refuse whoever did not apply (403)."""
        own = self.actor.person_id == self.application.applicant_person_id
        posts = acting_posts(self.session, self.actor, now=self.now)
        if not own and self.application.applicant_post_id not in posts:
            raise errors.not_bundle_applicant(self.application.number)

    def refuse_own(self) -> None:
        """Refuse whoever applied: nobody judges the own application (403)."""
        own = self.actor.person_id == self.application.applicant_person_id
        if own or self.actor.post_id == self.application.applicant_post_id:
            raise errors.own_application(self.application.number)

    def parts(self) -> list[tuple[BundlePart, Case]]:
        """The parts with their cases."""
        self.session.flush()
        return list_parts_of(self.session, self.application.id)

    def desk_of(self, case: Case) -> Desk:
        """The desk of one of its cases, held until the transaction ends.

        Whoever acts on the whole acts on its cases, seen by that person or not.
        """
        system = Actor.system(self.actor.correlation_id)
        locked = lock_case(self.session, system, case.id, now=self.now)
        return Desk(self.session, self.actor, self.clock, case=locked)

    def tell(self, event: Event) -> None:
        """Record an event on the application's chain."""
        outbox.record(self.session, self.actor, event, correlation_id=self.application.correlation_id)

    @property
    def doer(self) -> Doer:
        """Who acts, as events name it."""
        return doer_of(self.actor, on_behalf_of=absent_name(self.session, self.for_post_id))

    def note(self, verb: BundleVerb, *, opinion: str = "", **details: Any) -> None:
        """One line of history; the application has changed."""
        refuse_secret(opinion)
        self.session.add(
            BundleAct(
                id=new_id(),
                application_id=self.application.id,
                at=self.now,
                verb=verb.value,
                opinion=opinion,
                **columns_of_actor(self.actor),
                on_behalf_post_id=self.for_post_id,
                on_behalf_name=absent_name(self.session, self.for_post_id),
                details=details,
            )
        )
        if verb is not BundleVerb.APPLY:
            self.application.revision += 1

    def let_see(self, holders: Iterable[UUID], *, reason: str) -> None:
        """Let posts, persons or organs' windows see it from now on; repeating it changes nothing."""
        self.session.flush()
        _SIGHT.grant(self.session, self.application.id, holders, reason=reason)

    def begin_work(self) -> None:
        """Open the work on a new application."""
        self.session.flush()
        self.application.work_id = duties.open_work(
            self.session,
            self.actor,
            self.clock,
            subject=self.subject,
            unit_id=self.application.unit_id,
            name="一件事办理",
            correlation_id=self.application.correlation_id,
        )

    def end_work(self, *, stopped: bool = False) -> None:
        """End the work on it, if it is under way."""
        if duties.has_work(self.session, subject_id=self.application.id):
            duties.close_work(
                self.session, self.actor, self.clock, subject_id=self.application.id, stopped=stopped
            )

    def give(self, step: BundleStep, post_ids: Iterable[UUID], *, deadline: datetime | None = None) -> None:
        """Give posts a duty about the whole."""
        given = duties.give_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.application.id,
            duty=duties.Duty(
                step_id=step.value, step_name=step.label, work_kind=WORK_KIND, deadline=deadline
            ),
            assignees=[Assignee(post_id) for post_id in post_ids],
        )
        self.let_see([item.post_id for item in given], reason="work_item")

    def fulfil(self, step: BundleStep, *, outcome: str = "", label: str = "", opinion: str = "") -> None:
        """Do the actor's open duty of that step; one of those who have it is enough."""
        act = duties.fulfil_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.application.id,
            step_id=step.value,
            outcome=outcome,
            outcome_label=label,
            opinion=opinion,
            alone=True,
        )
        self.for_post_id = act.for_post_id
        self.session.flush()

    @property
    def subject(self) -> Subject:
        """The application as work items show it."""
        application = self.application
        return Subject(
            id=application.id,
            kind="bundle",
            title=application.title,
            link=f"/bundle-applications/{application.id}",
            number=application.number,
            document_kind="一件事",
        )


def open_bundle_desk(session: Session, actor: Actor, clock: Clock, *, application_id: UUID) -> BundleDesk:
    """An application that the actor may see, held until the transaction ends."""
    application = get_application(session, actor, application_id, now=clock.now(), lock=True)
    return BundleDesk(session, actor, clock, application=application)


def intake_posts(session: Session, *, bundle: Bundle, version: BundleVersion) -> Sequence[UUID]:
    """The posts that check applications: those named by the bundle that are held, else the windows of its organ."""
    named = list_posts(session, version.intake_post_ids)
    held = [card.post_id for card in named.values() if card.person_ids]
    found = held or [
        card.post_id for card in list_holders(session, bundle.unit_id, Permission.AFFAIRS_WINDOW)
    ]
    if not found:
        raise errors.nobody_takes_in(bundle.unit_name)
    return found


def require_intake(session: Session, actor: Actor, *, bundle: Bundle, version: BundleVersion) -> None:
    """Refuse whoever does not take the bundle in (403)."""
    if actor.post_id not in intake_posts(session, bundle=bundle, version=version):
        raise errors.not_at_intake(bundle.unit_name)
