"""Retention and year: the first matching row decides and says why; the year is a fact of the document."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.archives.domain.archival_number import Retention
from services.archives.domain.retention import (
    NoScheduleInForce,
    RetentionRule,
    RetentionSchedule,
    decide_retention,
    schedule_faults,
    schedule_in_force,
)
from services.archives.domain.retention_defaults import DEFAULT_SCHEDULE
from services.archives.domain.retention_table import ScheduleInvalid, dump_schedule, load_schedule
from services.archives.domain.year import filing_year
from shared.events.dossier import Dossier, Handling, Importance, ReceivedAs, Relation
from tests.unit.archives.samples import FILED_AT

IMPORTANT = Importance.IMPORTANT


@pytest.mark.parametrize(
    ("facts", "retention", "row"),
    [
        ({}, "D30", "4.2"),
        ({"importance": IMPORTANT}, "Y", "4.1"),
        ({"title": "关于印发《萍乡市\n防汛管理办法》的通知"}, "Y", "1.1"),
        ({"title": "萍乡市“十四五”水利发展规划"}, "Y", "1.2"),
        ({"kind": "纪要", "title": "市政府常务会议纪要"}, "Y", "1.3"),
        ({"title": "关于张伟等同志任职的通知"}, "Y", "1.6"),
        ({"title": "关于召开全市水利工作会议的通知"}, "Y", "2.2"),
        ({"kind": "函", "title": "关于商请支持防汛物资的函"}, "D30", "2.4"),
        ({"kind": "函", "title": "关于商请支持防汛物资的函", "importance": IMPORTANT}, "Y", "2.3"),
        ({"title": "关于2025年清明节放假安排的通知"}, None, "N3"),
    ],
)
def test_a_dispatched_document_is_kept_by_its_row(
    notice: Dossier, facts: dict[str, Any], retention: str | None, row: str
) -> None:
    decision = decide_retention(replace(notice, **facts), DEFAULT_SCHEDULE)
    assert (decision.retention, decision.rule_code) == (retention, row)


@pytest.mark.parametrize(
    ("facts", "retention", "row"),
    [
        ({}, "D30", "2.4"),
        ({"received_as": ReceivedAs.COPY}, None, "N1"),
        ({"handling": Handling.READ}, None, "N2"),
        ({"kind": "通知", "title": "关于防汛的通知", "issuer_relation": Relation.SUPERIOR}, "D30", "3.2"),
        (
            {"kind": "通知", "title": "通知", "issuer_relation": Relation.SUPERIOR, "importance": IMPORTANT},
            "Y",
            "3.1",
        ),
        ({"kind": "报告", "title": "关于重大险情的报告"}, "D30", "3.4"),
        ({"kind": "报告", "title": "2024年度工作总结"}, "D10", "3.5"),
        ({"kind": "通知", "title": "关于联合检查的通知", "issuer_relation": Relation.PEER}, "D10", "4.3"),
        # What is kept for ever as an organ's own is kept by who sent it when it came from another.
        (
            {"kind": "纪要", "title": "常务会议纪要", "issuer_relation": Relation.SUPERIOR},
            "D30",
            "3.2",
        ),
        ({"kind": "决议", "title": "某区的决议"}, "D10", "3.5"),
        ({"kind": "通知", "title": "关于张某同志任职的通知"}, "D10", "3.5"),
        ({"kind": "通知", "title": "关于合同管理的通知", "issuer_relation": Relation.PEER}, "D10", "4.3"),
        # Handling a proposal is the organ's own business, whoever writes in the matter.
        ({"kind": "函", "title": "关于办理政协提案的函", "issuer_relation": Relation.PEER}, "Y", "1.8"),
    ],
)
def test_a_received_document_is_kept_by_its_row(
    request_received: Dossier, facts: dict[str, Any], retention: str | None, row: str
) -> None:
    decision = decide_retention(replace(request_received, **facts), DEFAULT_SCHEDULE)
    assert (decision.retention, decision.rule_code) == (retention, row)


def test_a_decision_says_which_row_matched_and_why(notice: Dossier) -> None:
    decision = decide_retention(replace(notice, title="关于2025年放假安排的通知"), DEFAULT_SCHEDULE)
    assert not decision.to_be_filed
    assert decision.explanation == (
        "不归档：符合保管期限表 默认-2007 第 N3 条“无查考利用价值的事务性、临时性文件”，标题含“放假安排”；"
        "依据：《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）不归档的文件材料"
    )


def test_the_default_schedule_is_sound() -> None:
    assert schedule_faults(DEFAULT_SCHEDULE) == ()


def test_the_latest_version_already_in_force_decides() -> None:
    newer = replace(DEFAULT_SCHEDULE, version="2026", effective_from=date(2026, 1, 1))
    schedules = [newer, DEFAULT_SCHEDULE]
    assert schedule_in_force(schedules, date(2025, 12, 31)) is DEFAULT_SCHEDULE
    assert schedule_in_force(schedules, date(2026, 1, 1)) is newer
    with pytest.raises(NoScheduleInForce):
        schedule_in_force(schedules, date(2006, 12, 31))


def test_a_schedule_that_leaves_documents_undecided_is_faulty() -> None:
    rule = RetentionRule(
        code="1", material="函", retention=Retention.PERMANENT, source="本地", kinds=frozenset("函")
    )
    every = replace(rule, code="1", kinds=frozenset())
    schedule = RetentionSchedule(version="1", effective_from=date(2025, 1, 1), approval=" ", rules=(rule,))
    assert schedule_faults(schedule) == ("缺少档案主管部门的审查同意意见", "最后应有一条适用于所有文件的条目")
    assert schedule_faults(replace(schedule, approval="同意", rules=(every, rule))) == (
        "条目编号 1 重复",
        "第 1 条排在兜底条目之后，永远不会用到",
    )


def test_a_schedule_survives_being_kept_as_a_table() -> None:
    assert load_schedule(dump_schedule(DEFAULT_SCHEDULE)) == DEFAULT_SCHEDULE


def test_every_wrong_row_of_a_table_is_told() -> None:
    table = dump_schedule(DEFAULT_SCHEDULE)
    table["rules"] = [
        {"code": "1", "material": "甲", "source": "乙", "retention": "D20", "colour": "red"},
        {"code": "", "material": "甲", "source": "乙", "directions": ["up"], "kinds": "函"},
        "函",
    ]
    table["effective_from"] = "soon"
    with pytest.raises(ScheduleInvalid) as refused:
        load_schedule(table)
    assert refused.value.reasons == (
        "第 1 行有不认识的项 colour",
        "第 1 行的保管期限应为 Y、D30、D10 或空（不归档）",
        "第 2 行缺少 code",
        "第 2 行的 directions 中有不认识的值 up",
        "第 2 行的 kinds 应为文字的列表",
        "第 3 行应为一个对象",
        "生效日期应写作 2025-01-01 的形式",
    )


@pytest.mark.parametrize(
    ("facts", "year", "rule"),
    [
        ({}, 2025, "signed"),
        ({"signed_on": date(2024, 12, 31)}, 2024, "signed"),
        ({"signed_on": None}, 2025, "signed"),
        ({"signed_on": None, "written_on": None}, 2025, "undated"),
        ({"meeting_ended_on": date(2026, 1, 3)}, 2026, "meeting_ended"),
    ],
)
def test_a_dispatched_document_belongs_to_the_year_of_its_signing(
    notice: Dossier, facts: dict[str, Any], year: int, rule: str
) -> None:
    decision = filing_year(replace(notice, **facts), filed_at=FILED_AT)
    assert (decision.year, decision.code) == (year, rule)


@pytest.mark.parametrize(
    ("facts", "year", "rule"),
    [
        ({}, 2025, "signed"),
        ({"written_on": date(2024, 12, 30)}, 2025, "handled_across_years"),
        ({"written_on": None}, 2025, "received"),
        ({"written_on": None, "received_at": None}, 2025, "undated"),
        # Half past midnight on New Year's Day in China is still the old year in UTC.
        ({"closed_at": datetime(2025, 12, 31, 16, 30, tzinfo=UTC)}, 2026, "handled_across_years"),
    ],
)
def test_a_received_document_belongs_to_the_year_of_closing_when_handling_crossed_the_year(
    request_received: Dossier, facts: dict[str, Any], year: int, rule: str
) -> None:
    decision = filing_year(replace(request_received, **facts), filed_at=FILED_AT)
    assert (decision.year, decision.code) == (year, rule)
    assert str(year) in decision.explanation
