"""The api of the service that BENCH_SERVICE names, with every SQL statement that it sends written to BENCH_STATEMENTS.

Loading this module installs the hooks; `tests.support.api` runs it in place of the api itself.
"""

import json
import os
import re
from pathlib import Path
from typing import Any, ClassVar

from psycopg2.extensions import cursor
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import Pool

from shared.service import get_service

_LOG = Path(os.environ["BENCH_STATEMENTS"])


def _keep(statement: str) -> None:
    with _LOG.open("a") as log:
        log.write(json.dumps(statement, ensure_ascii=False) + "\n")


class _Recording(cursor):
    """Where everything comes by, whoever sends it; what was planned before is written out as if it was sent whole."""

    _planned: ClassVar[dict[str, str]] = {}

    def execute(self, query: Any, vars: Any = None) -> None:
        verb, _, rest = query.partition(" ") if isinstance(query, str) else ("", "", "")
        name = rest.partition(" ")[0]
        if verb == "PREPARE":
            self._planned[name] = rest.partition(" AS ")[2]
        elif verb == "EXECUTE":
            given = [self.mogrify("%s", [vars[one]]).decode() for one in re.findall(r"%\((\w+)\)s", query)]
            _keep(re.sub(r"\$(\d+)", lambda place: given[int(place[1]) - 1], self._planned[name]))
        else:
            _keep(self.mogrify(query, vars or None).decode())
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        for one in vars_list:
            self.execute(query, one)


@event.listens_for(Pool, "connect")
def _record(connection: Any, _: Any) -> None:
    connection.cursor_factory = _Recording


def _keep_of_transaction(connection: Connection, statement: str) -> None:
    # Where each statement is a transaction of its own, these are SQLAlchemy's alone and never sent.
    if not connection.connection.dbapi_connection.autocommit:  # type: ignore[union-attr]
        _keep(statement)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    _keep_of_transaction(connection, "BEGIN")


@event.listens_for(Engine, "commit")
def _commit(connection: Connection) -> None:
    _keep_of_transaction(connection, "COMMIT")


@event.listens_for(Engine, "rollback")
def _rollback(connection: Connection) -> None:
    _keep_of_transaction(connection, "ROLLBACK")


RecordedApi = get_service(os.environ["BENCH_SERVICE"]).load_api()
