"""Reading the rules that differ by locality, and how far a year's plan is used."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.domain.numbers import SERIES, codes_of
from services.documents.models import AnnualQuotaRow, LengthLimitRow
from shared.numbering import list_last_numbers


def list_length_limit_rows(session: Session) -> list[LengthLimitRow]:
    """All length limits, newest first."""
    rows = sa.select(LengthLimitRow).order_by(LengthLimitRow.effective_from.desc(), LengthLimitRow.scope)
    return list(session.scalars(rows))


def list_quota_use(session: Session, *, year: int) -> list[dict[str, Any]]:
    """Every issuing code that has a plan or has issued in that year, by code."""
    planned = {
        row.code: row for row in session.scalars(sa.select(AnnualQuotaRow).where(AnnualQuotaRow.year == year))
    }
    issued = codes_of(list_last_numbers(session, prefix=SERIES), year=year)
    return [
        {
            "code": code,
            "year": year,
            "issued": issued.get(code, 0),
            "documents": planned[code].documents if code in planned else None,
            "set_at": planned[code].set_at if code in planned else None,
            "set_by_name": planned[code].set_by_name if code in planned else "",
        }
        for code in sorted({*planned, *issued})
    ]
