"""What every act on a case has in common: the case under lock, its history, its events, its duties."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.secrecy import refuse_secret
from services.affairs.domain.states import ENDED_STATES, CaseState, CaseVerb, next_state
from services.affairs.domain.steps import DUTY_STEPS, WORK_KIND, DutyStep
from services.affairs.domain.timing import due_of
from services.affairs.models import Case, CaseAccess, CaseAct
from services.affairs.queries.people import window_posts
from services.affairs.queries.visibility import is_applicant, is_own_case, is_window_of, lock_case
from shared.auth import Actor
from shared.calendar_days import work_calendar
from shared.clock import Clock, local_date
from shared.dated_rules import RuleTable, rule_for_unit
from shared.errors import Problem
from shared.events.base import Event
from shared.events.documents import Doer
from shared.flow import duties
from shared.flow.acts import Act, Assignee, Subject
from shared.history import absent_name, columns_of_actor, doer_of
from shared.ids import new_id
from shared.messaging import outbox
from shared.search import bigrams
from shared.sight import SightTable
from shared.workdays import WorkCalendar

logger = logging.getLogger(__name__)

SUBJECT_KIND = "case"
_SIGHT = SightTable(CaseAccess.case_id)


class Desk:
    """One case in one transaction, with who acts on it."""

    def __init__(self, session: Session, actor: Actor, clock: Clock, *, case: Case) -> None:
        self.session = session
        self.actor = actor
        self.clock = clock
        self.case = case
        self.now: datetime = clock.now()
        self.for_post_id: UUID | None = None

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days of the organ that handles the case, from the year of its application on."""
        since = local_date(self.case.applied_at)
        return work_calendar(self.session, unit_id=self.case.unit_id, since=since)

    def days_ahead(self, table: RuleTable, *, since: date | None = None) -> datetime:
        """The end of the day on which a rule's working days from that day on, else from today, are over."""
        day = since or self.clock.today()
        rule = rule_for_unit(self.session, table, day, unit_id=self.case.unit_id)
        return due_of(self.calendar, day, rule.value["days"])

    def days_ahead_if_known(self, table: RuleTable, *, since: date | None = None) -> datetime | None:
        """The same, or None while the calendar of that year is not loaded: what is done must not wait for it."""
        try:
            return self.days_ahead(table, since=since)
        except Problem as problem:
            logger.warning("no date by %s for case %s: %s", table.name, self.case.id, problem.code)
            return None

    def move(self, verb: CaseVerb) -> None:
        """The case's state after this act; Problem 409 where it has no place."""
        state = next_state(CaseState(self.case.state), verb)
        if state is None:
            raise errors.wrong_state(self.case.number, CaseState(self.case.state).label, verb.label)
        self.case.state = state.value

    def require_window(self) -> None:
        """Refuse whoever is not at the window of the organ that handles it (403)."""
        if not self.actor.is_system and not is_window_of(self.session, self.actor, self.case.unit_id):
            raise errors.not_at_window(self.case.unit_name)

    def refuse_own_case(self) -> None:
        """Refuse whoever applied: nobody judges the own application (403)."""
        if is_own_case(self.actor, self.case):
            raise errors.own_case(self.case.number)

    def require_open(self, verb: CaseVerb) -> None:
        """Refuse an act on a case that is over (409)."""
        state = CaseState(self.case.state)
        if state in ENDED_STATES:
            raise errors.wrong_state(self.case.number, state.label, verb.label)

    def require_applicant(self) -> None:
        """Refuse whoever did not apply (403)."""
        if not is_applicant(self.session, self.actor, self.case, now=self.now):
            raise errors.not_the_applicant()

    def tell(self, event: Event) -> None:
        """Record an event on the case's chain."""
        outbox.record(self.session, self.actor, event, correlation_id=self.case.correlation_id)

    @property
    def doer(self) -> Doer:
        """Who acts, as events name it."""
        return doer_of(self.actor, on_behalf_of=absent_name(self.session, self.for_post_id))

    def note(
        self, verb: CaseVerb | str, *, step: str = "", outcome: str = "", opinion: str = "", **details: Any
    ) -> CaseAct:
        """One line of history; the case has changed."""
        refuse_secret(opinion)
        act = CaseAct(
            id=new_id(),
            case_id=self.case.id,
            at=self.now,
            verb=str(verb),
            step=step or (verb.label if isinstance(verb, CaseVerb) else ""),
            outcome=outcome,
            opinion=opinion,
            **columns_of_actor(self.actor),
            on_behalf_post_id=self.for_post_id,
            on_behalf_name=absent_name(self.session, self.for_post_id),
            details=details,
        )
        self.session.add(act)
        if verb is not CaseVerb.APPLY:
            self.case.revision += 1
        if opinion:
            self.case.terms = sorted({*self.case.terms, *bigrams(opinion)})
        return act

    def let_see(self, holders: Iterable[UUID], *, reason: str) -> None:
        """Let posts, persons or organs' windows see the case from now on; repeating it changes nothing."""
        _SIGHT.grant(self.session, self.case.id, holders, reason=reason)

    def begin_work(self, name: str) -> None:
        """Open the work outside the flow: before acceptance, or after the decision."""
        self.session.flush()
        duties.open_work(
            self.session,
            self.actor,
            self.clock,
            subject=self.subject,
            unit_id=self.case.unit_id,
            name=name,
            correlation_id=self.case.correlation_id,
        )

    def end_work(self, *, stopped: bool = False) -> None:
        """End whatever work is under way, in a flow or not; nothing when there is none."""
        if self.has_work:
            duties.close_work(self.session, self.actor, self.clock, subject_id=self.case.id, stopped=stopped)
            self.session.flush()

    @property
    def has_work(self) -> bool:
        """Whether work on the case is under way."""
        return duties.has_work(self.session, subject_id=self.case.id)

    def give(self, step: DutyStep, post_ids: Iterable[UUID], *, deadline: datetime | None = None) -> None:
        """Give posts a duty outside the flow."""
        given = duties.give_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.case.id,
            duty=duties.Duty(
                step_id=step.value, step_name=step.label, work_kind=WORK_KIND, deadline=deadline
            ),
            assignees=[Assignee(post_id) for post_id in post_ids],
        )
        self.session.flush()
        self.let_see([item.post_id for item in given], reason="work_item")

    def give_window(self, step: DutyStep, *, deadline: datetime | None = None) -> None:
        """Give the window of the handling organ a duty; one of its posts is enough."""
        self.give(step, window_posts(self.session, self.case), deadline=deadline)

    def fulfil(self, step: DutyStep, *, outcome: str = "", label: str = "", opinion: str = "") -> Act:
        """Do the actor's open duty of that step; those of the other posts are no longer needed."""
        act = duties.fulfil_duty(
            self.session,
            self.actor,
            self.clock,
            subject_id=self.case.id,
            step_id=step.value,
            outcome=outcome,
            outcome_label=label,
            opinion=opinion,
            alone=True,
        )
        self.for_post_id = act.for_post_id
        self.session.flush()
        return act

    def drop(self, *steps: DutyStep) -> None:
        """Take back what nobody has to do any more."""
        if self.has_work:
            duties.cancel_duties(
                self.session,
                self.actor,
                self.clock,
                subject_id=self.case.id,
                step_ids=[step.value for step in steps],
            )
            self.session.flush()

    def is_open(self, step: DutyStep) -> bool:
        """Whether anybody has that duty."""
        return step.value in self.open_steps()

    def open_steps(self) -> Sequence[str]:
        """The duties outside the flow that are open."""
        open_items = duties.list_duties(self.session, subject_id=self.case.id)
        return [item.step_id for item in open_items if item.step_id in DUTY_STEPS]

    @property
    def subject(self) -> Subject:
        """The case as work items show it."""
        return Subject(
            id=self.case.id,
            kind=SUBJECT_KIND,
            title=self.case.title,
            link=f"/cases/{self.case.id}",
            number=self.case.number,
            document_kind=self.case.matter_name,
        )


def open_desk(session: Session, actor: Actor, clock: Clock, *, case_id: UUID) -> Desk:
    """A case that the actor may see, held until the transaction ends."""
    return Desk(session, actor, clock, case=lock_case(session, actor, case_id, now=clock.now()))
