"""What waits for the organisers of a meeting does not stay with a post that is gone, nor with nobody."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.meetings.commands.duties import drop
from services.meetings.commands.vacancies import give_what_waits
from services.meetings.domain.steps import Step
from shared.auth import Actor
from shared.flow.duties import close_work
from shared.ids import new_id
from tests.service.meetings.wing import Wing

ORGANISERS = ("会务", "会务二", "秘书长")


def tick(wing: Wing, *, batch: int = 50) -> int:
    with wing.session() as session:
        return give_what_waits(session, Actor.system(new_id()), wing.clock, batch=batch)


def who_has(wing: Wing, step: Step) -> set[str]:
    return {name for name in wing.people if (step.value, "lead") in wing.open_steps(name)}


def test_what_an_abolished_organiser_had_to_do_is_everybodys_who_organises(wing: Wing) -> None:
    wing.meeting(called=False)
    assert tick(wing) == 0
    with wing.abolished("会务"):
        assert [tick(wing), tick(wing)] == [1, 0]
    assert who_has(wing, Step.PREPARE) == {"会务二", "秘书长"}


def test_what_nobody_can_take_stays_and_is_given_when_somebody_can(wing: Wing) -> None:
    wing.meeting(called=False)
    with wing.abolished(*ORGANISERS):
        assert tick(wing) == 0
        assert who_has(wing, Step.PREPARE) == {"会务"}
    with wing.abolished("会务", "秘书长"):
        assert tick(wing) == 0
        wing.clock.at += timedelta(minutes=11)
        assert tick(wing) == 1
        assert who_has(wing, Step.PREPARE) == {"会务二"}


@pytest.mark.parametrize(
    ("state", "step"), [("planned", Step.PREPARE), ("called", Step.RUN), ("held", Step.MINUTES)]
)
def test_a_next_step_that_nobody_had_is_given(wing: Wing, state: str, step: Step) -> None:
    meeting_id = wing.meeting(called=False)
    wing.change_meeting(meeting_id, state=state)
    _take_back(wing, meeting_id)
    assert [tick(wing), tick(wing)] == [1, 0]
    assert who_has(wing, step) == {"会务"}


def test_a_meeting_whose_work_cannot_be_given_keeps_no_other_waiting(
    wing: Wing, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (wing.meeting(called=False) for _ in range(2))
    with wing.session() as session:
        close_work(session, Actor.system(new_id()), wing.clock, subject_id=broken)
    _take_back(wing, sound)
    assert [tick(wing, batch=1) for _ in range(3)] == [0, 1, 0]
    assert str(broken) in caplog.text


def test_a_meeting_that_is_over_waits_for_nobody(wing: Wing) -> None:
    meeting_id = wing.meeting(called=False)
    _take_back(wing, meeting_id)
    for state in ("minutes", "closed", "concluded", "cancelled"):
        wing.change_meeting(meeting_id, state=state)
        assert tick(wing) == 0


def _take_back(wing: Wing, meeting_id: UUID) -> None:
    """Nobody has its next step, as when nobody could take it."""
    with wing.session() as session:
        drop(session, Actor.system(new_id()), wing.clock, meeting_id, Step.PREPARE)
