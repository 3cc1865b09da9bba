"""Works out every figure from the event logs alone: nothing but PostgreSQL, JSON and the calendar's package.

    python -m tests.figures.recompute --log postgresql://…/yiwang_identity --log … --unit UUID
                                      --from 2026-01-01 --to 2026-12-31 --today 2026-11-20

It shares no line with the product: each figure is a loop over the items whose events say that they count.
"""

import argparse
import json
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone

import chinese_calendar
import psycopg2

CHINA = timezone(timedelta(hours=8))
READ = "SELECT id::text, key, subject::text, sequence, actor_id::text, recorded_at, data FROM outbox_event"
LEVELS = ("city", "county", "township", "village")
FIRST_YEAR, LAST_YEAR = 2004, 2026


class Told:
    """One event."""

    def __init__(self, row):
        self.id, self.key, self.subject, self.sequence, self.actor, self.at, data = row
        self.data = json.loads(data)


def read_logs(addresses):
    """All events of these logs, each aggregate's in its order."""
    events = []
    for address in addresses:
        line = psycopg2.connect(address)
        with line, line.cursor() as cursor:
            cursor.execute(READ)
            events += [Told(row) for row in cursor]
        line.close()
    return sorted(events, key=lambda told: (told.subject, told.sequence))


def day_of(text):
    """The local date of a moment or date in JSON."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(CHINA).date()


def half_days(first, last):
    """Half working days after `first` up to `last`."""
    if not min(first, last).year >= FIRST_YEAR or max(first, last).year > LAST_YEAR:
        return None
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return 2 * sum(chinese_calendar.is_workday(day) for day in days)


class Ledger:
    """The events by item, and the directory that identity's events leave."""

    def __init__(self, events):
        self.by_item = defaultdict(list)
        self.events = events
        for told in events:
            self.by_item[told.subject].append(told)
        self.units, self.posts, self.persons, self.tenures = {}, {}, {}, {}
        for told in events:
            self._keep(told)

    def _keep(self, told):
        data, key = told.data, told.key
        if key in ("unit.registered.v1", "unit.particulars_corrected.v1"):
            self.units[data["unit_id"]] = {**data["particulars"], "active": True}
        elif key == "unit.dissolved.v1":
            self.units[data["unit_id"]]["active"] = False
        elif key == "post.created.v1":
            self.posts[data["post_id"]] = {"unit": data["unit_id"], "active": True}
        elif key == "post.abolished.v1":
            self.posts[data["post_id"]]["active"] = False
        elif key in ("person.registered.v1", "person.enabled.v1"):
            self.persons[data["person_id"]] = True
        elif key == "person.disabled.v1":
            self.persons[data["person_id"]] = False
        elif key == "tenure.began.v1":
            self.tenures[data["tenure_id"]] = (data["person_id"], data["post_id"])
        elif key == "tenure.ended.v1":
            self.tenures.pop(data["tenure_id"], None)

    def below(self, root):
        """The unit and all below it."""
        found, left = [], [root]
        while left:
            unit = left.pop()
            found.append(unit)
            left += [other for other, facts in self.units.items() if facts["parent_id"] == unit]
        return set(found)

    def line(self, unit):
        """The unit and those above it, nearest first."""
        line = []
        while unit is not None and unit in self.units:
            line.append(unit)
            unit = self.units[unit]["parent_id"]
        return line

    def all(self, key):
        return [told for told in self.events if told.key == key]

    def items(self, *keys):
        """For each item that was told one of these events: its events by key, the last of a key counting."""
        wanted = sorted({told.subject for told in self.events if told.key in keys})
        return [(item, {told.key: told for told in self.by_item[item]}) for item in wanted]


def last(events, *keys):
    found = [told for told in events if told.key in keys]
    return max(found, key=lambda told: told.sequence) if found else None


