"""Keeping the local directory: what each of identity's events changes in it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.auth import Revocation, VerificationKey, revoke
from shared.directory.models import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)
from shared.events import identity as told
from shared.events.base import Event, dump_fields


def keep(session: Session, event: Event) -> None:
    """Bring the local directory up to date with one of identity's events; repeating it changes nothing."""
    _KEEPERS[type(event)](session, event)


def keep_access(session: Session, event: Event) -> None:
    """Keep only what one of `ACCESS_EVENTS` says of tokens in hand; in whatever order and however often, it comes to
    the same. Who holds which post is left to `keep`, which hears of it in order."""
    _ACCESS_KEEPERS[type(event)](session, event)


def _put(session: Session, model: Any, **columns: Any) -> None:
    session.execute(_upsert(model, tuple(columns)), columns)


@cache
def _upsert(model: Any, names: tuple[str, ...]) -> Any:
    """The statement is the same for every row; building it costs more than running it."""
    table = model.__table__
    row = insert(table).values({name: sa.bindparam(name) for name in names})
    keys = [column.name for column in table.primary_key]
    return row.on_conflict_do_update(
        index_elements=keys, set_={name: row.excluded[name] for name in names if name not in keys}
    )


def _set(session: Session, model: Any, key: Any, **columns: Any) -> None:
    session.execute(sa.update(model).where(model.id == key).values(**columns))


def _unit(session: Session, event: Any) -> None:
    facts = dict(vars(event.particulars))
    facts["issuing_codes"] = list(facts["issuing_codes"])
    _put(session, DirectoryUnit, id=event.unit_id, active=True, **facts)


def _unit_dissolved(session: Session, event: told.UnitDissolved) -> None:
    _set(session, DirectoryUnit, event.unit_id, active=False)


def _person(session: Session, event: told.PersonRegistered) -> None:
    _put(session, DirectoryPerson, id=event.person_id, name=event.name, active=True)


def _person_renamed(session: Session, event: told.PersonRenamed) -> None:
    _set(session, DirectoryPerson, event.person_id, name=event.name)


def _person_disabled(session: Session, event: told.PersonDisabled) -> None:
    _set(session, DirectoryPerson, event.person_id, active=False)
    _revoke_of_person(session, event)


def _revoke_of_person(session: Session, event: told.PersonDisabled) -> None:
    revoke(session, subject_id=event.person_id, revoked_at=event.disabled_at, reason="person_disabled")


def _person_enabled(session: Session, event: told.PersonEnabled) -> None:
    _set(session, DirectoryPerson, event.person_id, active=True)


def _post(session: Session, event: told.PostCreated) -> None:
    facts = dict(vars(event))
    facts["permissions"] = list(facts["permissions"])
    facts["scope_unit_ids"] = None if event.scope_unit_ids is None else list(event.scope_unit_ids)
    _put(session, DirectoryPost, id=facts.pop("post_id"), active=True, **facts)


def _post_retitled(session: Session, event: told.PostRetitled) -> None:
    _set(session, DirectoryPost, event.post_id, title=event.title, position=event.position)


def _post_permissions(session: Session, event: told.PostPermissionsAssigned) -> None:
    told_of = {"permissions": list(event.permissions)}
    scope = {} if event.scope_unit_ids is None else {"scope_unit_ids": list(event.scope_unit_ids)}
    _set(session, DirectoryPost, event.post_id, **told_of, **scope)


def _post_abolished(session: Session, event: told.PostAbolished) -> None:
    _set(session, DirectoryPost, event.post_id, active=False)


def _tenure(session: Session, event: told.TenureBegan) -> None:
    _put(
        session,
        DirectoryTenure,
        id=event.tenure_id,
        active=True,
        person_id=event.person_id,
        post_id=event.post_id,
    )


def _tenure_ended(session: Session, event: told.TenureEnded) -> None:
    _set(session, DirectoryTenure, event.tenure_id, active=False)
    _revoke_of_tenure(session, event)


def _revoke_of_tenure(session: Session, event: told.TenureEnded) -> None:
    revoke(session, subject_id=event.tenure_id, revoked_at=event.ended_at, reason="tenure_ended")


def _session_ended(session: Session, event: told.SessionEnded) -> None:
    revoke(session, subject_id=event.session_id, revoked_at=event.ended_at, reason=event.reason)


def _delegation(session: Session, event: told.DelegationGranted) -> None:
    facts = dict(vars(event))
    facts["work_kinds"] = list(facts["work_kinds"])
    _put(session, DirectoryDelegation, id=facts.pop("delegation_id"), **facts)


def _delegation_ended(session: Session, event: told.DelegationEnded) -> None:
    _set(session, DirectoryDelegation, event.delegation_id, ends_at=event.ended_at)


def _key(session: Session, event: told.SigningKeyAnnounced) -> None:
    _put(
        session,
        VerificationKey,
        kid=str(event.signing_key_id),
        jwk=verification_jwk(event),
        announced_at=event.announced_at,
    )


def _key_withdrawn(session: Session, event: told.SigningKeyWithdrawn) -> None:
    # Kept also when the key is not known yet: its announcement may be late, and must not bring it into use.
    row = insert(VerificationKey).values(
        kid=str(event.signing_key_id),
        jwk={},
        announced_at=event.withdrawn_at,
        withdrawn_at=event.withdrawn_at,
    )
    withdrawn = {"withdrawn_at": row.excluded.withdrawn_at}
    session.execute(row.on_conflict_do_update(index_elements=[VerificationKey.kid], set_=withdrawn))


def verification_jwk(event: told.SigningKeyAnnounced) -> dict[str, str]:
    """The public key as JWK (RFC 7517)."""
    facts = dump_fields(event)
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": facts["signing_key_id"],
        "x": facts["x"],
        "y": facts["y"],
    }


def forget_expired_revocations(session: Session, *, before: Any) -> int:
    """Remove revocations that no living token can be touched by; returns how many."""
    gone = session.execute(sa.delete(Revocation).where(Revocation.revoked_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


_KEEPERS: dict[type[Event], Callable[[Session, Any], None]] = {
    told.UnitRegistered: _unit,
    told.UnitParticularsCorrected: _unit,
    told.UnitDissolved: _unit_dissolved,
    told.PersonRegistered: _person,
    told.PersonRenamed: _person_renamed,
    told.PersonDisabled: _person_disabled,
    told.PersonEnabled: _person_enabled,
    told.PostCreated: _post,
    told.PostRetitled: _post_retitled,
    told.PostPermissionsAssigned: _post_permissions,
    told.PostAbolished: _post_abolished,
    told.TenureBegan: _tenure,
    told.TenureEnded: _tenure_ended,
    told.SessionEnded: _session_ended,
    told.DelegationGranted: _delegation,
    told.DelegationEnded: _delegation_ended,
    told.SigningKeyAnnounced: _key,
    told.SigningKeyWithdrawn: _key_withdrawn,
}

KEPT_EVENTS: tuple[type[Event], ...] = tuple(_KEEPERS)

_ACCESS_KEEPERS: dict[type[Event], Callable[[Session, Any], None]] = {
    told.PersonDisabled: _revoke_of_person,
    told.SessionEnded: _session_ended,
    told.SigningKeyAnnounced: _key,
    told.SigningKeyWithdrawn: _key_withdrawn,
    told.TenureEnded: _revoke_of_tenure,
}

# What decides whether a token in hand is good.
ACCESS_EVENTS: tuple[type[Event], ...] = tuple(_ACCESS_KEEPERS)
