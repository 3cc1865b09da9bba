"""Every service shows its own audit log to the audit administrator, and to nobody else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.permissions import Permission
from shared.service import all_services
from tests.support.api import a_person, serving


@pytest.mark.parametrize("service", [service.name for service in all_services()])
def test_only_the_audit_administrator_reads_the_log(
    service: str, fresh_database: Callable[[str], str], server_dir: Path
) -> None:
    auditor, clerk = a_person(Permission.AUDIT_READ), a_person(Permission.DOCUMENTS_READ)
    with serving(service, fresh_database(service), server_dir) as api:
        assert api.get("/audit").status_code == 401
        assert api.get("/audit", clerk).status_code == 403
        assert api.get("/audit", auditor).json() == {"items": [], "next": None}
        assert api.get("/audit/check", auditor).json() == {"whole": True, "broken_at": []}
