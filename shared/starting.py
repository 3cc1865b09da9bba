"""What every start sees to before anybody is served: the days of the calendar, and what each service prepares."""

from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.ids import new_id
from shared.runtime_context import Runtime
from shared.service import all_services


def prepare_services(runtime: Runtime) -> None:
    """Let every service prepare itself, in a transaction of its own; repeatable, and safe from several processes.

    A service that has something to prepare says so in its room `preparing.py`:
    `prepare(session, actor, runtime)`.
    """
    for service in all_services():
        prepare = service.load_preparing()
        with runtime.database(service.name).transaction() as session:
            seed_days(session)
            if prepare:
                prepare(session, Actor.system(new_id()), runtime)
