"""What identity sees to before anybody is served: a key that signs, and one announced to follow it."""

from sqlalchemy.orm import Session

from services.identity.commands.keys import ensure_keys
from services.identity.issuing import TokenIssuer
from shared.auth import Actor
from shared.runtime_context import Runtime


def prepare(session: Session, actor: Actor, runtime: Runtime) -> None:
    """Repeatable; SecretUnusable when the installation's secret is missing."""
    issuer = runtime.resource(TokenIssuer, TokenIssuer.from_settings)
    ensure_keys(session, actor, runtime.clock, keyring=issuer.keyring)
