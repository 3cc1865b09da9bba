"""Result documents (办理结果), and the key that signs them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class SealKey(Base):
    """A key of this service with its self-issued certificate; the private half is sealed with the suite's secret.

    The active one signs; the others stay, because what they signed is looked at for years.
    """

    __tablename__ = "seal_key"
    __table_args__ = (
        sa.Index("uq_seal_key_active", "active", unique=True, postgresql_where=sa.text("active")),
        sa.CheckConstraint("active = (retired_at IS NULL)", name="active_until_retired"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    certificate: Mapped[bytes]
    sealed_private: Mapped[bytes]
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Result(Base):
    """The result document of a case; `code` is what its QR leads to, and no one can guess it."""

    __tablename__ = "result"
    __table_args__ = (
        sa.UniqueConstraint("case_id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("unit_id", "number"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoke_reason = '')", name="revoked_for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    number: Mapped[str]
    name: Mapped[str]
    granted: Mapped[bool]
    code: Mapped[str]
    key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("seal_key.id"))
    issued_at: Mapped[datetime]
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str] = mapped_column(default="")
