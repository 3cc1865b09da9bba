"""Carrying out a plan of changes to the directory, and telling every one of them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.telling import tell
from services.identity.commands.tenures import begin_tenure, end_tenure
from services.identity.domain.passwords import normalised_login
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.planning import Change, Plan
from services.identity.domain.roles import Role, effective_permissions
from services.identity.domain.units import KINDS, UnitFacts
from services.identity.models import Person, Post, Tenure, Unit
from services.identity.queries.facts import role_table
from shared.auth import Actor
from shared.clock import Clock
from shared.events import identity as told
from shared.events.base import Event
from shared.ids import new_id
from shared.permissions import Permission


class Carrier:
    """One plan being carried out: knows the ids behind the codes, new ones included."""

    def __init__(self, session: Session, actor: Actor, clock: Clock) -> None:
        self._session, self._actor, self._clock = session, actor, clock
        self.unit_ids = _ids(session, Unit)
        self.person_ids = _ids(session, Person)
        self.post_ids = _ids(session, Post)
        self._roles: dict[Role, frozenset[Permission]] = role_table(session)

    def carry_out(self, plan: Plan) -> None:
        """Write everything that is planned, in its order."""
        for unit_change in plan.units:
            self._unit(unit_change)
        for person_change in plan.persons:
            self._person(person_change)
        for post_change in plan.posts:
            self._post(post_change)
        self._session.flush()
        for post_code, person_code in plan.dismissals:
            self._dismiss(post_code, person_code)
        for post_code, person_code in plan.appointments:
            begin_tenure(
                self._session,
                self._actor,
                self._clock,
                person_id=self.person_ids[person_code],
                post_id=self.post_ids[post_code],
            )

    def _unit(self, change: Change[UnitFacts]) -> None:
        facts = change.after
        parent_id = self.unit_ids[facts.parent_code] if facts.parent_code else None
        particulars = _particulars(facts, parent_id)
        columns = {
            **vars(particulars),
            "issuing_codes": list(facts.issuing_codes),
        }
        del columns["issues_documents"]
        if change.is_new:
            unit_id = self.unit_ids[facts.code] = new_id()
            self._session.add(Unit(id=unit_id, dissolved_at=None, **columns))
            self._tell(told.UnitRegistered(unit_id=unit_id, particulars=particulars))
            return
        unit_id = self.unit_ids[facts.code]
        _change(self._session.get_one(Unit, unit_id), **columns)
        self._tell(told.UnitParticularsCorrected(unit_id=unit_id, particulars=particulars))

    def _person(self, change: Change[PersonFacts]) -> None:
        facts = change.after
        columns = {
            "name": facts.name,
            "login_name": facts.login_name,
            "login_key": normalised_login(facts.login_name),
        }
        if change.before is None:
            person_id = self.person_ids[facts.code] = new_id()
            self._session.add(Person(id=person_id, code=facts.code, **columns))
            self._tell(told.PersonRegistered(person_id=person_id, name=facts.name))
            return
        person_id = self.person_ids[facts.code]
        _change(self._session.get_one(Person, person_id), **columns)
        if change.before.name != facts.name:
            self._tell(told.PersonRenamed(person_id=person_id, name=facts.name))

    def _post(self, change: Change[PostFacts]) -> None:
        facts, before = change.after, change.before
        scope = tuple(self.unit_ids[code] for code in facts.scope_codes)
        columns = {
            "unit_id": self.unit_ids[facts.unit_code],
            "title": facts.title,
            "roles": sorted(role.value for role in facts.roles),
            "scope_unit_ids": list(scope),
            "position": facts.position,
        }
        permissions = permission_names(effective_permissions(facts.roles, self._roles))
        if before is None:
            post_id = self.post_ids[facts.code] = new_id()
            self._session.add(Post(id=post_id, code=facts.code, abolished_at=None, **columns))
            self._tell(
                told.PostCreated(
                    post_id=post_id,
                    unit_id=self.unit_ids[facts.unit_code],
                    code=facts.code,
                    title=facts.title,
                    permissions=permissions,
                    position=facts.position,
                    scope_unit_ids=scope,
                )
            )
            return
        post_id = self.post_ids[facts.code]
        _change(self._session.get_one(Post, post_id), **columns)
        if (before.title, before.position) != (facts.title, facts.position):
            self._tell(told.PostRetitled(post_id=post_id, title=facts.title, position=facts.position))
        if (before.roles, before.scope_codes) != (facts.roles, facts.scope_codes):
            self._tell(
                told.PostPermissionsAssigned(post_id=post_id, permissions=permissions, scope_unit_ids=scope)
            )

    def _dismiss(self, post_code: str, person_code: str) -> None:
        tenure = self._session.scalars(
            sa.select(Tenure).where(
                Tenure.post_id == self.post_ids[post_code],
                Tenure.person_id == self.person_ids[person_code],
                Tenure.ended_at.is_(None),
            )
        ).one()
        end_tenure(self._session, self._actor, self._clock, tenure=tenure)

    def _tell(self, event: Event) -> None:
        tell(self._session, self._actor, event)


def _particulars(facts: UnitFacts, parent_id: UUID | None) -> told.UnitParticulars:
    return told.UnitParticulars(
        code=facts.code,
        parent_id=parent_id,
        name=facts.name,
        short_name=facts.short_name,
        kind=facts.kind.value,
        level=facts.level.value,
        division_code=facts.division_code,
        credit_code=facts.credit_code,
        issuing_codes=facts.issuing_codes,
        fonds_code=facts.fonds_code,
        issues_documents=KINDS[facts.kind].issues,
        position=facts.position,
    )


def permission_names(permissions: frozenset[Permission]) -> tuple[str, ...]:
    """The permissions as events carry them."""
    return tuple(sorted(permission.value for permission in permissions))


def _ids(session: Session, model: type[Unit] | type[Person] | type[Post]) -> dict[str, UUID]:
    return dict(session.execute(sa.select(model.code, model.id)).all())


def _change(row: Unit | Person | Post, **columns: object) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.revision += 1
