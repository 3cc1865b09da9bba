"""Administration reaches as far as the post that does it: a county's administrators decide nothing for the city."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import audit
from shared.auth import Actor
from shared.db import Database
from shared.directory import (
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
    administers_everything,
    keep,
    list_administered,
    require_everything,
)
from shared.errors import Problem
from shared.events import identity as told
from shared.events.base import example_of
from shared.ids import new_id
from shared.permissions import Permission
from shared.service import all_services
from shared.web.auditing import list_entries
from shared.web.paging import Page
from tests.contract.test_administration import ADMINISTRATING, AUDIT, NEEDS, Need
from tests.service.identity.conftest import settle
from tests.service.identity.people import SECRET, UNITS, city_in
from tests.support.api import RunningApi, SignedIn, a_person, serving

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
# A rule of each service that a unit may have of its own.
RULES = {
    "affairs": "completion_days",
    "documents": "length.specific",
    "meetings": "quota",
    "supervision": "limits",
}
QUOTAS = "documents PUT /rules/quotas"
# What a unit itself is called, and where it stands, is for whoever administers the unit above.
OF_WHO_IS_ABOVE = "identity PUT /units/<uuid:unit_id>"


@dataclass
class Land:
    """A city with its finance bureau and a county below it, and administrators who sit in offices of both."""

    units: dict[str, UUID] = field(default_factory=dict)
    posts: dict[str, UUID] = field(default_factory=dict)
    persons: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, UUID] = field(default_factory=dict)

    def administrator(self, of: str) -> SignedIn:
        """Somebody in that administrator's post, with every permission to administrate."""
        seats = {"city": ("system", "office"), "county": ("county-system", "county")}
        post, unit = seats.get(of, (of, of))
        return a_person(*ADMINISTRATING, post_id=self.posts[post], unit_id=self.units[unit])


def settle_land(database: Database) -> Land:
    """What the service's local directory has heard; the city's administrators sit in an office, and look after all."""
    land = Land()
    unit, post = example_of(told.UnitRegistered), example_of(told.PostCreated)
    parents = {"city": None, "office": "city", "finance": "city", "county": "city", "section": "finance"}
    posts = {"system": ("office", ("city",)), "county-system": ("county", ()), "county": ("county", ())}
    posts["section"] = ("section", ())
    with database.transaction() as session:
        for name, parent in parents.items():
            land.units[name] = new_id()
            particulars = replace(
                unit.particulars,
                code=name,
                parent_id=land.units[parent] if parent else None,
                issuing_codes=() if name == "section" else (f"{name}发",),
                issues_documents=name != "section",
            )
            keep(session, told.UnitRegistered(unit_id=land.units[name], particulars=particulars))
        for name, (unit_name, scope) in posts.items():
            land.posts[name], land.persons[name] = new_id(), new_id()
            created = replace(
                post,
                post_id=land.posts[name],
                unit_id=land.units[unit_name],
                scope_unit_ids=tuple(land.units[one] for one in scope),
            )
            keep(session, created)
            held = {"person_id": land.persons[name], "post_id": land.posts[name]}
            keep(session, told.TenureBegan(tenure_id=new_id(), **held))
    return land


def settle_city(database: Database) -> Land:
    """Identity's own small municipality, in which the finance director is signed in."""
    with database.transaction() as session:
        settle(session)
        city = city_in(session)
        signed_in = sa.text(
            "INSERT INTO sign_in (id, person_id, tenure_id, started_at, rotated_at, generation, source)"
            " SELECT :id, person_id, id, :now, :now, 1, '' FROM tenure WHERE person_id = :person"
        )
        ids = {"finance": new_id(), "county": new_id()}
        for name, session_id in ids.items():
            session.execute(signed_in, {"id": session_id, "now": NOW, "person": city.persons[name]})
    return Land(city.units, city.posts, city.persons, ids)


@dataclass(frozen=True)
class Try:
    """How a route is asked: where no path is said, the route's own."""

    path: str = ""
    json: Any = None
    file: bytes = b""

    def ask(self, api: RunningApi, route: str, person: SignedIn) -> Any:
        _, method, path = route.split(" ")
        sent = {"files": {"file": ("units.csv", self.file)}} if self.file else {"json": self.json}
        return api.ask(method, self.path or path, person, **sent)


