"""Safe repetition of writes: the same key from the same person gets the same answer (`Idempotency-Key`)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.db import FoundationBase
from shared.errors import Problem, invalid

LONGEST_KEY = 200


class IdempotencyRecord(FoundationBase):
    """An answered write; written in its transaction, so a write that failed may be tried again under its key."""

    __tablename__ = "idempotency_record"
    __table_args__ = (sa.Index("ix_idempotency_record_created_at", "created_at"),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    created_at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(sa.Integer)
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None]


@dataclass(frozen=True)
class Answered:
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: str


def request_digest(method: str, path: str, body: Any, files: dict[str, str], *, post_id: UUID | None) -> str:
    """The same for requests that ask for the same thing in the same post: what one post did is no answer to another."""
    asked = [method, path, body, files, post_id]
    text = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(session: Session, *, person_id: UUID, key: str, digest: str, now: datetime) -> Answered | None:
    """Claim a key for this request; the earlier answer when it was answered before, Problem 422 when it was for
    something else. A second request that comes while the first is running waits for the first to end."""
    if len(key) > LONGEST_KEY:
        raise key_too_long()
    row = insert(IdempotencyRecord).values(
        person_id=person_id, key=key, request_digest=digest, created_at=now
    )
    claimed = session.execute(row.on_conflict_do_nothing().returning(IdempotencyRecord.key)).first()
    if claimed:
        return None
    earlier = session.get_one(IdempotencyRecord, (person_id, key))
    if earlier.request_digest != digest:
        raise key_used_for_another()
    return Answered(earlier.status or 204, dict(earlier.headers or {}), earlier.body or "")


def keep_answer(session: Session, *, person_id: UUID, key: str, answered: Answered) -> None:
    """Keep the answer with the claim, in the same transaction as the effect."""
    session.execute(
        sa.update(IdempotencyRecord)
        .where(IdempotencyRecord.person_id == person_id, IdempotencyRecord.key == key)
        .values(status=answered.status, headers=answered.headers, body=answered.body)
    )


def forget_before(session: Session, moment: datetime) -> None:
    """Remove answers older than that; a repetition after so long counts as a new request."""
    session.execute(sa.delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment))


def key_used_for_another() -> Problem:
    """The same key came with another request (422)."""
    return invalid(
        "web.idempotency_key_reused",
        "重复提交标识已被使用",
        "同一 Idempotency-Key 的请求内容与上次不同, 请换用新的标识。",
    )


def key_too_long() -> Problem:
    """The key is longer than is kept (422)."""
    return invalid(
        "web.idempotency_key_too_long", "重复提交标识过长", f"Idempotency-Key 不得超过 {LONGEST_KEY} 个字符。"
    )
