"""Access tokens: JWT `at+jwt` (RFC 9068), ES256, checked by every service with identity's announced keys."""

import hashlib
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.auth.models import Revocation, VerificationKey
from shared.db import Prepared
from shared.errors import Problem, unauthenticated
from shared.permissions import Permission

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105 (the header's `typ`, RFC 9068 §2.1)
KEYS_ARE_FRESH_SECONDS = 5.0
CACHED_TOKENS = 10_000
REQUIRED_CLAIMS = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "sid", "tenure", "post", "unit"]


# A sign-in or a holding that has ended never begins again, whatever the clock of whoever issued the token said;
# a person who was disabled may be back.
_revocation = Revocation.__table__.c
_REVOKED = Prepared(
    sa.select(_revocation.subject_id)
    .where(
        sa.or_(
            _revocation.subject_id == sa.bindparam("session_id"),
            _revocation.subject_id == sa.bindparam("tenure_id"),
            sa.and_(
                _revocation.subject_id == sa.bindparam("person_id"),
                _revocation.revoked_at >= sa.bindparam("issued_at"),
            ),
        )
    )
    .limit(sa.literal_column("1")),
    planned_once=True,
)


@dataclass(frozen=True)
class _Verified:
    actor: Actor
    issued_at: datetime
    expires_at: datetime
    kid: str


class TokenVerifier:
    """Turns a bearer token into an `Actor`, or refuses with 401.

    Signatures are checked once per token and remembered by digest; revocation is looked up in the service's own
    database on every use, so that access ends as soon as the event has arrived.
    """

    def __init__(self, *, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, Any] = {}
        self._keys_read_at = 0.0
        self._verified: dict[bytes, _Verified] = {}

    def verify(
        self, session: Session, token: str, *, now: datetime, correlation_id: UUID, source: str = ""
    ) -> Actor:
        """The actor that the token names; Problem 401 says why it is not good."""
        known = self._signature(session, token)
        if now >= known.expires_at:
            raise token_expired()
        actor = known.actor
        asked = {
            "session_id": actor.session_id,
            "tenure_id": actor.tenure_id,
            "person_id": actor.person_id,
            "issued_at": known.issued_at,
        }
        if _REVOKED.rows(session, asked):
            raise access_ended()
        return replace(actor, correlation_id=correlation_id, source=source)

    def expires_at(self, session: Session, token: str) -> datetime:
        """When a good token ends by itself; Problem 401 when it cannot be trusted."""
        return self._signature(session, token).expires_at

    def _signature(self, session: Session, token: str) -> _Verified:
        self._refresh_keys(session)
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and known.kid in self._keys:
            return known
        try:
            known = self._decode(session, token)
        except (jwt.PyJWTError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise token_invalid() from error
        if len(self._verified) >= CACHED_TOKENS:
            self._verified.clear()
        self._verified[digest] = known
        return known

    def _decode(self, session: Session, token: str) -> _Verified:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TOKEN_TYPE:
            raise token_invalid()
        key = self._keys.get(header.get("kid", "")) or self._look_again(session, header.get("kid", ""))
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=self._audience,
            issuer=self._issuer,
            # Expiry is compared with the injected clock, not with the machine's.
            options={
                "require": REQUIRED_CLAIMS,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        return _Verified(
            actor=actor_of(claims),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            kid=header["kid"],
        )

    def _refresh_keys(self, session: Session) -> None:
        if time.monotonic() - self._keys_read_at < KEYS_ARE_FRESH_SECONDS:
            return
        rows = session.execute(
            sa.select(VerificationKey.kid, VerificationKey.jwk).where(VerificationKey.withdrawn_at.is_(None))
        )
        self._keys = {kid: jwt.PyJWK(jwk, ALGORITHM).key for kid, jwk in rows}
        self._keys_read_at = time.monotonic()

    def _look_again(self, session: Session, kid: str) -> Any:
        """A key announced a moment ago may not be in the cache; KeyError when it really is unknown."""
        row = session.get(VerificationKey, kid)
        if row is None or row.withdrawn_at is not None:
            raise KeyError(kid)
        self._keys[kid] = jwt.PyJWK(row.jwk, ALGORITHM).key
        return self._keys[kid]


def actor_of(claims: dict[str, Any]) -> Actor:
    """The actor that verified claims describe."""
    known = {member.value for member in Permission}
    return Actor(
        correlation_id=UUID(int=0),
        person_id=UUID(claims["sub"]),
        person_name=claims.get("name", ""),
        post_id=UUID(claims["post"]),
        post_title=claims.get("post_title", ""),
        unit_id=UUID(claims["unit"]),
        unit_name=claims.get("unit_name", ""),
        tenure_id=UUID(claims["tenure"]),
        session_id=UUID(claims["sid"]),
        must_change_password=claims.get("pwd_change") is True,
        permissions=frozenset(Permission(name) for name in claims.get("scope", "").split() if name in known),
    )


def revoke(session: Session, *, subject_id: UUID, revoked_at: datetime, reason: str) -> None:
    """Void the tokens of a session, person or tenure issued up to that moment; repeating it changes nothing."""
    row = insert(Revocation).values(subject_id=subject_id, revoked_at=revoked_at, reason=reason)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Revocation.subject_id],
            set_={"revoked_at": sa.func.greatest(Revocation.revoked_at, row.excluded.revoked_at)},
        )
    )


def token_missing() -> Problem:
    """No token came with the request (401)."""
    return unauthenticated("auth.token_missing", "尚未登录", "请登录后再访问。")


def token_invalid() -> Problem:
    """The token cannot be trusted (401)."""
    return unauthenticated("auth.token_invalid", "登录凭证无效", "请重新登录。")


def token_expired() -> Problem:
    """The token was good once (401)."""
    return unauthenticated(
        "auth.token_expired", "登录已过期", "请用刷新凭证换取新的登录凭证后重试, 已填写的内容不会丢失。"
    )


def access_ended() -> Problem:
    """The session, the person or the holding of the post has ended (401)."""
    return unauthenticated(
        "auth.access_ended", "登录已失效", "您已退出登录, 或账号、岗位已变动, 请重新登录。"
    )
