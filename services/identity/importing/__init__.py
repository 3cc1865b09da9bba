"""Import of units, persons and posts from CSV and XLSX: read, check everything, then plan; no writing here."""

from services.identity.importing.checking import Authority, Checked, Directory, check
from services.identity.importing.findings import Finding
from services.identity.importing.planning import Change, Plan, plan_import
from services.identity.importing.reading import Reading, read_rows
from services.identity.importing.reporting import error_report

__all__ = [
    "Authority",
    "Change",
    "Checked",
    "Directory",
    "Finding",
    "Plan",
    "Reading",
    "check",
    "error_report",
    "plan_import",
    "read_rows",
]
