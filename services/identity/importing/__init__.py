"""Import of units, persons and posts from CSV and XLSX: read and check everything; no writing here."""

from services.identity.importing.checking import Checked, check
from services.identity.importing.findings import Finding
from services.identity.importing.reading import Reading, read_rows
from services.identity.importing.reporting import error_report

__all__ = ["Checked", "Finding", "Reading", "check", "error_report", "read_rows"]
