"""The api of the service that BENCH_SERVICE names, with every SQL statement that it sends written to BENCH_STATEMENTS.

Loading this module installs the hooks; `tests.support.api` runs it in place of the api itself.
"""

import json
import os
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from shared.service import get_service

_LOG = Path(os.environ["BENCH_STATEMENTS"])


def _keep(statement: str) -> None:
    with _LOG.open("a") as log:
        log.write(json.dumps(statement, ensure_ascii=False) + "\n")


@event.listens_for(Engine, "before_cursor_execute")
def _execute(
    _connection: Connection, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
) -> None:
    for one in parameters if many else [parameters]:
        _keep(cursor.mogrify(statement, one or None).decode())


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
