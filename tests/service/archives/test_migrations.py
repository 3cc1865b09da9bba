"""Migrating an archive that has records: nothing filed is lost, and numbers go on where they were."""

from datetime import date

import pytest
import sqlalchemy as sa

from services.archives.domain.archival_number import DEFAULT_TEMPLATE
from services.archives.local_rules import FONDS
from shared import migrations
from shared.dated_rules import list_rules_on, list_versions
from shared.db import Database
from shared.ids import new_id
from shared.numbering import take_number
from tests.support.databases import ServiceDatabases, upgrade_to

UNITS = {"360300": new_id(), "360302101": new_id()}
FILED = (("360300", 1), ("360300", 2), ("360302101", 3))


def columns_of(connection: sa.Connection, table: str, **known: object) -> dict[str, object]:
    """A row for the table: what is known, and something fit for whatever else it demands."""
    fill = {"UUID": new_id(), "TEXT": "x", "INTEGER": 0, "BIGINT": 0, "TIMESTAMP": sa.func.now(), "JSONB": {}}
    columns = sa.inspect(connection).get_columns(table)
    needed = {
        column["name"]: column["type"].__class__.__name__ for column in columns if not column["nullable"]
    }
    return {name: known.get(name, fill.get(kind, [])) for name, kind in needed.items()}


def insert(connection: sa.Connection, table: str, **known: object) -> None:
    made = sa.Table(table, sa.MetaData(), autoload_with=connection)
    connection.execute(made.insert().values(columns_of(connection, table, **known)))


def test_records_get_their_archive_and_series_go_on(databases: ServiceDatabases) -> None:
    url = databases.empty()
    upgrade_to("archives", url, "foundation@head")
    upgrade_to("archives", url, "archives_0001")
    database = Database("archives", url, pool_size=1)
    with database.engine.begin() as connection:
        for division, unit_id in UNITS.items():
            insert(
                connection,
                "directory_unit",
                id=unit_id,
                division_code=division,
                active=True,
                issues_documents=True,
            )
            connection.execute(sa.text("UPDATE directory_unit SET fonds_code = 'Z002'"))
        insert(connection, "fonds_setting", fonds_code="Z002", default_unit_code="BGS", revision=3)
        insert(connection, "number_series", series="Z002/WS/2025/Y/BGS", last=3)
        for division, item in FILED:
            document_id = new_id()
            insert(connection, "closed_document", document_id=document_id, state="filed")
            insert(
                connection,
                "archive_record",
                id=new_id(),
                document_id=document_id,
                owner_unit_id=UNITS[division],
                number=f"Z002-WS·2025-Y-BGS-000{item}",
                series="Z002/WS/2025/Y/BGS",
                item=item,
                retention="Y",
            )
    migrations.upgrade("archives", url)
    with database.transaction() as session:
        records = session.execute(
            sa.text("SELECT division_code, series, item FROM archive_record ORDER BY item")
        )
        assert [tuple(row) for row in records] == [
            ("360300", "360300/Z002/WS/2025/Y/BGS", 1),
            ("360300", "360300/Z002/WS/2025/Y/BGS", 2),
            ("360302", "360302/Z002/WS/2025/Y/BGS", 3),
        ]
        rules = list_rules_on(session, FONDS, date(2026, 3, 2))
        assert {subject: rule.value["default_unit_code"] for subject, rule in rules.items() if subject} == {
            "360300 Z002": "BGS",
            "360302 Z002": "BGS",
        }
        assert take_number(session, series="360300/Z002/WS/2025/Y/BGS", subject=new_id()) == 3
        assert take_number(session, series="360302/Z002/WS/2025/Y/BGS", subject=new_id()) == 4
    kept = pytest.raises(sa.exc.IntegrityError, match="what was archived is kept")
    with database.engine.connect() as connection, kept:
        connection.execute(sa.text("UPDATE archive_record SET number = 'x'"))
    database.close()


def test_what_a_fonds_set_goes_on_to_hold_with_who_set_it(databases: ServiceDatabases) -> None:
    url = databases.empty()
    upgrade_to("archives", url, "foundation@head")
    upgrade_to("archives", url, "archives_0002")
    database = Database("archives", url, pool_size=1)
    after = {"template": DEFAULT_TEMPLATE, "category": "WS", "default_unit_code": "办公室"}
    with database.engine.begin() as connection:
        insert(
            connection, "fonds_setting", division_code="360300", fonds_code="Z002", default_unit_code="办公室"
        )
        insert(connection, "setting_change", what="fonds 360300 Z002", person_name="李管理", after=after)
    migrations.upgrade("archives", url)
    with database.session() as session:
        (version,) = list_versions(session, FONDS)
        assert (version.subject, version.value, version.person_name) == ("360300 Z002", after, "李管理")
    database.close()