def for_all(route: str) -> Try:
    """The route asked to decide for all units."""
    service = route.partition(" ")[0]
    if NEEDS.get(route) is Need.RULE:
        return a_rule(service, None)
    return {
        "affairs POST /flows": Try(file=b"<bpmn/>"),
        "documents POST /flows": Try(file=b"<bpmn/>"),
        "identity POST /roles/renewal": Try(json={}),
        "identity PUT /roles/<string:role>": Try("/roles/archivist", {"permissions": ["archives.read"]}),
    }.get(route, Try())


def a_rule(service: str, unit_id: str | None) -> Try:
    body = {"unit_id": unit_id, "valid_from": "2031-01-01", "value": {}, "reason": "试行"}
    return Try(f"/local-rules/{RULES[service]}/versions", body)


def for_unit(route: str, land: Land, name: str) -> Try:
    """The route asked to decide for that unit, a post of it, or whoever holds that."""
    if NEEDS[route] is Need.RULE:
        return a_rule(route.partition(" ")[0], str(land.units[name]))
    if route == QUOTAS:
        return Try(json={"code": f"{name}发", "year": 2031, "documents": 1})
    return in_identity(land, name)[route]


def in_identity(land: Land, name: str) -> Mapping[str, Try]:
    unit, post, person = str(land.units[name]), land.posts[name], land.persons[name]
    section = {"name": f"{name}新设机构", "short_name": "新设", "kind": "internal_office", "level": "city"}
    section |= {"parent_id": unit, "division_code": "360300", "position": 1}
    heading, *lines = UNITS.splitlines()
    line = next(line for line in lines if line.startswith(f"{name},")).replace("财政局,", "财政局机关,")
    idle, titled = {"person_id": str(land.persons["idle"])}, {"title": "新名称", "position": 1}
    roles = {"roles": ["system_administrator"], "scope_unit_ids": [unit]}
    return {
        "identity GET /persons/<uuid:person_id>": Try(f"/persons/{person}"),
        "identity POST /administrators/<uuid:post_id>/appoint": Try(f"/administrators/{post}/appoint", idle),
        "identity POST /administrators/<uuid:post_id>/dismiss": Try(f"/administrators/{post}/dismiss", idle),
        "identity POST /import": Try(file=f"{heading}\n{line}\n".encode()),
        "identity POST /persons/<uuid:person_id>/disable": Try(
            f"/persons/{person}/disable", {"reason": "调离"}
        ),
        "identity POST /persons/<uuid:person_id>/enable": Try(f"/persons/{person}/enable"),
        "identity POST /persons/<uuid:person_id>/reset-password": Try(f"/persons/{person}/reset-password"),
        "identity POST /posts": Try(json={"unit_id": unit, "code": f"{name}-new", **titled}),
        "identity POST /posts/<uuid:post_id>/abolish": Try(f"/posts/{post}/abolish"),
        "identity POST /posts/<uuid:post_id>/appoint": Try(f"/posts/{post}/appoint", idle),
        "identity POST /posts/<uuid:post_id>/dismiss": Try(f"/posts/{post}/dismiss", idle),
        "identity POST /sessions/<uuid:session_id>/end": Try(f"/sessions/{land.sessions[name]}/end"),
        "identity POST /units": Try(json={"code": f"{name}-new", **section}),
        "identity POST /units/<uuid:unit_id>/dissolve": Try(f"/units/{unit}/dissolve"),
        "identity PUT /persons/<uuid:person_id>": Try(
            f"/persons/{person}", {"name": "新姓名", "login_name": f"{name}新登录名"}
        ),
        "identity PUT /posts/<uuid:post_id>": Try(f"/posts/{post}", titled),
        "identity PUT /posts/<uuid:post_id>/roles": Try(f"/posts/{post}/roles", roles),
        "identity PUT /units/<uuid:unit_id>": Try(f"/units/{unit}", section),
    }


