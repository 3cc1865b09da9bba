"""Importing the directory: all or nothing, told to the others, and the second time nothing."""

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.directory import import_directory
from services.identity.importing import Reading, read_rows
from services.identity.models import Post, Tenure, Unit
from shared.auth import Actor
from shared.clock import FixedClock
from shared.db import Database
from shared.directory import DirectoryPost, DirectoryTenure, DirectoryUnit
from shared.errors import Problem
from shared.messaging.models import OutboxEvent
from tests.service.identity.people import POSTS, City, actor_in, small_city

DEMO = Path(__file__).parents[3] / "deploy" / "demo" / "data"


def told(session: Session) -> Counter[str]:
    return Counter(session.scalars(sa.select(OutboxEvent.key)))


def test_what_was_imported_is_written_told_and_kept_in_the_local_directory(session: Session) -> None:
    assert told(session) == {
        "unit.registered.v1": 5,
        "person.registered.v1": 10,
        "post.created.v1": 11,
        "tenure.began.v1": 10,
        "signing_key.announced.v1": 2,
    }
    kept = {
        model: session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (DirectoryUnit, DirectoryPost, DirectoryTenure)
    }
    assert kept == {DirectoryUnit: 5, DirectoryPost: 11, DirectoryTenure: 10}


def test_importing_again_writes_and_tells_nothing(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    before = told(session)
    outcome = import_directory(session, operator, clock, reading=small_city(), dry_run=False)
    assert outcome.unchanged == 26
    assert told(session) == before


def test_an_import_with_an_error_writes_nothing_and_lists_everything(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    broken = read_rows(
        "p.csv", POSTS.replace("city,市长", "nowhere,市长").replace("文书,文书", "文书,誊写员").encode()
    )
    with pytest.raises(Problem) as refused:
        import_directory(session, operator, clock, reading=broken, dry_run=False)
    assert refused.value.code == "identity.import_refused"
    assert [(found["row"], found["column"]) for found in refused.value.extra["findings"]] == [
        (2, "所属单位编码"),
        (3, "角色"),
    ]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    session: Session, operator: Actor, clock: FixedClock
) -> None:
    changed = read_rows("p.csv", POSTS.replace("市长,主要", "代市长,主要").encode())
    outcome = import_directory(session, operator, clock, reading=changed, dry_run=True)
    assert (outcome.posts_changed, outcome.unchanged) == (1, 10)
    assert session.scalar(sa.select(Post.title).where(Post.code == "mayor")) == "市长"


def test_a_post_that_changes_hands_ends_one_tenure_and_begins_another(
    session: Session, operator: Actor, clock: FixedClock, city: City
) -> None:
    changed = read_rows("p.csv", POSTS.replace("局长,主要负责人,finance", "局长,主要负责人,idle").encode())
    import_directory(session, operator, clock, reading=changed, dry_run=False)
    session.flush()
    tenures = session.execute(
        sa.select(Tenure.person_id, Tenure.ended_at).where(Tenure.post_id == city.posts["finance"])
    ).all()
    assert set(tenures) == {(city.persons["finance"], clock.now()), (city.persons["idle"], None)}


def test_a_county_administrator_imports_below_the_county_only(session: Session, clock: FixedClock) -> None:
    actor = actor_in(session, "county-system")
    units = "单位编码,单位名称,简称,类别,层级,上级单位编码,区划代码\n{},{}办公室,办,内设机构,{},{},{}\n"
    inside = read_rows("u.csv", units.format("c1", "区政府", "县级", "county", "360302").encode())
    outside = read_rows("u.csv", units.format("c2", "市政府", "市级", "finance", "360300").encode())
    assert import_directory(session, actor, clock, reading=inside, dry_run=False).units_created == 1
    with pytest.raises(Problem, match="不在您的管理范围"):
        import_directory(session, actor, clock, reading=outside, dry_run=False)


def test_the_demo_municipality_can_be_imported_twice(
    empty_database: Database, operator: Actor, clock: FixedClock
) -> None:
    reading = Reading()
    for name in ("units", "persons", "posts"):
        reading += read_rows(f"{name}.csv", (DEMO / f"{name}.csv").read_bytes())
    with empty_database.transaction() as session:
        first = import_directory(session, operator, clock, reading=reading, dry_run=False)
    with empty_database.transaction() as session:
        second = import_directory(session, operator, clock, reading=reading, dry_run=False)
        assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == first.units_created
    assert second.unchanged == first.units_created + first.persons_created + first.posts_created
