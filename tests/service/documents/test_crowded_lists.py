"""Lists and search stay quick however many documents there are, for a reader of few and for a reader of all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from services.documents.queries.lists import list_documents
from shared.db import Database
from tests.service.documents.offices import Offices
from tests.support.databases import ServiceDatabases

RARE_WORD = "鼙鼓"
COUNT = 100_000
FEW, MANY = "市副职", "市文书"


@pytest.fixture(scope="module")
def crowded(databases: ServiceDatabases) -> Iterator[Offices]:
    """A city's office with a hundred thousand documents: its registry sees all of them, one deputy twenty."""
    database = Database("documents", databases.of("documents"))
    offices = Offices(database=database, blobs=None)  # type: ignore[arg-type]
    offices.fill()
    with offices.session() as session:
        session.execute(
            sa.text(FILL),
            {
                "count": COUNT,
                "office": offices.units["市政府办"],
                "few": offices.post_id(FEW),
                "begin": datetime(2020, 1, 1, tzinfo=UTC),
                "rare": [*RARE_WORD, RARE_WORD],
            },
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    yield offices
    database.close()


# Ids grow with time, as those of version 7 do. Every thousandth document has the rare word, every five-thousandth is
# the deputy's too.
FILL = """
WITH made AS (
    INSERT INTO document (id, direction, state, revision, correlation_id, owner_unit_id, office_unit_id, kind, title,
        urgency, form, elements, facts, version_number, terms, drafter_name, created_at)
    SELECT CAST('0190' || lpad(to_hex(n), 8, '0') || '70008000000000000000' AS uuid),
        'dispatch', 'issued', 1, gen_random_uuid(), :office, :office, '通知', '公文', '', 'document', '{}', '{}', 1,
        ARRAY['通', '知', '通知', 'w' || n % 50, 'w' || n % 5000]
            || CASE WHEN n % 1000 = 0 THEN CAST(:rare AS text[]) ELSE '{}' END,
        '', CAST(:begin AS timestamptz) + n * interval '1 minute'
    FROM generate_series(1, :count) AS n
    RETURNING id, created_at
), owned AS (
    INSERT INTO document_access (document_id, holder_id, reason) SELECT id, :office, 'owner' FROM made
)
INSERT INTO document_access (document_id, holder_id, reason)
SELECT id, :few, 'work_item' FROM made WHERE CAST(extract(epoch FROM created_at) / 60 AS bigint) % 5000 = 0
"""


@pytest.mark.parametrize("reader", [FEW, MANY])
@pytest.mark.parametrize(
    "query",
    [{}, {"q": RARE_WORD}, {"q": "通知"}, {"q": "w49"}, {"kind": "通知"}, {"state": "drafting"}],
    ids=str,
)
def test_a_list_is_read_by_indexes(crowded: Offices, reader: str, query: dict[str, str]) -> None:
    asked: list[tuple[str, Any]] = []
    with crowded.session() as session:
        connection = session.connection()
        sa.event.listen(connection, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        page = list_documents(
            session, crowded.actor(reader), query={"limit": 20, **query}, now=crowded.clock.now()
        )
        statement, values = asked[-1]
        plan = connection.exec_driver_sql("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, values).scalar_one()
    assert len(page.items) <= 20
    assert "Seq Scan on document" not in nodes(plan[0]["Plan"])
    assert "Seq Scan on document_access" not in nodes(plan[0]["Plan"])
    assert plan[0]["Execution Time"] < 50


def nodes(plan: dict[str, Any]) -> list[str]:
    here = f"{plan['Node Type']} on {plan['Relation Name']}" if "Relation Name" in plan else plan["Node Type"]
    return [here, *(name for below in plan.get("Plans", []) for name in nodes(below))]
