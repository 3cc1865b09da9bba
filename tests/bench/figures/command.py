"""How fast one command is answered over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from shared.clock import SystemClock
from shared.db import Database
from shared.files import open_store
from tests.bench import load, pgbench
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground, Office
from tests.bench.same_sql import recorded
from tests.service.documents.offices import BODY, TITLE, Offices
from tests.support.api import RunningApi, SignedIn, serving

SERVICE = "documents"
DRAFTER = "市拟稿"
# A transaction of the limit takes so much less time that as many of them would be over too soon to be measured.
MORE_OF_THE_LIMIT = 8


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("command")
    url = office.database(SERVICE)
    offices = _filled(office, url)
    script = pgbench.Script(_record(office, url, offices), url)

    def limit(count: int) -> Readings:
        return {"commands": script.run(count * MORE_OF_THE_LIMIT)}

    with serving(SERVICE, url, office.home, environment=office.unlimited) as api:
        draft = _draft(api, offices)

        def ours(count: int) -> Readings:
            return {"commands": load.rate(api.base, lambda _: draft, count)}

        yield Sides(ours=ours, limit=limit)


def _filled(office: Office, url: str) -> Offices:
    """The directory, calendar and flows of the offices that documents' own tests work in."""
    database = Database(SERVICE, url)
    store = open_store((office.home / "blobs").as_uri())
    offices = Offices(database=database, blobs=store, clock=SystemClock())
    offices.fill()
    database.close()
    return offices


def _draft(api: RunningApi, offices: Offices) -> load.Request:
    """A notice of the city office to both counties."""
    actor = offices.people[DRAFTER]
    named = (
        "person_id",
        "post_id",
        "post_title",
        "unit_id",
        "unit_name",
        "tenure_id",
        "session_id",
        "permissions",
    )
    drafter = SignedIn(name=actor.person_name, **{name: getattr(actor, name) for name in named})
    token = api.key.token(drafter, lifetime=timedelta(hours=2))
    return load.Request(
        method="POST",
        path="/documents",
        body={
            "kind": "通知",
            "title": TITLE,
            "body": BODY,
            "issuing_code": "萍府办发",
            "recipients": [{"unit_id": str(offices.units[name])} for name in ("安源", "湘东")],
        },
        headers={"Authorization": f"Bearer {token}"},
        expected=201,
    )


def _record(office: Office, url: str, offices: Offices) -> Path:
    """The script of the SQL that a warm api sends for one draft, from the first statement to the commit."""
    path = office.home / "draft.pgbench"
    takes = recorded(SERVICE, office, url, lambda api: [_draft(api, offices)])
    path.write_text(pgbench.script_of(*takes))
    return path


FIGURE = Figure(
    name="command",
    order=3,
    ours=f"POST /documents (draft: check, store, start the flow) with a token, {load.CONCURRENCY} at once, one api",
    limit=f"pgbench with {pgbench.CLIENTS} clients runs the SQL that this command sent, recorded live with its values",
    note="ids that the command makes are new in each transaction of pgbench, too; rate limits are lifted for both.",
    quantities=(Quantity(name="commands", unit="1/s", better=Better.HIGHER, floor=0.15, aim=0.3),),
    amount=320,
    warm_up=40,
    prepare=prepare,
)
