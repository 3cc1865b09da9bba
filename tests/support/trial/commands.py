"""What the trial's operator may do."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.support.trial.models import Effect


def reset_read_model(session: Session) -> None:
    """Empty what the handlers have built."""
    session.execute(sa.delete(Effect))
