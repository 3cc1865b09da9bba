"""A year and a half of everything that figures count, by chance: what the services of a small city might have told.

Each story is a list of events in their order; some lack events, some have them at odd times, as life has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID, uuid5

from shared.events import affairs, archives, documents, identity, meetings, supervision
from shared.events.base import Event, example_of
from shared.events.origin import Origin
from shared.ids import new_id

TODAY = date(2026, 11, 20)
Story = list[Event]


def at(day: date, hour: int = 9) -> datetime:
    """A moment of that local day; the small hours are the day before in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


def told(event: Any, /, **facts: Any) -> Any:
    """The event's example with these facts."""
    return replace(_example(event), **facts)


@cache
def _example(event: Any) -> Any:
    """Made once: a city of a benchmark tells a million."""
    return example_of(event)


@dataclass
class City:
    """Units in a tree, with who works there; and chance."""

    chance: Random
    units: list[UUID] = field(default_factory=list)
    organs: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)

    def found(self) -> Story:
        """The city, its counties, townships and offices; one division has nobody, one unit is dissolved."""
        told_: Story = []
        city = self._unit(told_, None, "city", "360300")
        self._unit(told_, city, "city", "360300", organ=False)
        for county in range(3):
            code = f"36030{county + 2}"
            seat = self._unit(told_, city, "county", code)
            self._unit(told_, seat, "county", code, organ=False)
            self._unit(told_, seat, "county", code)
            for township in range(2):
                self._unit(told_, seat, "township", f"{code}00{township + 1}")
        self._unit(told_, self.units[-1], "village", "360304002001", people=0)
        told_.append(identity.UnitDissolved(unit_id=self.units[5]))
        return told_

    def _unit(
        self, told_: Story, parent: UUID | None, level: str, code: str, *, organ: bool = True, people: int = 2
    ) -> UUID:
        unit_id = new_id()
        example: identity.UnitRegistered = example_of(identity.UnitRegistered)
        particulars = replace(
            example.particulars, parent_id=parent, level=level, division_code=code, issues_documents=organ,
            name=f"第{len(self.units) + 1}单位", code=f"U{len(self.units)}", position=len(self.units),
        )  # fmt: skip
        told_.append(identity.UnitRegistered(unit_id=unit_id, particulars=particulars))
        self.units.append(unit_id)
        if organ:
            self.organs.append(unit_id)
        for _ in range(people):
            person_id, post_id = new_id(), new_id()
            told_.append(identity.PersonRegistered(person_id=person_id, name="某人"))
            told_.append(told(identity.PostCreated, post_id=post_id, unit_id=unit_id))
            tenure = identity.TenureBegan(tenure_id=new_id(), person_id=person_id, post_id=post_id)
            told_.append(tenure)
            self.people.append(person_id)
            if self.chance.random() < 0.2:
                told_.append(told(identity.PersonDisabled, person_id=person_id))
        return unit_id

    def unit(self) -> UUID:
        return self.chance.choice(self.units)

    def organ(self) -> UUID:
        return self.chance.choice(self.organs)

    def day(self, *, back: int = 500) -> date:
        return TODAY - timedelta(days=self.chance.randrange(back))

    def later(self, day: date, most: int = 40) -> date:
        """That day or one after it, but none that has not come yet."""
        return min(day + timedelta(days=self.chance.randrange(most)), TODAY)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def doer(self) -> documents.Doer:
        made: documents.Doer = told(documents.Doer, person_id=self.chance.choice(self.people))
        return made


def filed(city: City, item_id: UUID, unit: UUID, day: date, system: str) -> Iterator[Event]:
    """What the archives make of a closed item."""
    if city.happens(0.15):
        yield told(
            archives.DocumentNotFiled,
            document_id=item_id,
            owner_unit_id=unit,
            system=system,
            decided_at=at(day),
        )
    if city.happens(0.6):
        yield told(
            archives.RecordArchived, archive_record_id=new_id(), document_id=item_id, owner_unit_id=unit,
            system=system, archived_at=at(day),
        )  # fmt: skip


def dispatch(city: City) -> Story:
    """A document that is drafted, and perhaps issued and closed."""
    document_id, unit, day = new_id(), city.organ(), city.day()
    about = {"document_id": document_id, "owner_unit_id": unit, "doer": city.doer()}
    story: Story = [told(documents.DocumentDrafted, **about, drafted_at=at(day, 3))]
    if city.happens(0.1):
        abandoned = {"document_id": document_id, "doer": city.doer(), "abandoned_at": at(city.later(day))}
        return [*story, told(documents.DocumentAbandoned, **abandoned)]
    if city.happens(0.8):
        day = city.later(day)
        story.append(told(documents.DocumentIssued, **about, issued_at=at(day)))
        for _ in range(city.chance.randrange(3)):
            story += receipts(city, document_id, day)
        if city.happens(0.7):
            day = city.later(day)
            closed = {"document_id": document_id, "owner_unit_id": unit, "direction": "dispatch"}
            story.append(told(documents.DocumentClosed, **closed, closed_at=at(day)))
            story += filed(city, document_id, unit, day, "documents")
    return story