NO_PERSON, NO_SESSION = (404, "identity.person_not_found"), (404, "identity.session_not_found")
NOT_ADMINISTERED, OUTSIDE = (404, "directory.not_administered"), (403, "identity.outside_scope")
# What a route says of what lies out of reach: people and their sessions are not even there, what everybody may look
# at is refused. A file of many rows is refused as a whole, with the rows.
REFUSALS = {
    "identity GET /persons/<uuid:person_id>": NO_PERSON,
    "identity POST /import": (422, "identity.import_refused"),
    "identity POST /persons/<uuid:person_id>/disable": NO_PERSON,
    "identity POST /persons/<uuid:person_id>/enable": NO_PERSON,
    "identity POST /persons/<uuid:person_id>/reset-password": NO_PERSON,
    "identity POST /sessions/<uuid:session_id>/end": NO_SESSION,
    "identity PUT /persons/<uuid:person_id>": NO_PERSON,
}


def is_out_of_reach(route: str, answer: Any) -> bool:
    """Whether the answer refuses because of where it is, as the route promises to."""
    promised = REFUSALS.get(route, OUTSIDE if route.startswith("identity ") else NOT_ADMINISTERED)
    if (answer.status_code, answer.json().get("code")) != promised:
        return False
    return promised in (NO_PERSON, NO_SESSION) or "管理范围" in answer.text


def is_refused(answer: Any) -> bool:
    """Whether the answer refuses because of where it is, in whatever way."""
    if answer.status_code not in (403, 404, 422):
        return False
    return "管理范围" in answer.text or answer.json()["code"] == NO_PERSON[1]


@pytest.mark.parametrize("service", [service.name for service in all_services()])
def test_administration_reaches_as_far_as_the_scope(
    service: str, fresh_database: Callable[[str], str], server_dir: Path
) -> None:
    needs = {route: need for route, need in NEEDS.items() if route.startswith(f"{service} ")}
    needs |= {f"{service} {route}": need for route, need in AUDIT.items()}
    of_all = [route for route, need in needs.items() if need in (Need.EVERYTHING, Need.RULE)]
    of_units = [route for route, need in needs.items() if need in (Need.UNIT, Need.RULE)]
    with serving(
        service, fresh_database(service), server_dir, environment={"YIWANG_SECRET_KEY": SECRET}
    ) as api:
        land = settle_city(api.database) if service == "identity" else settle_land(api.database)
        county, city = land.administrator("county"), land.administrator("city")
        for route in of_all:
            refused = for_all(route).ask(api, route, county)
            assert refused.json()["code"] == "directory.not_for_all", f"{route}: {refused.text}"
        for route in of_units:
            refused = for_unit(route, land, "finance").ask(api, route, county)
            assert is_out_of_reach(route, refused), f"{route}: {refused.status_code} {refused.text}"
        for route in of_all:
            answer = for_all(route).ask(api, route, city)
            assert not is_refused(answer), f"{route}: {answer.text}"
        for route in of_units:
            for name, person in (("county", county), ("finance", city)):
                if (route, name) == (OF_WHO_IS_ABOVE, "county"):
                    continue
                answer = for_unit(route, land, name).ask(api, route, person)
                assert not is_refused(answer), f"{route}: {answer.text}"
        for route in of_units:
            if needs[route] is Need.RULE or route == QUOTAS:
                section = land.administrator("section")
                kept = [
                    for_unit(route, land, name).ask(api, route, section) for name in ("finance", "county")
                ]
                assert [is_refused(answer) for answer in kept] == [False, True], route
        # What was just tried is on record.
        assert api.get("/audit").status_code == 401
        assert api.get("/audit", a_person(Permission.DOCUMENTS_READ)).status_code == 403
        seen = {who: units_of_entries(api, land.administrator(who)) for who in ("county", "city")}
        acted = len(of_units + of_all) > len(AUDIT) - 1
        assert seen["county"] == ({str(land.units["county"])} if acted else set())
        assert seen["city"] >= seen["county"]
        assert api.get("/audit/check", city).json() == {"whole": True, "broken_at": []}


def units_of_entries(api: RunningApi, person: SignedIn) -> set[str]:
    return {entry["unit_id"] for entry in api.get("/audit?limit=200", person).json()["items"]}


