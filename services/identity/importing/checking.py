"""Checking files before anything is written: every error at once, at its place."""

from dataclasses import dataclass

from services.identity.domain.checking import check_changes
from services.identity.domain.directory import Authority, Directory, Wanted
from services.identity.importing.findings import Finding
from services.identity.importing.parsing import parse
from services.identity.importing.reading import Reading


@dataclass(frozen=True)
class Checked:
    """What the files want, and every error in reading order; it may be carried out when there is none."""

    wanted: Wanted
    findings: list[Finding]


def check(reading: Reading, existing: Directory, authority: Authority) -> Checked:
    """Check all rows together, against one another and against what exists."""
    parsed = parse(reading.rows, existing)
    complaints = check_changes(parsed.wanted, existing, authority)
    placed = [parsed.finding_of(complaint) for complaint in complaints]
    return Checked(parsed.wanted, sorted({*reading.findings, *parsed.findings, *placed}))