def receipts(city: City, document_id: UUID, day: date) -> Story:
    about = {"receipt_id": new_id(), "document_id": document_id, "unit_id": city.organ()}
    story: Story = []
    for state, share in (("delivered", 0.9), ("signed_for", 0.7), ("returned", 0.1)):
        day = city.later(day, 4)
        if city.happens(share):
            story.append(told(documents.ReceiptConfirmed, **about, state=state, confirmed_at=at(day)))
    return story


def incoming(city: City) -> Story:
    """A document that arrives, and perhaps has to be answered."""
    document_id, unit, day = new_id(), city.organ(), city.day()
    about = {"document_id": document_id, "owner_unit_id": unit}
    story: Story = [told(documents.DocumentArrived, **about, arrived_at=at(day, 23))]
    for _ in range(city.chance.randrange(3)):
        by = day + timedelta(days=city.chance.randrange(60))
        demanded = {**about, "doer": city.doer(), "answer_by": by, "demanded_at": at(day)}
        story.append(told(documents.DocumentAnswerDemanded, **demanded))
    if city.happens(0.1):
        abandoned = {"document_id": document_id, "doer": city.doer(), "abandoned_at": at(city.later(day))}
        return [*story, told(documents.DocumentAbandoned, **abandoned)]
    if city.happens(0.6):
        day = city.later(day, 90)
        story.append(told(documents.DocumentClosed, **about, direction="incoming", closed_at=at(day)))
        story += filed(city, document_id, unit, day, "documents")
    return story


def meeting(city: City) -> Story:
    """A meeting that is called, perhaps moved or cancelled, decides things and is concluded."""
    meeting_id, unit, day = new_id(), city.organ(), city.day()
    starts = day + timedelta(days=city.chance.randrange(40))
    kind = city.chance.choice(["常务会", "专题会", "协调会"])
    heads = city.chance.choice([(), (kind,), (kind, "系统综合性会议")])
    story: Story = [
        told(
            meetings.MeetingCalled, meeting_id=meeting_id, unit_id=unit, kind=kind, year=starts.year,
            within_quota=city.happens(0.8), starts_at=at(starts), called_at=at(day), doer=city.doer(),
            quota_heads=heads,
        ),
    ]  # fmt: skip
    if city.happens(0.3):
        moved = at(starts + timedelta(days=city.chance.randrange(-9, 30)))
        story.append(
            told(meetings.MeetingRescheduled, meeting_id=meeting_id, starts_at=moved, doer=city.doer())
        )
    if city.happens(0.15):
        return [*story, told(meetings.MeetingCancelled, meeting_id=meeting_id, doer=city.doer())]
    day = city.later(starts) if starts < TODAY else TODAY
    for _ in range(city.chance.randrange(3)):
        story += decision(city, meeting_id, unit, day)
    if city.happens(0.5):
        concluded = told(
            meetings.MeetingConcluded, meeting_id=meeting_id, unit_id=unit, concluded_at=at(city.later(day))
        )
        story += [concluded, *filed(city, meeting_id, unit, day, "meetings")]
    return story


def decision(city: City, meeting_id: UUID, unit: UUID, day: date) -> Story:
    decision_id, lead = new_id(), meetings.Party(unit_id=city.unit(), unit_name="某单位")
    facts = {"decision_id": decision_id, "meeting_id": meeting_id}
    story: Story = [
        told(
            meetings.DecisionRecorded, **facts, unit_id=unit, lead=lead, recorded_at=at(day), doer=city.doer()
        )
    ]
    if city.happens(0.2):
        return [*story, told(meetings.DecisionWaived, **facts, doer=city.doer())]
    origin = Origin(
        system="meetings", kind="decision", id=decision_id, title="议定事项", number="1", link="/"
    )
    return story + task(city, begun=day, origin=origin)


