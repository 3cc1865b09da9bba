"""What every service keeps to check a token by itself: identity's public keys and what has been revoked."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import FoundationBase


class VerificationKey(FoundationBase):
    """A public signing key of identity, as JWK (RFC 7517), from the moment it is announced until it is withdrawn."""

    __tablename__ = "verification_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    jwk: Mapped[dict[str, Any]]
    announced_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Revocation(FoundationBase):
    """Tokens of this session or tenure are void, and those of this person issued up to `revoked_at`.

    A row is of no use once every token from before it has expired; a timer removes it then.
    """

    __tablename__ = "revocation"
    __table_args__ = (sa.Index("ix_revocation_revoked_at", "revoked_at"),)

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    revoked_at: Mapped[datetime]
    reason: Mapped[str]
