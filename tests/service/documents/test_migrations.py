"""Migrating an installation whose administrator had set rules: every one goes on to hold, with who set it."""

import json
from datetime import date

import sqlalchemy as sa

from services.documents.domain.limits import AnnualQuota, Scope
from services.documents.local_rules import LENGTHS
from services.documents.queries.rules import find_quota
from shared import migrations
from shared.dated_rules import list_versions, rule_on
from shared.db import Database
from shared.ids import new_id
from tests.support.databases import ServiceDatabases, upgrade_to

UNIT = str(new_id())
CHANGES: list[tuple[str, dict[str, object]]] = [
    ("length_limit", {"unit_id": None, "scope": "specific", "characters": 3000, "source": "甲"}),
    ("length_limit", {"unit_id": None, "scope": "specific", "characters": 3500, "source": "乙"}),
    ("length_limit", {"unit_id": UNIT, "scope": "specific", "characters": 2000, "source": "丙"}),
    ("annual_quota", {"code": "萍府发", "year": 2026, "documents": 30}),
]


def test_rules_that_were_set_go_on_to_hold(databases: ServiceDatabases) -> None:
    url = databases.empty()
    upgrade_to("documents", url, "foundation@head")
    upgrade_to("documents", url, "documents_0002")
    database = Database("documents", url, pool_size=1)
    with database.engine.begin() as connection:
        for what, after in CHANGES:
            facts = {
                "id": new_id(),
                "what": what,
                "after": json.dumps({"effective_from": "2026-01-01", **after}),
            }
            connection.execute(
                sa.text(
                    "INSERT INTO setting_change (id, at, person_name, what, before, after)"
                    " VALUES (:id, clock_timestamp(), '李管理', :what, '{}', :after)"
                ),
                facts,
            )
    migrations.upgrade("documents", url)
    with database.session() as session:
        table, day = LENGTHS[Scope.SPECIFIC], date(2026, 3, 2)
        found = [rule_on(session, table, day, subjects=subjects) for subjects in ([], [UNIT])]
        assert [(rule.value["characters"], rule.revision, rule.source) for rule in found] == [
            (3500, 2, "乙"),
            (2000, 1, "丙"),
        ]
        assert {row.person_name for row in list_versions(session, table)} == {"李管理"}
        assert rule_on(session, table, date(2025, 3, 2)).value == {"characters": 4000}
        assert find_quota(session, "萍府发", year=2026) == AnnualQuota("萍府发", 2026, 30)
        assert find_quota(session, "萍府发", year=2027) is None
    database.close()
