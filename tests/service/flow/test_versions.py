"""Uploaded definitions, and running instances that stay on theirs."""

import pytest
import sqlalchemy as sa

from shared.auth.actor import Actor
from shared.errors import Problem
from shared.flow import catalog, verbs
from shared.ids import new_id
from tests.service.flow.office import Office
from tests.support.bpmn import line, task


def test_versions_count_up_and_the_newest_is_started(office: Office) -> None:
    assert office.upload(line(task("old"))) == 1
    assert office.upload(line(task("new"))) == 2
    office.start()
    assert office.at_work() == {"clerk": "new"}
    with office.session() as session:
        assert [row.version for row in catalog.list_versions(session, key="test")] == [2, 1]
        assert catalog.get_version(session, key="test", version=1).name == "测试流程"


def test_a_running_instance_stays_on_its_version(office: Office) -> None:
    office.start(line(task("a"), task("old")))
    office.upload(line(task("a"), task("new")))
    office.complete("clerk")
    assert office.at_work() == {"clerk": "old"}


def test_a_named_version_can_be_started(office: Office) -> None:
    office.upload(line(task("old")))
    office.upload(line(task("new")))
    office.start(version=1)
    assert office.at_work() == {"clerk": "old"}
    with pytest.raises(Problem, match="definition_not_found"):
        office.start(version=9)


def test_the_same_file_again_is_refused(office: Office) -> None:
    office.upload(line(task("a")))
    with pytest.raises(Problem, match="definition_unchanged"):
        office.upload(line(task("a")))


def test_a_bad_file_leaves_nothing_behind(office: Office) -> None:
    with pytest.raises(Problem, match="definition_refused"):
        office.upload(line(task("a", 'assign="nobody"')))
    with pytest.raises(Problem, match="definition_refused"):
        office.upload(line(task("a"), task("b", 'assign="performer" performer="c"'), task("c")))
    with office.session() as session:
        assert catalog.find_version(session, key="test") is None


def test_a_version_cannot_be_changed_or_removed(office: Office) -> None:
    office.upload(line(task("a")))
    for statement in ("UPDATE flow_definition SET name = 'x'", "DELETE FROM flow_definition"):
        with (
            pytest.raises(sa.exc.IntegrityError, match="kept as they were uploaded"),
            office.session() as session,
        ):
            session.execute(sa.text(statement))


def test_shipped_definitions_are_kept_once_and_never_above_an_uploaded_one(office: Office) -> None:
    suite = Actor.system(new_id())

    def ship(xml: bytes) -> int:
        with office.session() as session:
            return catalog.ship_definition(session, suite, office.clock, xml=xml).version

    first, second, third = (line(task(name)) for name in ("first", "second", "third"))
    assert [ship(first), ship(first), ship(second), ship(first)] == [1, 1, 2, 1]
    assert office.upload(line(task("own"))) == 3
    assert ship(third) == 3
    office.start()
    assert office.at_work() == {"clerk": "own"}


def test_a_flow_that_the_suite_starts_goes_to_holders_of_a_permission(office: Office) -> None:
    office.upload(line(task("receive", 'assign="holders" permission="documents.registry"'), task("next")))
    office.posts["suite"] = Actor.system(new_id())
    office.start(by="suite")
    del office.posts["suite"]
    assert office.at_work() == {"registry": "receive"}
    with pytest.raises(Problem, match="assignee_needed"):
        office.do(verbs.complete_item, "registry", item_id=office.open_item("registry"))
