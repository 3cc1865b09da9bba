"""What a service knows of units, persons, posts and delegations, kept up to date by identity's events.

There are no foreign keys: facts about a post may arrive before those about its unit.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import FoundationBase


class DirectoryUnit(FoundationBase):
    """A unit (单位); `issues_documents` is false for an inner office (内设机构)."""

    __tablename__ = "directory_unit"
    __table_args__ = (sa.Index("ix_directory_unit_parent_id", "parent_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    parent_id: Mapped[UUID | None]
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    division_code: Mapped[str]
    credit_code: Mapped[str | None]
    issuing_codes: Mapped[list[str]]
    fonds_code: Mapped[str | None]
    issues_documents: Mapped[bool]
    position: Mapped[int] = mapped_column(sa.Integer)
    active: Mapped[bool] = mapped_column(default=True)


class DirectoryPerson(FoundationBase):
    """A person."""

    __tablename__ = "directory_person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class DirectoryPost(FoundationBase):
    """A post (岗位) with the permissions that it carries.

    `scope_unit_ids`: the units whose subtrees an administrator's post looks after; empty means its own unit's, NULL
    that nobody has told it yet (`shared.directory.administering`).
    """

    __tablename__ = "directory_post"
    __table_args__ = (sa.Index("ix_directory_post_unit_id", "unit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    permissions: Mapped[list[str]]
    scope_unit_ids: Mapped[list[UUID] | None]
    position: Mapped[int] = mapped_column(sa.Integer)
    active: Mapped[bool] = mapped_column(default=True)


class DirectoryTenure(FoundationBase):
    """A person's holding of a post (任职)."""

    __tablename__ = "directory_tenure"
    __table_args__ = (
        sa.Index("ix_directory_tenure_post_id", "post_id", postgresql_where=sa.text("active")),
        sa.Index("ix_directory_tenure_person_id", "person_id", postgresql_where=sa.text("active")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    post_id: Mapped[UUID]
    active: Mapped[bool] = mapped_column(default=True)


class DirectoryDelegation(FoundationBase):
    """One post acting for another during an absence; empty `work_kinds` means every kind."""

    __tablename__ = "directory_delegation"
    __table_args__ = (
        sa.Index("ix_directory_delegation_to_post_id", "to_post_id"),
        sa.Index("ix_directory_delegation_from_post_id", "from_post_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_person_id: Mapped[UUID]
    from_post_id: Mapped[UUID]
    to_person_id: Mapped[UUID]
    to_post_id: Mapped[UUID]
    work_kinds: Mapped[list[str]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
