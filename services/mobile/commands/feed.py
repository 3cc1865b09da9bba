"""Adding to the feed of changes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.mobile.models import InboxChange


def tell_changes(session: Session, changes: Sequence[InboxChange]) -> None:
    """Tell open streams and those that resume later.

    The last write of its transaction: from here on the feed's lock is held, and nothing may be waited for.
    """
    session.add_all(changes)
    session.flush()