def test_what_happened_to_an_account_is_read_by_who_administers_its_post(
    fresh_database: Callable[[str], str],
) -> None:
    database = Database("documents", fresh_database("documents"), pool_size=1)
    land = settle_land(database)
    with database.session() as session:
        for subject in (str(land.persons["county"]), str(land.persons["system"]), "未知账号"):
            audit.note(session, Actor(correlation_id=new_id()), at=NOW, action="sign_in", subject=subject)

        def read_by(post: str) -> int:
            return len(audit_page(session, land, post, limit=10).items)

        assert [read_by("system"), read_by("county-system")] == [3, 1]
        # Who has left the county is another's from then on.
        session.execute(
            sa.update(DirectoryTenure)
            .where(DirectoryTenure.person_id == land.persons["county"])
            .values(active=False)
        )
        assert [read_by("system"), read_by("county-system")] == [3, 0]
        session.execute(sa.update(DirectoryTenure).values(active=True))
        keep(session, told.PostAbolished(post_id=land.posts["county"]))
        assert [read_by("system"), read_by("county-system")] == [3, 0]
    database.close()


def test_acts_of_a_unit_and_of_its_people_are_read_page_by_page_latest_first(
    fresh_database: Callable[[str], str],
) -> None:
    database = Database("documents", fresh_database("documents"), pool_size=1)
    land = settle_land(database)
    elsewhere = Actor(correlation_id=new_id(), unit_id=land.units["finance"])
    acting = Actor(correlation_id=new_id(), unit_id=land.units["county"])
    nowhere = Actor(correlation_id=new_id(), person_id=land.persons["county"])
    with database.session() as session:
        for minute, actor in enumerate((acting, elsewhere, nowhere, nowhere, acting, elsewhere)):
            audit.note(session, actor, at=NOW + timedelta(minutes=minute), action=f"act-{minute}")
        read, after = [], None
        while not read or after:
            page = audit_page(session, land, "county-system", limit=1, after=after)
            read += [entry.action for entry in page.items]
            after = page.next
        assert read == ["act-4", "act-3", "act-2", "act-0"]
    database.close()


def audit_page(
    session: Session, land: Land, post: str, *, limit: int, after: str | None = None
) -> Page[audit.AuditEntry]:
    """What whoever holds that post reads of the audit log."""
    actor = Actor(correlation_id=new_id(), post_id=land.posts[post])
    filters = dict.fromkeys(("person_id", "action", "outcome", "since", "until"))
    return list_entries(session, actor, **filters, after=after, limit=limit)


def test_a_subtree_heard_of_before_its_top_is_not_taken_for_everything(
    fresh_database: Callable[[str], str],
) -> None:
    database = Database("documents", fresh_database("documents"), pool_size=1)
    land = settle_land(database)
    county = Actor(correlation_id=new_id(), post_id=land.posts["county-system"])
    with database.session() as session:
        session.execute(sa.delete(DirectoryUnit).where(DirectoryUnit.id != land.units["county"]))
        assert list(list_administered(session, county)) == [land.units["county"]]
        with pytest.raises(Problem, match="管理范围"):
            require_everything(session, county, what="流程")
        keep(session, told.PostAbolished(post_id=land.posts["county-system"]))
        assert list_administered(session, county) == {}
        assert administers_everything(session, Actor.system(new_id()))
    database.close()


def test_a_post_whose_scope_was_never_told_administers_nothing(fresh_database: Callable[[str], str]) -> None:
    database = Database("documents", fresh_database("documents"), pool_size=1)
    land = settle_land(database)
    created = replace(example_of(told.PostCreated), post_id=new_id(), unit_id=land.units["city"])
    actor = Actor(correlation_id=new_id(), post_id=created.post_id)
    from_before = {"id": created.post_id, "unit_id": created.unit_id, "code": "", "title": "", "position": 1}
    with database.session() as session:
        session.execute(sa.insert(DirectoryPost).values(**from_before, permissions=[]))
        assert list_administered(session, actor) == {}
        keep(session, replace(created, scope_unit_ids=None))
        assert list_administered(session, actor) == {}
        for scope, reached in (((land.units["county"],), {"county"}), ((), set(land.units))):
            keep(
                session,
                told.PostPermissionsAssigned(post_id=created.post_id, permissions=(), scope_unit_ids=scope),
            )
            assert set(list_administered(session, actor).values()) == reached
    database.close()
