"""The tables of the identity service."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import NAMING, TYPE_MAP


class Base(DeclarativeBase):
    """Tables that only this service has."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = TYPE_MAP


class Unit(Base):
    """A unit (单位) in the tree; a dissolved one is kept, because old documents name it."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.Index("ix_unit_parent_id", "parent_id"),
        sa.Index("uq_unit_name", "name", unique=True, postgresql_where=sa.text("dissolved_at IS NULL")),
        sa.Index(
            "uq_unit_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=sa.text("dissolved_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("unit.id"))
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    division_code: Mapped[str]
    credit_code: Mapped[str | None]
    issuing_codes: Mapped[list[str]]
    fonds_code: Mapped[str | None]
    position: Mapped[int] = mapped_column(sa.Integer)
    dissolved_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)


class Person(Base):
    """A person with an account; `login_key` is the login name as it is compared.

    `password_digest` is empty until a password has been given out; with `must_change` nothing but changing the
    password is allowed.
    """

    __tablename__ = "person"
    __table_args__ = (sa.Index("ix_person_name", "name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    login_name: Mapped[str]
    login_key: Mapped[str] = mapped_column(unique=True)
    password_digest: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)


class Post(Base):
    """A post (岗位) of a unit; who holds it has its roles.

    `scope_unit_ids`: the units whose subtrees an administrator's post looks after; empty means its own unit's.
    """

    __tablename__ = "post"
    __table_args__ = (
        sa.Index(
            "uq_post_unit_id_title",
            "unit_id",
            "title",
            unique=True,
            postgresql_where=sa.text("abolished_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("unit.id"))
    title: Mapped[str]
    roles: Mapped[list[str]]
    scope_unit_ids: Mapped[list[UUID]]
    position: Mapped[int] = mapped_column(sa.Integer)
    abolished_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)

    @property
    def reach(self) -> frozenset[UUID]:
        """The unit of the post, and those that it looks after beyond: what whoever touches its holder has to
        administer."""
        return frozenset({self.unit_id, *self.scope_unit_ids})


class Tenure(Base):
    """A person's holding of a post (任职), from when until when."""

    __tablename__ = "tenure"
    __table_args__ = (
        sa.Index(
            "uq_tenure_person_id_post_id",
            "person_id",
            "post_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_tenure_post_id", "post_id", postgresql_where=sa.text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RoleGrant(Base):
    """What a role may do in this installation; a role without a row has its default.

    `offered`: what it had or was offered at some time, so that what is missing of it was taken away on purpose;
    `offers_recorded` is false when it was edited before that was kept, until somebody decides.
    """

    __tablename__ = "role_grant"

    role: Mapped[str] = mapped_column(primary_key=True)
    permissions: Mapped[list[str]]
    offered: Mapped[list[str]]
    offers_recorded: Mapped[bool]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)


class SignIn(Base):
    """One sign-in on one device: a family of refresh tokens and the post that the person acts in."""

    __tablename__ = "sign_in"
    __table_args__ = (
        sa.Index("ix_sign_in_person_id", "person_id", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_sign_in_rotated_at", "rotated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    tenure_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tenure.id"))
    started_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    generation: Mapped[int] = mapped_column(sa.Integer)
    forgiven_generation: Mapped[int | None] = mapped_column(sa.Integer)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    source: Mapped[str]


class RefreshToken(Base):
    """The digest of a refresh token that was given out, and its place in its family."""

    __tablename__ = "refresh_token"
    __table_args__ = (sa.Index("ix_refresh_token_sign_in_id", "sign_in_id"),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(sa.ForeignKey("sign_in.id", ondelete="CASCADE"))
    generation: Mapped[int] = mapped_column(sa.Integer)


class SignInFailure(Base):
    """How often signing in failed lately, for an account (known or not) or a source; the name is a digest."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (sa.Index("ix_sign_in_failure_last_at", "last_at"),)

    name: Mapped[bytes] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(sa.Integer)
    last_at: Mapped[datetime]


class Delegation(Base):
    """Who lets whom do which kinds of work during an absence; `ended_at` when it was taken back early."""

    __tablename__ = "delegation"
    __table_args__ = (
        sa.Index("ix_delegation_giver_id", "giver_id"),
        sa.Index("ix_delegation_receiver_id", "receiver_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    giver_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    giver_post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id"))
    receiver_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    receiver_post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("post.id"))
    kinds: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SigningKey(Base):
    """A key that signs access tokens; the private half is sealed with the installation's secret."""

    __tablename__ = "signing_key"
    __table_args__ = (
        sa.Index(
            "uq_signing_key_state",
            "state",
            unique=True,
            postgresql_where=sa.text("state IN ('next', 'active')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    x: Mapped[str]
    y: Mapped[str]
    sealed_private: Mapped[bytes | None]
    announced_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
