"""The filer: takes due documents one by one, each in a transaction of its own, and keeps the reason of every failure.

Several filers may run at once, in several processes: a document that one of them holds is passed over by the others.
"""

import time
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from services.archives import SERVICE
from services.archives.commands.file import file_document
from services.archives.commands.note_failure import note_failure
from services.archives.domain.gaps import CannotFile, is_foreseen, reasons_of
from services.archives.queries.closings import lock_due
from shared.auth import Actor
from shared.ids import new_id
from shared.logs import log_context
from shared.runtime_context import Runtime

_log = structlog.get_logger("yiwang.archives")
# A tick of the timer ends in time for a process that is told to stop.
LONGEST_SECONDS = 8.0


def file_due(runtime: Runtime, *, most: int = 1000, within: float = LONGEST_SECONDS) -> int:
    """File what is due, so many documents and seconds at most; returns how many were taken on, failures included."""
    deadline = time.monotonic() + within
    for taken in range(most):
        if time.monotonic() >= deadline or not file_next(runtime):
            return taken
    return most


def file_next(runtime: Runtime) -> bool:
    """Take on the next due document; False when none is due. Raises only what the database itself raises."""
    document_id: UUID | None = None
    try:
        with runtime.database(SERVICE.name).transaction() as session:
            closed = lock_due(session, now=runtime.clock.now())
            if closed is None:
                return False
            document_id = closed.document_id
            actor = Actor.system(closed.correlation_id, causation_id=closed.event_id)
            with log_context(correlation_id=closed.correlation_id, document_id=document_id):
                became = file_document(
                    session,
                    actor,
                    runtime.clock,
                    closed=closed,
                    blobs=runtime.blobs,
                    scratch=_scratch(runtime),
                )
                _log.info("decided", became=became.value)
    except Exception as error:
        if document_id is None:
            raise
        _keep_reason(runtime, document_id, error)
    return True


def _keep_reason(runtime: Runtime, document_id: UUID, error: Exception) -> None:
    known = reasons_of(_told(error))
    # What has a reason of its own needs no stack; what nobody foresaw does.
    stack = None if is_foreseen(error) else error
    _log.warning("not filed", document_id=str(document_id), reasons=known, exc_info=stack)
    with runtime.database(SERVICE.name).transaction() as session:
        actor = Actor.system(new_id())
        note_failure(session, actor, runtime.clock, document_id=document_id, reasons=known)


def _told(error: Exception) -> Exception:
    if isinstance(error, IntegrityError):
        return CannotFile("档号或公文已在档案登记簿中，请检查档号规则是否改动过")
    return error


def _scratch(runtime: Runtime) -> Path:
    return runtime.settings.home / "packing"
