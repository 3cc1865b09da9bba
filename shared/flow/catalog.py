"""The versions of the flows that a service runs: uploaded by an administrator, or shipped with the product."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.flow.definitions import Definition, parse_definition, require_performers
from shared.flow.errors import definition_not_found, definition_unchanged
from shared.flow.models import FlowDefinition
from shared.ids import new_id

MAX_KEPT = 256
# Made once: SQLAlchemy takes longer to put such a statement together than PostgreSQL to answer it.
_definition = FlowDefinition.__table__.c
_NEWEST_ID = (
    sa.select(_definition.id)
    .where(_definition.key == sa.bindparam("key"))
    .order_by(_definition.version.desc())
    .limit(1)
)
_ID_OF_VERSION = sa.select(_definition.id).where(
    _definition.key == sa.bindparam("key"), _definition.version == sa.bindparam("version")
)
_kept: dict[UUID, Definition] = {}


def upload_definition(session: Session, actor: Actor, clock: Clock, *, xml: bytes) -> FlowDefinition:
    """Check an uploaded BPMN file and keep it as the newest version of its flow; running instances stay on theirs.

    Raises Problem as `parse_definition` and `require_performers` do, and `flow.definition_unchanged` when the newest
    version is the same.
    """
    definition = parse_definition(xml)
    require_performers(definition)
    _lock_key(session, definition.key)
    newest = _find_row(session, definition.key)
    if newest is not None and newest.digest == definition.digest:
        raise definition_unchanged(newest.key, newest.version)
    return _add_version(session, actor, clock, definition=definition, xml=xml, after=newest)


def ship_definition(session: Session, actor: Actor, clock: Clock, *, xml: bytes) -> FlowDefinition:
    """Keep a definition that comes with the product, once: a version that an administrator uploaded stays newest."""
    definition = parse_definition(xml)
    _lock_key(session, definition.key)
    same = sa.select(FlowDefinition).where(
        FlowDefinition.key == definition.key, FlowDefinition.digest == definition.digest
    )
    if found := session.scalars(same.order_by(FlowDefinition.version)).first():
        return found
    newest = _find_row(session, definition.key)
    if newest is not None and newest.uploaded_by_person_id is not None:
        return newest
    return _add_version(session, actor, clock, definition=definition, xml=xml, after=newest)


def find_version(session: Session, *, key: str, version: int | None = None) -> FlowDefinition | None:
    """That version of a flow, or the newest."""
    return _find_row(session, key, version)


def get_version(session: Session, *, key: str, version: int | None = None) -> FlowDefinition:
    """That version of a flow, or the newest; Problem 404 when there is none."""
    row = _find_row(session, key, version)
    if row is None:
        raise definition_not_found(key, version)
    return row


def get_version_id(session: Session, *, key: str, version: int | None = None) -> UUID:
    """The id of that version of a flow, or of the newest, without its file; Problem 404 when there is none."""
    wanted = _NEWEST_ID if version is None else _ID_OF_VERSION
    found: UUID | None = session.execute(wanted, {"key": key, "version": version}).scalar()
    if found is None:
        raise definition_not_found(key, version)
    return found


def list_versions(session: Session, *, key: str) -> list[FlowDefinition]:
    """All versions of a flow, newest first."""
    rows = sa.select(FlowDefinition).where(FlowDefinition.key == key).order_by(FlowDefinition.version.desc())
    return list(session.scalars(rows))


def definition_of(session: Session, definition_id: UUID) -> Definition:
    """The checked definition of that row; kept in memory, since rows never change."""
    if definition_id not in _kept:
        xml = session.execute(sa.select(FlowDefinition.xml).where(FlowDefinition.id == definition_id))
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[definition_id] = parse_definition(xml.scalar_one())
    return _kept[definition_id]


def _find_row(session: Session, key: str, version: int | None = None) -> FlowDefinition | None:
    query = sa.select(FlowDefinition).where(FlowDefinition.key == key)
    if version is not None:
        query = query.where(FlowDefinition.version == version)
    return session.scalars(query.order_by(FlowDefinition.version.desc()).limit(1)).first()


def _lock_key(session: Session, key: str) -> None:
    # Two uploads of one flow at once get two version numbers, one after the other.
    session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"flow {key}"}
    )


def _add_version(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    definition: Definition,
    xml: bytes,
    after: FlowDefinition | None,
) -> FlowDefinition:
    row = FlowDefinition(
        id=new_id(),
        key=definition.key,
        version=after.version + 1 if after else 1,
        name=definition.name,
        digest=definition.digest,
        xml=xml,
        uploaded_at=clock.now(),
        uploaded_by_person_id=actor.person_id,
        uploaded_by_name=actor.person_name,
    )
    session.add(row)
    session.flush()
    return row
