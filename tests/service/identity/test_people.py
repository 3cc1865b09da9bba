"""Units, persons, posts and roles, one at a time, within what somebody administers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.api.sign_in import SignInRoutes
from services.identity.commands import people, roles
from services.identity.commands.accounts import (
    change_password,
    enable_person,
    give_first_passwords,
    reset_password,
)
from services.identity.commands.accounts import disable_person as disable
from services.identity.commands.directory import abolish_post, dissolve_unit
from services.identity.commands.sessions import end_session_in_scope
from services.identity.commands.units import correct_unit, register_unit
from services.identity.domain.codes import Level
from services.identity.domain.roles import DEFAULT_ROLES, Role
from services.identity.domain.units import Kind
from services.identity.hashing import PasswordKeeper
from services.identity.models import Person, Post, SignIn, Tenure
from shared.auth import Actor
from shared.clock import FixedClock
from shared.config import read_settings
from shared.db import Database
from shared.directory import DirectoryPost, DirectoryUnit
from shared.errors import Problem
from shared.permissions import Permission
from shared.runtime_context import Runtime
from shared.web import Call
from tests.service.identity.people import PASSWORD, City, actor_in
from tests.service.identity.test_sign_in import signed_in

SECTION = {
    "code": "finance-2",
    "name": "萍乡市财政局国库科",
    "short_name": "市财政局国库科",
    "kind": Kind.INTERNAL_OFFICE,
    "level": Level.CITY,
    "division_code": "360300",
    "position": 9,
}
KEEPER = PasswordKeeper()


def test_a_unit_is_registered_corrected_and_dissolved(
    session: Session, clock: FixedClock, city: City
) -> None:
    system = actor_in(session, "system")
    unit = register_unit(session, system, clock, parent_id=city.units["finance"], particulars=SECTION)
    renamed = {name: value for name, value in SECTION.items() if name != "code"} | {
        "name": "萍乡市财政局支付科"
    }
    with pytest.raises(Problem, match="edited_meanwhile"):
        correct_unit(
            session,
            system,
            clock,
            unit_id=unit.id,
            parent_id=unit.parent_id,
            particulars=renamed,
            expected_revision=7,
        )
    correct_unit(
        session,
        system,
        clock,
        unit_id=unit.id,
        parent_id=unit.parent_id,
        particulars=renamed,
        expected_revision=1,
    )
    kept = session.get_one(DirectoryUnit, unit.id, populate_existing=True)
    assert (kept.name, kept.issues_documents) == ("萍乡市财政局支付科", False)
    dissolve_unit(session, system, clock, unit_id=unit.id)
    assert not session.get_one(DirectoryUnit, unit.id, populate_existing=True).active
    with pytest.raises(Problem, match="已撤销的单位或岗位"):
        register_unit(session, system, clock, parent_id=city.units["finance"], particulars=SECTION)


def test_a_unit_is_refused_by_field_and_never_dissolved_with_something_in_it(
    session: Session, clock: FixedClock, city: City
) -> None:
    system = actor_in(session, "system")
    wrong = {**SECTION, "issuing_codes": ("萍国库",), "level": Level.COUNTY}
    with pytest.raises(Problem) as refused:
        register_unit(session, system, clock, parent_id=city.units["finance"], particulars=wrong)
    assert set(refused.value.errors) == {"issuing_codes", "level", "division_code"}
    with pytest.raises(Problem, match="1个下级单位"):
        dissolve_unit(session, system, clock, unit_id=city.units["finance"])
    with pytest.raises(Problem, match="outside_scope"):
        dissolve_unit(session, actor_in(session, "county-system"), clock, unit_id=city.units["finance"])


def test_a_new_person_in_a_new_post(session: Session, clock: FixedClock, city: City) -> None:
    system = actor_in(session, "system")
    person = people.register_person(session, system, clock, code="new", name="褚演示", login_name="新人")
    post = people.create_post(
        session,
        system,
        clock,
        unit_id=city.units["finance"],
        code="new",
        title="总会计师",
        roles=[Role.DEPUTY],
        position=3,
    )
    people.appoint(session, system, clock, post_id=post.id, person_id=person.id)
    with pytest.raises(Problem, match="already_held"):
        people.appoint(session, system, clock, post_id=post.id, person_id=person.id)
    assert Permission.DOCUMENTS_SIGN in session.get_one(DirectoryPost, post.id).permissions
    people.retitle_post(
        session, system, clock, post_id=post.id, title="总经济师", position=3, expected_revision=None
    )
    people.correct_person(
        session, system, clock, person_id=person.id, name="褚示例", login_name="新人", expected_revision=None
    )
    abolish_post(session, system, clock, post_id=post.id)
    assert session.scalars(sa.select(Tenure.ended_at).where(Tenure.post_id == post.id)).one() == clock.now()


def test_a_taken_login_name_or_code_is_refused_at_its_field(session: Session, clock: FixedClock) -> None:
    system = actor_in(session, "system")
    with pytest.raises(Problem) as login:
        people.register_person(session, system, clock, code="new", name="褚演示", login_name="市长")
    with pytest.raises(Problem) as code:
        people.register_person(session, system, clock, code="mayor", name="褚演示", login_name="新人")
    assert (set(login.value.errors), set(code.value.errors)) == ({"login_name"}, {"code"})


def test_a_system_administrator_makes_no_administrators(
    session: Session, clock: FixedClock, city: City
) -> None:
    system = actor_in(session, "system")
    with pytest.raises(Problem, match="只能由安全管理员"):
        people.create_post(
            session,
            system,
            clock,
            unit_id=city.units["office"],
            code="new",
            title="安全管理员二",
            roles=[Role.SECURITY_ADMINISTRATOR],
            position=0,
        )
    for act in (people.appoint, people.dismiss):
        with pytest.raises(Problem, match="administrators_by_security_only"):
            act(session, system, clock, post_id=city.posts["audit"], person_id=city.persons["audit"])
    with pytest.raises(Problem, match="只能由安全管理员"):
        people.correct_person(
            session,
            system,
            clock,
            person_id=city.persons["audit"],
            name="王演示",
            login_name="我",
            expected_revision=None,
        )


def test_a_security_administrator_makes_administrators_but_never_two_in_one(
    session: Session, clock: FixedClock, city: City
) -> None:
    security = actor_in(session, "security")
    people.appoint(session, security, clock, post_id=city.posts["audit"], person_id=city.persons["idle"])
    with pytest.raises(Problem, match="三人分别担任"):
        people.appoint(
            session, security, clock, post_id=city.posts["audit"], person_id=city.persons["system"]
        )
    with pytest.raises(Problem, match="三人分别担任"):
        people.assign_roles(
            session,
            security,
            clock,
            post_id=city.posts["system"],
            roles=[Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR],
            scope_unit_ids=[],
        )
    with pytest.raises(Problem, match="not_oneself"):
        people.assign_roles(
            session,
            security,
            clock,
            post_id=city.posts["security"],
            roles=[Role.PRINCIPAL],
            scope_unit_ids=[],
        )


def test_roles_given_to_a_post_show_as_permissions(session: Session, clock: FixedClock, city: City) -> None:
    security = actor_in(session, "security")
    people.assign_roles(
        session, security, clock, post_id=city.posts["vacant"], roles=[Role.ARCHIVIST], scope_unit_ids=[]
    )
    kept = session.get_one(DirectoryPost, city.posts["vacant"], populate_existing=True)
    assert set(kept.permissions) == set(DEFAULT_ROLES[Role.ARCHIVIST].permissions)
    roles.grant_permissions(
        session,
        security,
        clock,
        role=Role.ARCHIVIST,
        permissions=[Permission.ARCHIVES_READ],
        expected_revision=0,
    )
    kept = session.get_one(DirectoryPost, city.posts["vacant"], populate_existing=True)
    assert kept.permissions == [Permission.ARCHIVES_READ]
    with pytest.raises(Problem, match="只能授予审计管理员"):
        roles.grant_permissions(
            session,
            security,
            clock,
            role=Role.ARCHIVIST,
            permissions=[Permission.AUDIT_READ],
            expected_revision=None,
        )


def test_a_post_that_looks_after_more_is_filled_by_who_looks_after_that_too(
    session: Session, clock: FixedClock, city: City
) -> None:
    top = city.units["city"]
    people.assign_roles(
        session,
        actor_in(session, "security"),
        clock,
        post_id=city.posts["budget"],
        roles=[Role.SYSTEM_ADMINISTRATOR],
        scope_unit_ids=[top],
    )
    assert session.get_one(DirectoryPost, city.posts["budget"], populate_existing=True).scope_unit_ids == [
        top
    ]
    bureau = replace(
        actor_in(session, "security"), post_id=city.posts["finance"], person_id=city.persons["finance"]
    )
    refused: list[Callable[[], object]] = [
        lambda: people.appoint(
            session, bureau, clock, post_id=city.posts["budget"], person_id=city.persons["idle"]
        ),
        lambda: abolish_post(session, bureau, clock, post_id=city.posts["budget"]),
        lambda: disable(session, bureau, clock, person_id=city.persons["budget"], reason="调离"),
    ]
    for attempt in refused:
        with pytest.raises(Problem, match="outside_scope"):
            attempt()
    people.appoint(session, bureau, clock, post_id=city.posts["vacant"], person_id=city.persons["idle"])


def test_a_county_administrator_reaches_into_the_county_only(
    session: Session, clock: FixedClock, city: City
) -> None:
    county = actor_in(session, "county-system")
    with pytest.raises(Problem, match="person_not_found"):
        disable(session, county, clock, person_id=city.persons["finance"], reason="调离")
    with pytest.raises(Problem, match="outside_scope"):
        people.appoint(session, county, clock, post_id=city.posts["vacant"], person_id=city.persons["idle"])
    disable(session, county, clock, person_id=city.persons["county"], reason="调离")
    with pytest.raises(Problem, match="already_disabled"):
        disable(session, county, clock, person_id=city.persons["county"], reason="调离")
    enable_person(session, county, clock, person_id=city.persons["county"])
    with pytest.raises(Problem, match="not_disabled"):
        enable_person(session, county, clock, person_id=city.persons["county"])


def appoint_anew(
    session: Session, actor: Actor, clock: FixedClock, *, unit_id: UUID, person_id: UUID
) -> None:
    """Appoint somebody to a post made for that."""
    facts = {"code": "county-new", "title": "承办人", "roles": [Role.HANDLER], "position": 20}
    made = people.create_post(session, actor, clock, unit_id=unit_id, **facts)
    people.appoint(session, actor, clock, post_id=made.id, person_id=person_id)


def test_who_holds_no_post_is_touched_by_who_administers_everything_only(
    session: Session, clock: FixedClock, city: City
) -> None:
    county, idle = actor_in(session, "county-system"), city.persons["idle"]
    for touch in (
        lambda actor: disable(session, actor, clock, person_id=idle, reason="调离"),
        lambda actor: enable_person(session, actor, clock, person_id=idle),
        lambda actor: reset_password(session, actor, clock, person_id=idle, keeper=KEEPER),
    ):
        with pytest.raises(Problem, match="holds_no_post"):
            touch(county)
        touch(actor_in(session, "system"))
    correction = {"person_id": idle, "name": "陈更正", "login_name": "待任", "expected_revision": None}
    with pytest.raises(Problem, match="directory_refused"):
        people.correct_person(session, county, clock, **correction)
    people.correct_person(session, actor_in(session, "system"), clock, **correction)
    appoint_anew(session, county, clock, unit_id=city.units["county"], person_id=idle)
    session.flush()
    reset_password(session, county, clock, person_id=idle, keeper=KEEPER)


def test_who_holds_a_post_elsewhere_too_is_looked_at_and_touched_by_who_administers_both(
    session: Session, clock: FixedClock, city: City
) -> None:
    county, mayor = actor_in(session, "county-system"), city.persons["mayor"]
    correction = {"person_id": mayor, "name": "赵更正", "login_name": "市长", "expected_revision": None}
    touches: list[Callable[[], object]] = [
        lambda: disable(session, county, clock, person_id=mayor, reason="调离"),
        lambda: enable_person(session, county, clock, person_id=mayor),
        lambda: reset_password(session, county, clock, person_id=mayor, keeper=KEEPER),
        lambda: people.correct_person(session, county, clock, **correction),
    ]
    for touch in touches:
        with pytest.raises(Problem, match="person_not_found"):
            touch()
    appoint_anew(session, county, clock, unit_id=city.units["county"], person_id=mayor)
    for touch in touches[:-1]:
        with pytest.raises(Problem, match="outside_scope"):
            touch()
    with pytest.raises(Problem, match="directory_refused"):
        touches[-1]()


def test_who_looked_after_more_when_disabled_is_enabled_by_who_administers_that(
    session: Session, clock: FixedClock, city: City, operator: Actor
) -> None:
    county, person_id = actor_in(session, "county-system"), city.persons["county"]
    wide = session.get_one(Post, city.posts["county"])
    wide.roles, wide.scope_unit_ids = [Role.SYSTEM_ADMINISTRATOR], [city.units["city"]]
    disable(session, operator, clock, person_id=person_id, reason="违规")
    clock.at += timedelta(minutes=1)
    people.dismiss(session, operator, clock, post_id=wide.id, person_id=person_id)
    appoint_anew(session, county, clock, unit_id=city.units["county"], person_id=person_id)
    with pytest.raises(Problem, match="disabled_by_others"):
        enable_person(session, county, clock, person_id=person_id)
    enable_person(session, operator, clock, person_id=person_id)


@pytest.mark.parametrize("who", ["idle", "finance"])
def test_nobody_gets_to_enable_a_person_by_an_appointment(
    session: Session, clock: FixedClock, city: City, who: str
) -> None:
    system, county = actor_in(session, "system"), actor_in(session, "county-system")
    person_id = city.persons[who]
    held = session.scalars(
        sa.select(Tenure).where(Tenure.person_id == person_id, Tenure.ended_at.is_(None))
    ).all()
    disable(session, system, clock, person_id=person_id, reason="违规")
    clock.at += timedelta(minutes=1)
    appoint_anew(session, county, clock, unit_id=city.units["county"], person_id=person_id)
    for tenure in held:
        people.dismiss(session, system, clock, post_id=tenure.post_id, person_id=person_id)
    with pytest.raises(Problem, match="disabled_by_others"):
        enable_person(session, county, clock, person_id=person_id)
    assert enable_person(session, system, clock, person_id=person_id).disabled_at is None


def test_nobody_disables_oneself(session: Session, clock: FixedClock, city: City) -> None:
    with pytest.raises(Problem, match="not_oneself"):
        disable(session, actor_in(session, "system"), clock, person_id=city.persons["system"], reason="误")


def test_a_reset_password_must_be_changed_and_ends_the_sign_ins(
    session: Session, clock: FixedClock, city: City
) -> None:
    security = actor_in(session, "security")
    begun = signed_in(session, clock, "财政局长").family
    person, password = reset_password(
        session, security, clock, person_id=city.persons["finance"], keeper=KEEPER
    )
    assert person.must_change
    assert KEEPER.matches(person.password_digest, password)
    assert session.get_one(SignIn, begun.id).end_reason == "password"
    with pytest.raises(Problem, match="administrator_password"):
        reset_password(session, security, clock, person_id=city.persons["audit"], keeper=KEEPER)
    reset_password(
        session, Actor.system(security.correlation_id), clock, person_id=city.persons["audit"], keeper=KEEPER
    )


@pytest.mark.parametrize(
    "unfit", ["short", "financefinance1", "我是孙演示Ab1-zz9q", "ganjiang yuechu riluo 2026"]
)
def test_an_unfit_new_password_is_refused(session: Session, clock: FixedClock, unfit: str) -> None:
    with pytest.raises(Problem) as refused:
        change_password(session, actor_in(session, "finance"), clock, new_password=unfit, keeper=KEEPER)
    assert refused.value.errors["new_password"]


def test_a_changed_password_ends_the_other_sign_ins(session: Session, clock: FixedClock, city: City) -> None:
    begun = signed_in(session, clock, "财政局长").family
    actor = actor_in(session, "finance")
    change_password(session, actor, clock, new_password="xiuhe-linjiang-ge-1088", keeper=KEEPER)
    assert session.get_one(SignIn, begun.id).ended_at == clock.now()
    assert not session.get_one(Person, city.persons["finance"]).must_change


def test_a_password_is_changed_on_one_connection(database: Database, tmp_path: Path) -> None:
    """With a second one each, as many at once as there are connections would wait for each other."""
    settings = replace(read_settings(), database_url=str(database.engine.url), home=tmp_path)
    runtime = Runtime(settings=settings, _databases={"identity": database})
    most = 0

    def taken(*_: object) -> None:
        nonlocal most
        most = max(most, database.engine.pool.checkedout())

    sa.event.listen(database.engine, "checkout", taken)
    body = {"current_password": PASSWORD, "new_password": "xiuhe-linjiang-ge-1088"}
    with database.session() as session:
        actor = actor_in(session, "finance")
        SignInRoutes().change_password(
            Call(
                session=session,
                actor=actor,
                clock=runtime.clock,
                settings=settings,
                blobs=runtime.blobs,
                body=body,
                runtime=runtime,
            )
        )
    assert most == 1


def test_first_passwords_are_given_once(session: Session, clock: FixedClock, city: City) -> None:
    for code in ("idle", "mayor"):
        session.get_one(Person, city.persons[code]).password_digest = None
    given = give_first_passwords(session, clock, keeper=KEEPER, must_change=True)
    assert {person.code for person, _ in given} == {"idle", "mayor"}
    assert all(person.must_change and KEEPER.matches(person.password_digest, told) for person, told in given)
    session.flush()
    assert give_first_passwords(session, clock, keeper=KEEPER, must_change=True) == []


def test_a_security_administrator_ends_sign_ins_within_the_scope(
    session: Session, clock: FixedClock, city: City
) -> None:
    begun = signed_in(session, clock, "市长").family
    end_session_in_scope(session, actor_in(session, "security"), clock, session_id=begun.id)
    assert session.get_one(SignIn, begun.id).end_reason == "administrator"
    begun = signed_in(session, clock, "市长").family
    with pytest.raises(Problem, match="session_not_found"):
        end_session_in_scope(session, actor_in(session, "county-system"), clock, session_id=begun.id)
    session.get_one(Post, city.posts["county"]).scope_unit_ids = [city.units["city"]]
    begun = signed_in(session, clock, "区长").family
    with pytest.raises(Problem, match="outside_scope"):
        end_session_in_scope(session, actor_in(session, "county-system"), clock, session_id=begun.id)