class Question:
    """One unit with all below it, and one period; answers with numerator and denominator by figure."""

    def __init__(self, ledger, unit, first, end, today):
        self.ledger, self.first, self.today = ledger, first, today
        self.as_of = min(end, today)
        self.units = ledger.below(unit)
        self.answers = {}

    def within(self, unit, day):
        return unit in self.units and self.first <= day <= self.as_of

    def this_year(self, unit, day):
        return unit in self.units and date(self.as_of.year, 1, 1) <= day <= self.as_of

    def put(self, code, top, bottom):
        self.answers[code] = (top, bottom)

    def share(self, code, items, counts):
        self.put(code, sum(1 for item in items if counts(item)), len(items))

    def count(self, code, items):
        self.put(code, len(items), None)

    def mean(self, code, done, still):
        """`done` half days of closed items, `still` those of open ones; None where the calendar is unknown."""
        done = [used for used in done if used is not None]
        still = [used for used in still if used is not None]
        self.put(code, (sum(done) + sum(still)) / 2, len(done) + len(still))

    def answer(self):
        self.matters()
        self.cases()
        self.filing()
        self.coverage()
        self.documents()
        self.meetings()
        self.tasks()
        return self.answers

    def used(self, begun, ended, pauses):
        """Half days from begin to end without the pauses (in order: day, and whether the clock runs from then on)."""
        total, since = 0, begun
        at = begun
        for day, runs in pauses:
            at = min(max(day, at), ended)
            if runs and since is None:
                since = at
            elif not runs and since is not None:
                spent, since = half_days(since, at), None
                if spent is None:
                    return None
                total += spent
        if since is None:
            return total
        spent = half_days(since, ended)
        return None if spent is None else total + spent

    def age(self, begun, ended, pauses, done=date.max):
        """What an item that is open on the last day has used by then; None when it is not open then.

        From the day on which it was `done` it uses no more, though it may still be open.
        """
        if begun > self.as_of or (ended is not None and ended <= self.as_of):
            return None
        at, known = begun, []
        for day, runs in pauses:
            at = max(day, at)
            if at <= self.as_of:
                known.append((at, runs))
        return self.used(begun, max(begun, min(self.as_of, done)), known)

    def matters(self):
        decided = {}
        for _, told in self.ledger.items("case.decided.v1"):
            applied = told.get("case.applied.v1")
            end = told["case.decided.v1"].data
            if applied and end["outcome"] != "withdrawn":
                matter, day = applied.data["matter_id"], day_of(end["decided_at"])
                decided[matter] = min(day, decided.get(matter, day))
        inforce = []
        for matter, _ in self.ledger.items("matter.published.v1"):
            events = self.ledger.by_item[matter]
            versions = {t.data["version"]: t for t in events if t.key == "matter.published.v1"}
            begun = [v for v, t in versions.items() if day_of(t.data["effective_on"]) <= self.as_of]
            gone = last(events, "matter.withdrawn.v1")
            if not begun:
                continue
            now = versions[max(begun)]
            if gone and gone.sequence > now.sequence and day_of(gone.data["effective_on"]) <= self.as_of:
                continue
            if now.data["unit_id"] in self.units:
                inforce.append((matter, now.data))
        self.count("matters", inforce)
        self.share("one_trip_matters", inforce, lambda item: item[1]["trips"] <= 1)
        self.share("zero_trip_matters", inforce, lambda item: item[1]["trips"] == 0)
        self.share("online_matters", inforce, lambda item: item[1]["online"])
        self.share("matters_handled", inforce, lambda item: decided.get(item[0], date.max) <= self.as_of)
        before = sum(item["original_materials"] for _, item in inforce)
        self.put("materials_saved", before - sum(item["materials"] for _, item in inforce), before)
        before = sum(item["legal_days"] for _, item in inforce)
        self.put("days_saved", before - sum(item["promised_days"] for _, item in inforce), before)

    def cases(self):
        applied, settled, done, still, ended, rated = [], [], [], [], [], []
        for case, told in self.ledger.items("case.applied.v1"):
            unit = told["case.applied.v1"].data["unit_id"]
            if self.within(unit, day_of(told["case.applied.v1"].data["applied_at"])):
                applied.append(told)
            self._case_time(case, told, unit, settled, done, still)
            if "case.rated.v1" in told and self.within(unit, day_of(told["case.rated.v1"].data["rated_at"])):
                rated.append(told["case.rated.v1"].data["score"])
            concluded, decision = told.get("case.concluded.v1"), told.get("case.decided.v1")
            if decision and decision.data["outcome"] == "withdrawn":
                # Nothing was handled to an end: the applicant took it back, and it is only filed.
                continue
            if concluded and self.within(unit, day_of(concluded.data["concluded_at"])):
                ended.append(concluded.data)
        self.count("cases_applied", applied)
        self.share("cases_refused", applied, lambda told: "case.refused.v1" in told)
        facts = [told["case.applied.v1"].data for told in applied]
        reused = sum(one["fields_reused"] + one["materials_reused"] for one in facts)
        asked = sum(one["fields_asked"] + one["materials_asked"] for one in facts)
        self.put("facts_reused", reused, reused + asked)
        self.share("cases_in_time", settled, lambda one: one[0])
        self.share("cases_late", settled, lambda one: not one[0])
        closed = [one for one in settled if one[1]]
        self.share("cases_early", closed, lambda one: one[2])
        self.mean("cases_mean_days", done, still)
        self.share("one_trip_cases", ended, lambda one: one["trips"] <= 1)
        self.share("zero_trip_cases", ended, lambda one: one["trips"] == 0)
        self.share("online_cases", ended, lambda one: one["online"])
        self.share("cases_satisfied", rated, lambda score: score >= 4)

    def _case_time(self, case, told, unit, settled, done, still):
        events = self.ledger.by_item[case]
        accepted, decided = told.get("case.accepted.v1"), told.get("case.decided.v1")
        refused = told.get("case.refused.v1")
        pauses = self._pauses(events, "case.suspended.v1", "case.resumed.v1")
        end = day_of(decided.data["decided_at"]) if decided else None
        if refused and end is None:
            end = day_of(refused.data["refused_at"])
        if accepted and unit in self.units:
            age = self.age(day_of(accepted.data["accepted_at"]), end, pauses)
            if age is not None:
                still.append(age)
        if decided:
            if decided.data["outcome"] != "withdrawn" and self.within(unit, end):
                used = decided.data["used_half_days"]
                early = bool(accepted) and used < 2 * accepted.data["promised_days"]
                settled.append((decided.data["in_time"], True, early))
                done.append(used)
        elif not refused:
            self._late(events, pauses, unit, settled, "case.accepted.v1", "case.resumed.v1")

    def _late(self, events, pauses, unit, settled, *keys):
        dated = last(events, *keys)
        stands = bool(pauses) and not pauses[-1][1]
        if dated and not stands and self.within(unit, day_of(dated.data["due_at"]) + timedelta(days=1)):
            settled.append((False, False, False))

    def _pauses(self, events, stop, go):
        moments = {stop: "suspended_at", go: "resumed_at"}
        found = [told for told in events if told.key in moments]
        return [(day_of(told.data[moments[told.key]]), told.key == go) for told in found]

    def filing(self):
        filed = {told.data["document_id"] for told in self.ledger.all("archive_record.filed.v1")}
        excluded = {told.data["document_id"] for told in self.ledger.all("document.not_filed.v1")}
        ends = {
            "documents": ("document.closed.v1", "document_id", "owner_unit_id", "closed_at"),
            "meetings": ("meeting.concluded.v1", "meeting_id", "unit_id", "concluded_at"),
            "supervision": ("task.concluded.v1", "task_id", "unit_id", "concluded_at"),
            "affairs": ("case.concluded.v1", "case_id", "unit_id", "concluded_at"),
        }
        everything = []
        for system, (key, item, unit, moment) in ends.items():
            due = {}
            for told in self.ledger.all(key):
                due[told.data[item]] = told.data
            mine = [
                one for one, data in due.items()
                if (one in filed or one not in excluded) and self.within(data[unit], day_of(data[moment]))
            ]  # fmt: skip
            self.share(f"filed_{system}", mine, lambda one: one in filed)
            everything += mine
        self.share("filed", everything, lambda one: one in filed)

    def coverage(self):
        ends = datetime.combine(self.as_of + timedelta(days=1), datetime.min.time(), CHINA)
        users = set()
        for told in self.ledger.events:
            if told.at < ends:
                doer = next(
                    (told.data[name] for name in ("by", "doer", "started_by") if told.data.get(name)), {}
                )
                users.add(doer.get("person_id") or told.actor)
        used = {
            self.ledger.posts[post]["unit"]
            for person, post in self.ledger.tenures.values()
            if self.ledger.persons.get(person) and person in users and self.ledger.posts[post]["active"]
        }
        divisions = defaultdict(bool)
        for unit in self.units:
            facts = self.ledger.units[unit]
            if facts["active"] and facts["level"] in LEVELS:
                divisions[facts["division_code"]] |= unit in used
        self.put("coverage", sum(divisions.values()), len(divisions))

    def documents(self):
        issued, receipts, answers, done, still = [], [], [], [], []
        planned, year = defaultdict(int), defaultdict(int)
        has_plan = set()
        for _, told in self.ledger.items("document_quota.set.v1"):
            data = told["document_quota.set.v1"].data
            if self.this_year(data["unit_id"], date(data["year"], 1, 1)):
                planned[data["unit_id"]] += data["documents"]
                has_plan.add(data["unit_id"])
        for _document, told in self.ledger.items("document.drafted.v1", "document.arrived.v1"):
            self._document(told, issued, year, answers, done, still)
        for receipt, _ in self.ledger.items("receipt.confirmed.v1"):
            states = {t.data["state"]: t.data for t in self.ledger.by_item[receipt]}
            first = next(states[name] for name in ("delivered", "signed_for", "returned") if name in states)
            if self.within(first["unit_id"], day_of(first["confirmed_at"])):
                receipts.append(states)
        self.count("documents_issued", issued)
        self.put("documents_against_plan", sum(year[unit] for unit in has_plan), sum(planned.values()))
        self.share("documents_signed_for", receipts, lambda states: "signed_for" in states)
        self.share("documents_returned", receipts, lambda states: "returned" in states)
        self.share("answers_in_time", answers, lambda in_time: in_time)
        self.share("answers_late", answers, lambda in_time: not in_time)
        self.mean("documents_mean_days", done, still)

    def _document(self, told, issued, year, answers, done, still):
        begun = told.get("document.drafted.v1") or told["document.arrived.v1"]
        unit = begun.data["owner_unit_id"]
        start = day_of(begun.data.get("drafted_at") or begun.data.get("arrived_at"))
        out, closed = told.get("document.issued.v1"), told.get("document.closed.v1")
        given_up = told.get("document.abandoned.v1")
        if out:
            day = day_of(out.data["issued_at"])
            if self.within(unit, day):
                issued.append(out)
            year[unit] += self.this_year(unit, day)
        closing = day_of(closed.data["closed_at"]) if closed else None
        end = (
            (day_of(out.data["issued_at"]) if out else None)
            if begun.key == "document.drafted.v1"
            else closing
        )
        if end and self.within(unit, max(start, end)):
            done.append(self.used(start, max(start, end), []))
        stop = end or (day_of(given_up.data["abandoned_at"]) if given_up else None)
        if unit in self.units:
            still.append(self.age(start, stop, []))
        demanded = told.get("document.answer_demanded.v1")
        if demanded and not given_up:
            due = day_of(demanded.data["answer_by"])
            if self.within(unit, closing or due + timedelta(days=1)):
                answers.append(closing is not None and closing <= due)

    def meetings(self):
        called, used = [], defaultdict(int)
        for meeting, told in self.ledger.items("meeting.called.v1"):
            if "meeting.cancelled.v1" in told:
                continue
            data = told["meeting.called.v1"].data
            starts = last(self.ledger.by_item[meeting], "meeting.called.v1", "meeting.rescheduled.v1")
            day = day_of(starts.data["starts_at"])
            if self.within(data["unit_id"], day):
                called.append(data)
            counts_on = min(max(day, date(data["year"], 1, 1)), date(data["year"], 12, 31))
            for head in set(data.get("quota_heads") or [data["kind"]]):
                used[data["unit_id"], head] += self.this_year(data["unit_id"], counts_on)
        self.count("meetings_called", called)
        self.share("meetings_over", called, lambda data: not data["within_quota"])
        top = bottom = 0
        for unit in self.units:
            facts = self.ledger.units[unit]
            if facts["active"] and facts["issues_documents"]:
                for head, most in self._plan(unit).items():
                    top, bottom = top + used[unit, head], bottom + most
        self.put("meetings_against_plan", top, bottom)

    def _plan(self, unit):
        """The plan in force: the unit's own, else the nearest above's, else that for all, else the law's default."""
        for owner in (*self.ledger.line(unit), None):
            versions = [
                told.data for told in self.ledger.all("meeting_quota.set.v1")
                if told.data["unit_id"] == owner and day_of(told.data["valid_from"]) <= self.as_of
            ]  # fmt: skip
            if versions:
                plan = max(versions, key=lambda data: (data["valid_from"], data["revision"]))["plan"]
                if plan is not None:
                    return {part["head"]: part["meetings"] for part in plan}
        return {"系统综合性会议": 1}

    def tasks(self):
        assigned, signed, settled, done, still, rated = [], [], [], [], [], []
        reds = []
        for task, told in self.ledger.items("task.assigned.v1"):
            self._task(task, told, assigned, signed, settled, done, still, rated, reds)
        self.count("tasks_assigned", assigned)
        for code, key in (("extended", "extended"), ("returned", "returned"), ("sent_back", "sent_back")):
            self.share(f"tasks_{code}", assigned, lambda told, key=key: f"task.{key}.v1" in told)
        self.share("tasks_signed_in_time", signed, lambda data: data["in_time"])
        self.share("tasks_in_time", settled, lambda one: one[0])
        self.share("tasks_red", reds, lambda red: red)
        self.mean("tasks_mean_days", done, still)
        self.share("tasks_satisfied", rated, lambda score: score >= 4)
        feedback = [
            told.data["in_time"] for told in self.ledger.all("task.fed_back.v1")
            if told.data["in_time"] and self.within(told.data["unit_id"], day_of(told.data["fed_back_at"]))
        ]  # fmt: skip
        feedback += [
            False for told in self.ledger.all("task.feedback_missed.v1")
            if self.within(told.data["unit_id"], day_of(told.data["due_at"]))
        ]  # fmt: skip
        self.share("feedback_in_time", feedback, lambda in_time: in_time)
        self._decisions()

    def _task(self, task, told, assigned, signed, settled, done, still, rated, reds):
        events = self.ledger.by_item[task]
        closed, cancelled = told.get("task.closed.v1"), told.get("task.cancelled.v1")
        unit = closed.data["lead_unit_id"] if closed else told["task.assigned.v1"].data["lead"]["unit_id"]
        begun = day_of(next(t for t in events if t.key == "task.assigned.v1").data["assigned_at"])
        end = day_of(closed.data["closed_at"]) if closed else None
        stop = end or (day_of(cancelled.data["cancelled_at"]) if cancelled else None)
        pauses = self._pauses(events, "task.suspended.v1", "task.resumed.v1")
        # The lead's work is over when it says so, unless it is told afterwards to do it again.
        report = last(events, "task.closure_asked.v1", "task.sent_back.v1")
        report = report.data if report and report.key == "task.closure_asked.v1" else None
        ready = day_of(report["asked_at"]) if report else date.max
        if self.within(unit, begun):
            assigned.append(told)
        signature = told.get("task.signed_for.v1")
        if signature and self.within(unit, day_of(signature.data["signed_for_at"])):
            signed.append(signature.data)
        if closed and self.within(unit, end):
            settled.append((closed.data["in_time"], True))
            done.append(self.used(begun, max(begun, min(end, ready)), pauses))
        if not closed and not cancelled and not (report and report["in_time"]):
            dates = "task.assigned.v1", "task.extended.v1", "task.resumed.v1"
            limit = last(events, *dates, "task.returned.v1")
            # Between its return and its next assignment nobody has it.
            if limit.key in dates:
                self._late(events, [] if report else pauses, unit, settled, *dates)
        if unit in self.units and begun <= self.as_of and (stop is None or self.as_of < stop):
            still.append(self.age(begun, stop, pauses, done=ready))
            lights = [t.data for t in events if t.key == "task.light_turned.v1"]
            turned = [data["light"] for data in lights if day_of(data["turned_at"]) <= self.as_of]
            reds.append(turned[-1:] == ["red"])
        concluded = told.get("task.concluded.v1")
        score = concluded.data["score"] if concluded else None
        if score is not None and self.within(unit, day_of(concluded.data["concluded_at"])):
            rated.append(score)

    def _decisions(self):
        waived = {told.data["decision_id"] for told in self.ledger.all("decision.waived.v1")}
        origins = [told.data.get("origin") for told in self.ledger.all("task.closed.v1")]
        closed = {origin["id"] for origin in origins if origin and origin["kind"] == "decision"}
        decisions = [
            item for item, told in self.ledger.items("decision.recorded.v1")
            if self.within(
                told["decision.recorded.v1"].data["lead"]["unit_id"],
                day_of(told["decision.recorded.v1"].data["recorded_at"]),
            )
        ]  # fmt: skip
        self.share("decisions_settled", decisions, lambda item: item in waived | closed)


def recompute(ledger, *, unit, first, last, today):
    """Numerator and denominator (None for plain numbers) of every figure, by code."""
    return Question(ledger, unit, first, last, today).answer()


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--log", action="append", required=True)
    asked.add_argument("--unit", required=True)
    for name in ("from", "to", "today"):
        asked.add_argument(f"--{name}", type=date.fromisoformat, required=True, dest=f"{name}_")
    given = asked.parse_args()
    ledger = Ledger(read_logs(given.log))
    answers = recompute(ledger, unit=given.unit, first=given.from_, last=given.to_, today=given.today_)
    json.dump(answers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
