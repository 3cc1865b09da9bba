"""Two people, or one person's two clicks, at the same moment."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.errors import Problem
from shared.flow import verbs
from shared.flow.acts import Subject, choose
from shared.ids import new_id
from tests.service.flow.flows import dispatch
from tests.service.flow.office import Office


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """Run the jobs in threads that start together; `ok` or the refusal's code for each."""
    gate = threading.Barrier(len(jobs))
    results = [""] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        gate.wait()
        try:
            job()
            results[place] = "ok"
        except Problem as problem:
            results[place] = problem.code

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def completing(office: Office, by: str, item_id: UUID, **facts: Any) -> Callable[[], object]:
    def job() -> None:
        with office.session() as session:
            verbs.complete_item(session, office.posts[by], office.clock, item_id=item_id, **facts)

    return job


def test_a_double_click_completes_once(office: Office) -> None:
    office.start(dispatch())
    job = completing(office, "clerk", office.open_item("clerk"))
    assert sorted(at_once(job, job, job, job)) == ["flow.item_closed"] * 3 + ["ok"]
    assert office.at_work() == {"director": "review", "deputy": "review"}
    assert office.told().count("work_item.completed") == 1


def test_two_holders_complete_one_step_once(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    sign = {"choices": {"sign": choose(office.post_id("mayor"))}}
    results = at_once(
        completing(office, "director", office.open_item("director"), **sign),
        completing(office, "deputy", office.open_item("deputy"), **sign),
    )
    assert sorted(results) == ["flow.item_closed", "ok"]
    assert office.at_work() == {"mayor": "sign"}


def test_the_last_two_countersigners_together_open_the_next_step_once(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    bureaus = ("finance", "water", "farming")
    chosen = {"sign": choose(office.post_id("mayor")), "countersign": choose(*map(office.post_id, bureaus))}
    office.complete("director", choices=chosen)
    jobs = [completing(office, name, office.open_item(name), outcome="agree") for name in bureaus]
    assert at_once(*jobs) == ["ok"] * 3
    assert office.at_work() == {"mayor": "sign"}
    assert len(office.items("mayor")) == 1


def test_withdrawing_and_completing_at_once_never_both_succeed(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    office.complete("director", choices={"sign": choose(office.post_id("mayor"))})

    def take_back() -> None:
        with office.session() as session:
            mine = office.items("director")[0].id
            verbs.withdraw(session, office.posts["director"], office.clock, item_id=mine)

    results = at_once(take_back, completing(office, "mayor", office.open_item("mayor")))
    assert results.count("ok") == 1


def test_two_starts_for_one_subject_make_one_flow(office: Office) -> None:
    office.upload(dispatch())
    subject = Subject(id=new_id(), kind="dispatch", title="通知", link="/x")

    def start() -> None:
        with office.session() as session:
            verbs.start_flow(
                session,
                office.posts["clerk"],
                office.clock,
                key="test",
                subject=subject,
                unit_id=office.unit_id,
            )

    assert sorted(at_once(start, start)) == ["flow.already_running", "ok"]
