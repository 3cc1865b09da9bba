"""Who acts: the actor, the token that proves it, and what ends it before it expires."""

from shared.auth.actor import Actor
from shared.auth.models import Revocation, VerificationKey
from shared.auth.tokens import TokenVerifier, revoke

__all__ = ["Actor", "Revocation", "TokenVerifier", "VerificationKey", "revoke"]
