"""What signing in needs beside the database: hashing in threads, and the keys."""

from services.identity.hashing import PasswordKeeper
from services.identity.issuing import TokenIssuer
from shared.offload import offload
from shared.web import Call

KEEPER = PasswordKeeper(offload)


def issuer_of(call: Call) -> TokenIssuer:
    """The process's one issuer of tokens."""
    issuer: TokenIssuer = call.runtime.resource(TokenIssuer, TokenIssuer.from_settings)
    return issuer