def task(city: City, begun: date | None = None, origin: Origin | None = None) -> Story:
    """A supervised task from its registration to wherever it has come."""
    task_id, organ, day = new_id(), city.organ(), begun or city.day()
    about: dict[str, Any] = {"task_id": task_id, "doer": city.doer()}
    story: Story = [
        told(supervision.TaskRegistered, **about, unit_id=organ, origin=origin, registered_at=at(day))
    ]
    if city.happens(0.05):
        return story
    lead, story_ = assign(city, about, day)
    story += [told(supervision.TaskEstablished, **about, established_at=at(day)), *story_]
    if city.happens(0.1):
        day = city.later(day, 6)
        story.append(told(supervision.TaskReturned, **about, unit_id=lead, returned_at=at(day)))
        if city.happens(0.3):
            return story
        lead, story_ = assign(city, about, day)
        story += story_
    signed = {**about, "unit_id": lead, "in_time": city.happens(0.8), "signed_for_at": at(city.later(day, 5))}
    if city.happens(0.9):
        story.append(told(supervision.TaskSignedFor, **signed))
    for _ in range(city.chance.randrange(7)):
        day = city.later(day, 30)
        story += turn(city, about, task_id, lead, day)
    if city.happens(0.1):
        return [*story, told(supervision.TaskCancelled, **about, origin=origin, cancelled_at=at(day))]
    return (
        story + close_task(city, task_id, organ, lead, origin, city.later(day))
        if city.happens(0.6)
        else story
    )


def assign(city: City, about: dict[str, Any], day: date) -> tuple[UUID, Story]:
    lead = city.unit()
    due = at(day + timedelta(days=city.chance.randrange(5, 90)), 23)
    party = meetings.Party(unit_id=lead, unit_name="某单位")
    return lead, [told(supervision.TaskAssigned, **about, lead=party, due_at=due, assigned_at=at(day, 2))]


def turn(city: City, about: dict[str, Any], task_id: UUID, lead: UUID, day: date) -> Story:
    """Something that happens to a task while it is worked on."""
    until = at(day + timedelta(days=city.chance.randrange(60)), 23)
    light = city.chance.choice(list(supervision.Light))
    mine = {**about, "unit_id": lead}
    if city.happens(0.15):
        return reports(city, about, lead, day)
    return [
        city.chance.choice(
            [
                told(supervision.TaskFedBack, **mine, in_time=city.happens(0.7), fed_back_at=at(day)),
                told(supervision.TaskFeedbackMissed, task_id=task_id, unit_id=lead, due_at=at(day)),
                told(supervision.TaskExtended, **mine, due_at=until, extended_at=at(day)),
                told(supervision.TaskSuspended, **about, suspended_at=at(day)),
                told(supervision.TaskResumed, **about, due_at=until, resumed_at=at(day)),
                told(supervision.TaskSentBack, **mine, sent_back_at=at(day)),
                told(supervision.TaskLightTurned, task_id=task_id, light=light, turned_at=at(day)),
                told(
                    supervision.TaskLightTurned,
                    task_id=task_id,
                    light=supervision.Light.RED,
                    turned_at=at(day),
                ),
            ]
        )
    ]


def reports(city: City, about: dict[str, Any], lead: UUID, day: date) -> Story:
    """A report of completion, which does not always hold."""
    mine = {**about, "unit_id": lead}
    asked = told(supervision.TaskClosureAsked, **mine, in_time=city.happens(0.7), asked_at=at(day))
    if city.happens(0.5):
        return [asked]
    return [asked, told(supervision.TaskSentBack, **mine, sent_back_at=at(city.later(day, 8)))]


def close_task(city: City, task_id: UUID, organ: UUID, lead: UUID, origin: Origin | None, day: date) -> Story:
    story: Story = []
    if city.happens(0.6):
        story += reports(city, {"task_id": task_id, "doer": city.doer()}, lead, day)
        day = city.later(day, 9)
    story.append(
        told(
            supervision.TaskClosed, task_id=task_id, unit_id=organ, lead_unit_id=lead, origin=origin,
            in_time=city.happens(0.7), closed_at=at(day),
        )
    )  # fmt: skip
    if city.happens(0.7):
        day = city.later(day)
        score = city.chance.choice([None, 2, 3, 4, 5])
        facts = {"task_id": task_id, "unit_id": organ, "lead_unit_id": lead, "score": score}
        story.append(told(supervision.TaskConcluded, **facts, concluded_at=at(day)))
        story += filed(city, task_id, organ, day, "supervision")
    return story


def matter(city: City) -> Story:
    """A matter in some versions, perhaps withdrawn or published again, and cases of it."""
    matter_id, unit, day = new_id(), city.organ(), city.day(back=700)
    story: Story = []
    for version in range(1, city.chance.randrange(2, 5)):
        story.append(publish(city, matter_id, unit, version, day))
        if city.happens(0.2):
            off = day + timedelta(days=city.chance.randrange(60))
            story.append(told(affairs.MatterWithdrawn, matter_id=matter_id, unit_id=unit, effective_on=off))
        day += timedelta(days=city.chance.randrange(200))
    for _ in range(city.chance.choice([0, 0, 1, 4, 7])):
        story += case(city, matter_id, unit)
    return story


