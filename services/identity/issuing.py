"""Issuing access tokens: what they say, for how long, and signed with which key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.identity.domain.roles import Role, effective_permissions
from services.identity.domain.sessions import Family, SessionRule
from services.identity.keyring import Keyring
from services.identity.queries.access import Account, Held, SealedKey
from shared.config import Settings
from shared.ids import new_id
from shared.permissions import Permission

CLIENT = "yiwang"
DEFAULT_SESSIONS = SessionRule()


@dataclass(frozen=True)
class TokenIssuer:
    """Everything that is the same for all tokens of the installation."""

    keyring: Keyring
    issuer: str
    audience: str
    lifetime: timedelta = timedelta(minutes=10)
    sessions: SessionRule = DEFAULT_SESSIONS

    @staticmethod
    def from_settings(settings: Settings) -> "TokenIssuer":
        """As the installation is configured; SecretUnusable when its secret is missing."""
        return TokenIssuer(Keyring(settings.secret_key), settings.issuer, settings.audience)

    def access_token(
        self,
        key: SealedKey,
        family: Family,
        person: Account,
        holding: Held,
        *,
        roles: dict[Role, frozenset[Permission]],
        now: datetime,
    ) -> str:
        """An access token (RFC 9068 §2.2) for the person in that post.

        Until a password that somebody else gave out has been changed, it carries no permissions, and says so
        (`pwd_change`): every service refuses it but for changing the password and leaving.
        """
        scope = frozenset() if person.must_change else effective_permissions(map(Role, holding.roles), roles)
        # With its fraction (RFC 7519 §2 allows it): who is disabled and enabled again within a second, and signs in,
        # must not get a token from before.
        issued = round(now.timestamp(), 6)
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(person.id),
            "client_id": CLIENT,
            "iat": issued,
            "exp": int(issued + self.lifetime.total_seconds()),
            "jti": str(new_id()),
            "sid": str(family.id),
            "auth_time": int(family.started_at.timestamp()),
            "amr": ["pwd"],
            "scope": " ".join(sorted(permission.value for permission in scope)),
            "name": person.name,
            "tenure": str(holding.tenure_id),
            "post": str(holding.post_id),
            "post_title": holding.title,
            "unit": str(holding.unit_id),
            "unit_name": holding.unit_name,
            "roles": sorted(set(holding.roles)),
        }
        if person.must_change:
            claims["pwd_change"] = True
        assert key.sealed_private is not None, "only a withdrawn key has lost its private half"
        return self.keyring.sign(claims, kid=str(key.id), sealed_private=key.sealed_private)
