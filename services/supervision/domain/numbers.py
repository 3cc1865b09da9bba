"""The number of a task (督办编号), such as 萍督〔2026〕8号: counted without gaps per organ and year."""

from collections.abc import Sequence
from string import Formatter
from uuid import UUID

FORM = "{code}〔{year}〕{sequence}号"
_FIELDS = {"code", "year", "sequence"}


def series_of(unit_id: UUID, year: int) -> str:
    """The gap-free series from which an organ's numbers of a year are taken."""
    return f"task:{unit_id}:{year}"


def parts_of(task_id: UUID) -> str:
    """The series from which the subtasks of a task are numbered."""
    return f"task-part:{task_id}"


def code_of(issuing_codes: Sequence[str], name: str) -> str:
    """What an organ's numbers begin with until it sets something else: 萍府办发 gives 萍府办督."""
    stem = issuing_codes[0].removesuffix("发") if issuing_codes else name[:1]
    return f"{stem}督"


def format_number(form: str, *, code: str, year: int, sequence: int) -> str:
    """The number as it is printed."""
    return form.format(code=code, year=year, sequence=sequence)


def is_form(form: str) -> bool:
    """Whether the text is a form of numbers: it names the sequence and the year, and nothing unknown."""
    try:
        named = {name for _, name, spec, conversion in Formatter().parse(form) if name is not None}
        plain = all(
            not spec and not conversion for _, name, spec, conversion in Formatter().parse(form) if name
        )
    except ValueError:
        return False
    return plain and {"year", "sequence"} <= named <= _FIELDS
