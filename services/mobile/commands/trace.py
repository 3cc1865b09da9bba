"""Keeping every event as a line that a person can read."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.mobile.domain.sentences import tell
from services.mobile.models import TraceEntry
from shared.events.base import Envelope

# Made once, for it is run for every event of the suite.
_ENTER = insert(TraceEntry.__table__).on_conflict_do_nothing(index_elements=["id"])  # type: ignore[arg-type]


def keep_trace(session: Session, envelope: Envelope) -> None:
    """Enter an event in the trace of its chain; repeating it changes nothing."""
    told = tell(envelope.event)
    entry = {
        "id": envelope.id,
        "at": envelope.time,
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        "service": envelope.service,
        "key": envelope.key,
        "subject_id": envelope.subject,
        "sequence": envelope.sequence,
        "about_id": told.about_id,
        "rank": told.rank.value,
        "sentence": told.sentence,
        "person_id": told.doer.person_id or envelope.actor_id,
        "person_name": told.doer.person_name,
        "post_id": told.doer.post_id,
        "post_title": told.doer.post_title,
        "unit_name": told.doer.unit_name,
        "for_person_id": told.doer.for_person_id,
        "on_behalf_of": told.doer.on_behalf_of,
        "to_post_id": told.to_post_id,
    }
    session.execute(_ENTER, entry)
