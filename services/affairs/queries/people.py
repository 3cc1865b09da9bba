"""Who takes applications in, and who does the steps of a matter unless others are chosen."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.models import Case, MatterVersion
from services.affairs.queries.matters import get_version
from shared.directory import find_unit, get_organ, list_holders
from shared.permissions import Permission


def window_posts(session: Session, case: Case) -> list[UUID]:
    """The posts that take a case in: those of the office in charge, else of the whole organ.

    Raises `affairs.nobody_at_window`.
    """
    version = version_of(session, case)
    cards = list_holders(session, case.unit_id, Permission.AFFAIRS_WINDOW)
    of_office = [card.post_id for card in cards if card.unit_id == version.office_id]
    found = of_office or [card.post_id for card in cards]
    if not found:
        raise errors.nobody_at_window(case.unit_name)
    return found


def version_of(session: Session, case: Case) -> MatterVersion:
    """The version of its matter that a case runs on."""
    return get_version(session, case.matter_id, case.matter_version)


def organ_of(session: Session, unit_id: UUID) -> UUID:
    """The organ that a unit belongs to."""
    return get_organ(session, unit_id).id


def names_of(session: Session, unit_ids: Sequence[UUID]) -> list[str]:
    """Those units by name, in that order."""
    found = (find_unit(session, unit_id) for unit_id in unit_ids)
    return [unit.name for unit in found if unit is not None]
