"""How cases and results are numbered: without gaps, per organ and year."""

import secrets
from uuid import UUID

# 32 random bytes: nobody finds a valid code by trying.
_CODE_BYTES = 32


def case_series(unit_id: UUID, year: int) -> str:
    """The series of an organ's cases of a year."""
    return f"case:{unit_id}:{year}"


def case_number(year: int, sequence: int) -> str:
    """办件编号."""
    return f"BJ-{year}-{sequence:06d}"


def result_series(unit_id: UUID, code: str, year: int) -> str:
    """The series of an organ's results of a kind (文种代字) and year."""
    return f"result:{unit_id}:{code}:{year}"


def result_number(code: str, year: int, sequence: int) -> str:
    """The number as results carry it: 萍人社证〔2026〕15号."""
    return f"{code}〔{year}〕{sequence}号"


def new_code() -> str:
    """The code under which anybody who holds a result may have it verified."""
    return secrets.token_urlsafe(_CODE_BYTES)
