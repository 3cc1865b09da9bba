"""Which 年度 a document is filed under: a fact of the document, not of the day of filing."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.clock import local_date
from shared.events.dossier import Direction, Dossier

SOURCE = "DA/T 22-2015 年度的确定"


@dataclass(frozen=True, kw_only=True)
class YearDecision:
    """The year, the rule that gave it (`code`) and a Chinese sentence that says why."""

    year: int
    code: str
    explanation: str
    source: str = SOURCE


def filing_year(dossier: Dossier, *, filed_at: datetime) -> YearDecision:
    """The year to file under.

    A meeting that crosses the year goes by its last day; a dispatched document by its date of signing; an
    incoming document by its date, or by the year of closing when its handling reached into another year; a
    supervised task or a case by the year of closing; and where nothing is dated, by the year of filing.
    """
    if ended := dossier.meeting_ended_on:
        return _decision(ended, "meeting_ended", "会议文件按会议闭幕日期")
    dated = dossier.signed_on or dossier.written_on
    if dossier.direction is Direction.DISPATCH:
        return _decision(dated, "signed", "按签发日期") if dated else _undated(filed_at)
    if dossier.direction is Direction.INCOMING:
        return _incoming_year(dossier, dated, filed_at=filed_at)
    return _year_of_closing(dossier)


def _year_of_closing(dossier: Dossier) -> YearDecision:
    began, closed = dossier.drafted_at or dossier.received_at, local_date(dossier.closed_at)
    if dossier.direction is Direction.MEETING:
        return _decision(closed, "closed", "会议未注闭幕日期，按办结日期")
    if began and local_date(began).year != closed.year:
        return _decision(closed, "handled_across_years", "跨年办理，按办结日期")
    return _decision(closed, "closed", "按办结日期")


def _incoming_year(dossier: Dossier, dated: date | None, *, filed_at: datetime) -> YearDecision:
    began = dated or (local_date(dossier.received_at) if dossier.received_at else None)
    if began is None:
        return _undated(filed_at)
    closed = local_date(dossier.closed_at)
    if closed.year != began.year:
        return _decision(closed, "handled_across_years", "跨年办理，按办结日期")
    return _decision(
        began, "signed" if dated else "received", "按来文日期" if dated else "来文未注日期，按收文日期"
    )


def _undated(filed_at: datetime) -> YearDecision:
    return _decision(local_date(filed_at), "undated", "文件日期无考，按归档日期")


def _decision(day: date, code: str, why: str) -> YearDecision:
    return YearDecision(year=day.year, code=code, explanation=f"{why} {day.isoformat()} 归入 {day.year} 年度")
