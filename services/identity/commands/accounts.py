"""Accounts: passwords, and whether a person may sign in at all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.delegations import end_delegations_of
from services.identity.commands.sessions import end_sessions_of
from services.identity.commands.telling import lock_directory, tell
from services.identity.domain.passwords import password_complaints, readable_password
from services.identity.hashing import PasswordKeeper
from services.identity.models import Person
from services.identity.queries.people import (
    Holding,
    get_person,
    list_holdings,
    list_persons_without_password,
    list_units_reached_at,
    require_in_sight,
)
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import covers_everything, list_administered
from shared.events.identity import PersonDisabled, PersonEnabled


def change_password(
    session: Session, actor: Actor, clock: Clock, *, new_password: str, keeper: PasswordKeeper
) -> None:
    """A person changes the own password, after the present one was found right; other devices are signed out."""
    assert actor.person_id is not None, "only a signed-in person has a password"
    person = get_person(session, actor.person_id)
    complaints = password_complaints(new_password, _names(person, list_holdings(session, person.id)))
    if person.password_digest and keeper.matches(person.password_digest, new_password):
        complaints = [*complaints, "新口令不能与当前口令相同"]
    if complaints:
        raise errors.password_unfit(complaints)
    _set_password(person, clock, digest=keeper.digest(new_password), must_change=False)
    end_sessions_of(session, actor, clock, person_id=person.id, reason="password", keep_id=actor.session_id)


def reset_password(
    session: Session, actor: Actor, clock: Clock, *, person_id: UUID, keeper: PasswordKeeper
) -> tuple[Person, str]:
    """Give a person a fresh random password, which must be changed at the next sign-in; returns it once.

    Problem 404 for somebody whom the actor may not look at, 403 for whoever is in another's reach too. An
    administrator's password is reset by the operator on the server alone (403).
    """
    person = get_person(session, person_id)
    holdings = list_holdings(session, person.id)
    if not actor.is_system:
        _require_in_scope(session, actor, holdings)
        if any(role.administers for held in holdings for role in held.roles):
            raise errors.administrator_password()
    password = readable_password()
    _set_password(person, clock, digest=keeper.digest(password), must_change=True)
    end_sessions_of(session, actor, clock, person_id=person.id, reason="password")
    return person, password


def give_first_passwords(
    session: Session, clock: Clock, *, keeper: PasswordKeeper, must_change: bool
) -> list[tuple[Person, str]]:
    """Give everybody who has none a random password; the passwords are told this once and stored nowhere."""
    persons = list_persons_without_password(session)
    passwords = [readable_password() for _ in persons]
    for person, digest in zip(persons, keeper.digests(passwords), strict=True):
        _set_password(person, clock, digest=digest, must_change=must_change)
    return list(zip(persons, passwords, strict=True))


def disable_person(session: Session, actor: Actor, clock: Clock, *, person_id: UUID, reason: str) -> Person:
    """A person may no longer sign in; every token in hand is void within seconds, everywhere."""
    lock_directory(session)
    person = _touchable(session, actor, person_id)
    if person.disabled_at is not None:
        raise errors.already_disabled()
    now = clock.now()
    person.disabled_at, person.disabled_reason = now, reason
    person.revision += 1
    tell(session, actor, PersonDisabled(person_id=person.id, disabled_at=now, reason=reason))
    end_sessions_of(session, actor, clock, person_id=person.id, reason="disabled")
    end_delegations_of(session, actor, clock, person_id=person.id)
    return person


def enable_person(session: Session, actor: Actor, clock: Clock, *, person_id: UUID) -> Person:
    """A disabled person may sign in again.

    Problem 403 unless the actor administers the posts that are held now and those that were held when the person was
    disabled: an appointment made since must not carry the person into another's reach.
    """
    lock_directory(session)
    person = _touchable(session, actor, person_id)
    if person.disabled_at is None:
        raise errors.not_disabled()
    if not actor.is_system:
        _require_scope_then(session, actor, person_id, moment=person.disabled_at)
    person.disabled_at = person.disabled_reason = None
    person.revision += 1
    tell(session, actor, PersonEnabled(person_id=person.id))
    return person


def _touchable(session: Session, actor: Actor, person_id: UUID) -> Person:
    """The person, when the actor administers all of the person's posts and it is not the actor."""
    person = get_person(session, person_id)
    if actor.is_system:
        return person
    if person.id == actor.person_id:
        raise errors.not_oneself()
    _require_in_scope(session, actor, list_holdings(session, person.id))
    return person


def _require_scope_then(session: Session, actor: Actor, person_id: UUID, *, moment: datetime) -> None:
    """The same of the posts held at a moment, when the person may have held none."""
    scope = list_administered(session, actor)
    reached = list_units_reached_at(session, person_id, moment=moment)
    within = reached <= scope.keys() if reached else covers_everything(session, scope)
    if not within:
        raise errors.disabled_by_others()


def _require_in_scope(session: Session, actor: Actor, holdings: list[Holding]) -> None:
    """Who holds no post is nobody's in particular: only whoever administers the whole tree may touch them."""
    scope = list_administered(session, actor)
    require_in_sight(holdings, unit_ids=scope)
    if not holdings and not covers_everything(session, scope):
        raise errors.holds_no_post()
    if any(not held.post.reach <= scope.keys() for held in holdings):
        raise errors.outside_scope()


def _set_password(person: Person, clock: Clock, *, digest: str, must_change: bool) -> None:
    person.password_digest, person.password_changed_at = digest, clock.now()
    person.must_change = must_change
    person.revision += 1


def _names(person: Person, holdings: list[Holding]) -> list[str]:
    units = [name for held in holdings for name in (held.unit.name, held.unit.short_name)]
    return [person.login_name, person.name, *units]
