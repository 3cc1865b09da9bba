"""What the notice and the record of a meeting say."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.states import ATTENDANCE_LABELS, AgendaState
from services.meetings.models import Decision, Invitation, Meeting, MeetingFile, Topic
from services.meetings.queries.decisions import (
    attendance_lines,
    find_minutes,
    get_version,
    list_decisions,
    name_of,
)
from services.meetings.queries.meetings import list_acts, list_agenda, list_files, list_invitations
from services.meetings.rendering import MeetingPage, Section, Table
from shared.clock import LOCAL_ZONE
from shared.directory import list_posts

_AGENDA_LABELS = {
    AgendaState.PLANNED: "待审议",
    AgendaState.HEARD: "已审议",
    AgendaState.POSTPONED: "缓议",
}
_TASK_LABELS = {
    "": "待登记",
    "registered": "已登记",
    "established": "督办中",
    "rejected": "不予立项",
    "cancelled": "已撤销",
    "closed": "已办结",
}


def notice_of(session: Session, meeting: Meeting, *, at: datetime) -> MeetingPage:
    """The notice (会议通知): when, where, what about, and who is invited."""
    agenda = [
        f"{number}. {item.title}"
        + (f"（{item.reporting_unit_name}汇报）" if item.reporting_unit_name else "")
        for number, item in enumerate(list_agenda(session, meeting.id), start=1)
    ]
    seats = list_invitations(session, meeting.id)
    sections = [
        Section(heading="会议议程", paragraphs=agenda),
        Section(heading="出席", paragraphs=_invited(seats, "attendee")),
        Section(heading="列席", paragraphs=_invited(seats, "observer")),
    ]
    return MeetingPage(
        agency=meeting.unit_name,
        heading="会议通知",
        title=meeting.title,
        elements=[
            *_elements(session, meeting),
            ("回执截止", _moment(meeting.reply_by) if meeting.reply_by else ""),
        ],
        sections=[section for section in sections if section.paragraphs],
        produced_at=at,
    )


def record_of(session: Session, meeting: Meeting, *, at: datetime) -> MeetingPage:
    """The record (会议记录): attendance, what was decided, the minutes, what became of each decision."""
    present, excused, observing = attendance_lines(session, meeting.id)
    seats = list_invitations(session, meeting.id)
    minutes = find_minutes(session, meeting.id)
    text = get_version(session, minutes, minutes.version).body if minutes else []
    numbered = [("纪要文号", minutes.number)] if minutes else []
    sections = [
        Section(heading="议程", table=_agenda(session, meeting)),
        Section(
            heading="到会情况",
            paragraphs=[
                f"{label}：{'、'.join(names)}。"
                for label, names in (("出席", present), ("请假", excused), ("列席", observing))
                if names
            ],
            table=_attendance(seats),
        ),
        Section(heading="纪要正文", paragraphs=text),
        Section(heading="议定事项及落实情况", table=_decisions(list_decisions(session, meeting.id))),
        Section(heading="办理过程", table=_history(session, meeting)),
    ]
    return MeetingPage(
        agency=meeting.unit_name,
        heading="会议记录",
        title=meeting.title,
        elements=[
            *_elements(session, meeting),
            ("实际时间", _span(meeting.began_at, meeting.ended_at)),
            ("超计划理由", meeting.quota_waiver),
            ("会前提醒", "；".join(one["message"] for one in meeting.findings)),
            *numbered,
        ],
        sections=[section for section in sections if section.paragraphs or section.table],
        produced_at=at,
    )


def papers_with_topics(session: Session, meeting: Meeting) -> list[tuple[str, MeetingFile]]:
    """Every paper of the meeting and of the topics on its agenda, with the title to file it under."""
    items = list_agenda(session, meeting.id)
    ids = [item.topic_id for item in items if item.topic_id]
    titles = dict(session.execute(sa.select(Topic.id, Topic.title).where(Topic.id.in_(ids))).all())
    files = list_files(session, [meeting.id, *ids], role="paper")
    return [
        (f"{titles[file.subject_id]}：{file.title}" if file.subject_id in titles else file.title, file)
        for file in files
    ]


def _elements(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    chair = list_posts(session, [meeting.chair_post_id]).get(meeting.chair_post_id)
    return [
        ("编号", meeting.number or ""),
        ("会议类型", "，".join(filter(None, (meeting.kind, meeting.grade)))),
        ("时间", _span(meeting.starts_at, meeting.ends_at)),
        ("地点", meeting.place),
        ("主持人", chair.label if chair else ""),
        ("会议目的", meeting.purpose),
    ]


def _invited(seats: list[Invitation], role: str) -> list[str]:
    names = [
        f"{seat.unit_name}{seat.post_title}{seat.person_name}"
        if seat.post_id
        else f"{seat.unit_name}（自行报名）"
        for seat in seats
        if seat.role == role
    ]
    return ["、".join(names)] if names else []


def _agenda(session: Session, meeting: Meeting) -> Table | None:
    rows = [
        (
            str(number),
            item.title,
            item.reporting_unit_name,
            _AGENDA_LABELS[AgendaState(item.state)],
            "；".join(
                filter(
                    None,
                    (
                        item.outcome_note,
                        f"锁定后增加，{item.leave_by_name}同意：{item.leave_reason}" if item.leave_at else "",
                    ),
                )
            ),
        )
        for number, item in enumerate(list_agenda(session, meeting.id), start=1)
    ]
    heads = ("序号", "议题", "汇报单位", "结果", "说明")
    return Table(heads=heads, widths=(1, 6, 4, 2, 4), rows=rows) if rows else None


def _attendance(seats: list[Invitation]) -> Table | None:
    rows = [
        (
            name_of(seat),
            "列席" if seat.role == "observer" else "出席",
            ATTENDANCE_LABELS[seat.attendance],
            _moment(seat.arrived_at) if seat.arrived_at else "",
            seat.reason,
        )
        for seat in seats
    ]
    heads = ("姓名（单位）", "身份", "到会", "签到时间", "说明")
    return Table(heads=heads, widths=(6, 2, 2, 4, 4), rows=rows) if rows else None


def _decisions(decisions: list[Decision]) -> Table | None:
    rows = [
        (
            one.number or str(one.position),
            one.text,
            "，".join([one.lead_unit_name, *(f"{unit['unit_name']}（协）" for unit in one.assistants)]),
            one.due_on.isoformat(),
            outcome_of(one),
        )
        for one in decisions
    ]
    heads = ("编号", "议定事项", "承办单位", "时限", "落实情况")
    return Table(heads=heads, widths=(3, 6, 4, 3, 5), rows=rows) if rows else None


def outcome_of(one: Decision) -> str:
    """What became of a decision, in a few words."""
    if one.waived_at:
        return f"免督：{one.waiver_reason}"
    slips = f"，督办单 {len(one.task_slips)} 次" if one.task_slips else ""
    extended = f"，延期 {one.task_extensions} 次" if one.task_extensions else ""
    late = "，逾期" if one.task_in_time is False else ""
    words = f"：{one.task_outcome}" if one.task_outcome else ""
    return f"{one.task_number}{_TASK_LABELS[one.task_state]}{late}{extended}{slips}{words}"


def _history(session: Session, meeting: Meeting) -> Table | None:
    rows = [
        (
            _moment(act.at),
            act.step,
            f"{act.unit_name}{act.post_title}{act.person_name}"
            + (f"（代{act.on_behalf_name}）" if act.on_behalf_name else ""),
            "，".join(filter(None, (act.outcome, act.opinion))),
        )
        for act in list_acts(session, meeting.id)
    ]
    heads = ("时间", "环节", "办理人", "结果和意见")
    return Table(heads=heads, widths=(4, 4, 5, 6), rows=rows) if rows else None


def _moment(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _span(begin: datetime | None, end: datetime | None) -> str:
    if begin is None or end is None:
        return ""
    same_day = begin.astimezone(LOCAL_ZONE).date() == end.astimezone(LOCAL_ZONE).date()
    return f"{_moment(begin)} 至 {_moment(end)[11:] if same_day else _moment(end)}"