def publish(city: City, matter_id: UUID, unit: UUID, version: int, day: date) -> Event:
    days, materials = city.chance.randrange(5, 30), city.chance.randrange(1, 12)
    event: Event = told(
        affairs.MatterPublished, matter_id=matter_id, unit_id=unit, version=version,
        online=city.happens(0.6), trips=city.chance.randrange(4), legal_days=days,
        promised_days=city.chance.randrange(days), original_materials=materials,
        materials=city.chance.randrange(materials), effective_on=day + timedelta(days=city.chance.randrange(-5, 40)),
    )  # fmt: skip
    return event


def case(city: City, matter_id: UUID, unit: UUID) -> Story:
    """A case from its application to wherever it has come."""
    case_id, day = new_id(), city.day()
    numbers = ("fields_asked", "fields_reused", "materials_asked", "materials_reused")
    story: Story = [
        told(
            affairs.CaseApplied, case_id=case_id, matter_id=matter_id, unit_id=unit, doer=city.doer(),
            applied_at=at(day, 1), **{name: city.chance.randrange(8) for name in numbers},
        ),
    ]  # fmt: skip
    about = {"case_id": case_id, "doer": city.doer()}
    day = city.later(day, 5)
    if city.happens(0.1):
        return [*story, told(affairs.CaseRefused, **about, refused_at=at(day))]
    if city.happens(0.9):
        due = at(day + timedelta(days=city.chance.randrange(30)), 23)
        promised = city.chance.randrange(1, 10)
        story.append(
            told(affairs.CaseAccepted, **about, promised_days=promised, due_at=due, accepted_at=at(day))
        )
    for _ in range(city.chance.randrange(3)):
        day = city.later(day, 8)
        story.append(told(affairs.CaseSuspended, case_id=case_id, suspended_at=at(day)))
        if city.happens(0.8):
            day = city.later(day, 8)
            due = at(day + timedelta(days=city.chance.randrange(30)), 23)
            story.append(told(affairs.CaseResumed, case_id=case_id, due_at=due, resumed_at=at(day)))
    return story + end_case(city, case_id, unit, city.later(day)) if city.happens(0.7) else story


def end_case(city: City, case_id: UUID, unit: UUID, day: date) -> Story:
    outcome = city.chance.choice([*affairs.CaseOutcome, affairs.CaseOutcome.GRANTED])
    story: Story = [
        told(
            affairs.CaseDecided, case_id=case_id, doer=city.doer(), outcome=outcome, decided_at=at(day),
            in_time=city.happens(0.8), used_half_days=city.chance.randrange(30),
        ),
    ]  # fmt: skip
    if city.happens(0.6):
        score = city.chance.randrange(1, 6)
        story.append(told(affairs.CaseRated, case_id=case_id, score=score, rated_at=at(city.later(day, 9))))
    if city.happens(0.6):
        day = city.later(day)
        facts = {"case_id": case_id, "unit_id": unit, "trips": city.chance.randrange(4)}
        concluded = told(affairs.CaseConcluded, **facts, online=city.happens(0.5), concluded_at=at(day))
        story += [concluded, *filed(city, case_id, unit, day, "affairs")]
    return story


def plans(city: City) -> Story:
    """Yearly plans of documents and meetings, some set more than once, some lifted."""
    story: Story = []
    for unit in city.chance.sample(city.organs, 6):
        for year in (2025, 2026):
            quota_id = uuid5(unit, f"plan {year}")
            for _ in range(city.chance.randrange(3)):
                number = city.chance.randrange(20)
                facts = {"document_quota_id": quota_id, "unit_id": unit, "year": year, "documents": number}
                story.append(told(documents.DocumentQuotaSet, **facts))
    for unit_ in [None, *city.chance.sample(city.units, 5)]:
        quota_id = uuid5(unit_, "meetings") if unit_ else new_id()
        for revision in range(1, city.chance.randrange(2, 5)):
            heads = city.chance.sample(["专题会", "协调会", "系统综合性会议"], 2)
            plan = tuple(
                meetings.PlannedMeetings(head=head, meetings=city.chance.randrange(9)) for head in heads
            )
            story.append(
                told(
                    meetings.MeetingQuotaSet, meeting_quota_id=quota_id, unit_id=unit_, revision=revision,
                    valid_from=city.day(), plan=None if city.happens(0.3) else plan,
                )
            )  # fmt: skip
    return story


STORIES = (dispatch, incoming, meeting, task, matter)


def a_year_and_a_half(city: City, *, of_each: int) -> Iterator[Story]:
    """First the city and its plans, then as many stories of each kind."""
    yield city.found()
    yield plans(city)
    for tell in STORIES:
        for _ in range(of_each):
            yield tell(city)
