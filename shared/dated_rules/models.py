"""What administrators set, in every service's database."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import FoundationBase


class RuleVersion(FoundationBase):
    """From a day on, what a rule says for a subject, who said so and why. Rows are only added.

    `subject` is whatever the rule is set for apart from the others, such as a unit's id; '' is the rule for all.
    `value` None lifts the subject's own rule. `revision` counts 1, 2, 3 … for each rule and subject: of two versions
    from the same day the later one holds.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        sa.Index("ix_rule_version_valid_from", "rule", "subject", "valid_from", "revision"),
        sa.CheckConstraint("revision > 0", name="revision_counts_from_one"),
    )

    rule: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    valid_from: Mapped[date]
    value: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str]
    set_at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
