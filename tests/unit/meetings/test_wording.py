"""Minutes as they are first drafted, and states."""

from datetime import UTC, date, datetime

import pytest

from services.meetings.domain.states import MEETING_ACTS, MINUTES_ACTS, TOPIC_ACTS, meeting_after, topic_after
from services.meetings.domain.wording import DecidedLine, HeardItem, HeldMeeting, first_draft, numeral
from shared.errors import Problem

LINE = DecidedLine(text="完成清理；", lead="市数据局", assistants=("市财政局",), due_on=date(2026, 12, 31))


def test_the_first_draft_says_what_was_heard_and_decided() -> None:
    items = (
        HeardItem(title="归档", reporter="市数据局", postponed=False, note="", decisions=(LINE, LINE)),
        HeardItem(title="预算", reporter="", postponed=True, note="待测算", decisions=()),
    )
    held = HeldMeeting(
        title="专题会议", began_at=datetime(2026, 11, 4, 17, tzinfo=UTC), place="一会议室", chair="市长王示例",
        items=items, other_decisions=(LINE,),
    )  # fmt: skip
    text = first_draft(held)
    assert text[0].startswith("2026年11月5日，市长王示例在一会议室主持召开专题会议，研究了 2 个事项。")
    assert text[1:4] == ["一、归档", "会议听取了市数据局的汇报。", "会议议定以下事项："]
    assert text[4] == "（一）完成清理。由市数据局牵头，市财政局配合，于2026年12月31日前完成。"
    assert text[6:8] == ["二、预算", "会议决定缓议：待测算。"]
    assert text[8] == "三、其他事项"


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")]
)
def test_headings_count_in_chinese(number: int, word: str) -> None:
    assert numeral(number) == word


def test_every_act_leads_where_its_table_says_and_nowhere_else() -> None:
    assert meeting_after("call", "planned") == "called"
    assert topic_after("take_up", "pooled") == "approving"
    with pytest.raises(Problem, match="act_not_possible"):
        meeting_after("call", "held")
    with pytest.raises(Problem, match="act_not_possible"):
        topic_after("schedule", "pooled")
    acts = [*TOPIC_ACTS.values(), *MEETING_ACTS.values(), *MINUTES_ACTS.values()]
    assert all(name and sources for name, sources, _ in acts)
