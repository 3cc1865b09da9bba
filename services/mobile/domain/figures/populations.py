"""What figures are counted over: kinds of items, for which unit and on which day they count, and their measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LASTING = date(9999, 12, 31)


class Reach(StrEnum):
    """Which days a period takes in.

    `period`: the items whose day lies in it. `stock`: those that last on its last day, or today when that is earlier.
    `year`: those from 1 January of that day's year up to it, as a yearly plan counts.
    """

    PERIOD = "period"
    STOCK = "stock"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Population:
    """What is counted: in Chinese words what, for which unit and by which date, and its measures.

    Every item counts once (`n`, worded by `what`); a measure adds up 0 or 1, or a number, over the items.
    """

    name: str
    what: str
    unit: str
    dated: str
    reach: Reach = Reach.PERIOD
    measures: Mapping[str, str]

    def words_of(self, measure: str) -> str:
        return self.what if measure == "n" else self.measures[measure]

    def column_of(self, measure: str) -> str:
        """The column of entries and sums in which the measure stands."""
        return "n" if measure == "n" else f"m{list(self.measures).index(measure) + 1}"


_AGES = {
    "timed": "在办且工作日可计的件数",
    "running": "其中正在计时的件数",
    "started": "其计时起点的累计半工作日数之和",
    "used": "其暂停前已用的半工作日数之和",
}
_SETTLED = {
    "in_time": "按期办结的件数",
    "late": "超期办结或到期未办结的件数",
    "closed": "办结（工作日可计）的件数",
    "half_days": "办结件所用半工作日数之和",
}
_LEAD = "主办单位"
_HANDLER = "承办机关"
_OWNER = "公文所属机关"

# A meeting counts under each head of the yearly plan that it falls under: `meetings_planned:专题会`.
PLANNED_MEETINGS = "meetings_planned"
FILING_OF = "filing"
SYSTEMS = {"documents": "公文", "meetings": "会议", "supervision": "督查事项", "affairs": "办件"}

_DECLARED = (
    Population(
        name="matters",
        what="在清单中有效的事项数",
        unit="责任单位",
        dated="生效日起至更高版本号的版本生效或取消之日",
        reach=Reach.STOCK,
        measures={
            "one_trip": "跑动次数不超过1的有效事项数",
            "zero_trip": "跑动次数为0的有效事项数",
            "online": "可全程网办的有效事项数",
            "handled": "已办结过至少一件的有效事项数",
            "materials_saved": "有效事项减少的材料数之和",
            "materials_before": "有效事项原材料数之和",
            "days_saved": "有效事项压缩的工作日之和（法定时限−承诺时限）",
            "days_before": "有效事项法定时限之和",
        },
    ),
    Population(
        name="cases_applied",
        what="申请件数",
        unit=_HANDLER,
        dated="申请日",
        measures={
            "refused": "不予受理的件数",
            "facts_reused": "由系统带出的表单项数与复用的材料数之和",
            "facts_needed": "表单项数与材料数之和",
        },
    ),
    Population(
        name="cases_settled",
        what="应办结的件数（已办结的，和到期未办结的；撤回的不计）",
        unit=_HANDLER,
        dated="办结日；未办结的为承诺期限的次日",
        measures={**_SETTLED, "early": "所用工作日少于承诺工作日的办结件数"},
    ),
    Population(
        name="cases_open",
        what="在办件数",
        unit=_HANDLER,
        dated="受理日起至办结日",
        reach=Reach.STOCK,
        measures=_AGES,
    ),
    Population(
        name="cases_concluded",
        what="办理终了的件数（撤回的不计）",
        unit=_HANDLER,
        dated="终了日（送达并评价，或评价期满）",
        measures={
            "one_trip": "实际跑动不超过1次的终了件数",
            "zero_trip": "实际跑动0次的终了件数",
            "online": "网上申请并网上送达的终了件数",
        },
    ),
    Population(
        name="cases_rated",
        what="已评价的办件数",
        unit=_HANDLER,
        dated="评价日",
        measures={"satisfied": "评价4分或5分的办件数"},
    ),
    Population(
        name=FILING_OF,
        what="应归档的件数（办结或终了的公文、会议、督查事项、办件，按期限表不归档的除外）",
        unit="归档机关",
        dated="办结日或终了日",
        measures={"filed": "已归档的件数"},
    ),
    *(
        Population(
            name=f"{FILING_OF}:{system}",
            what=f"应归档的{title}数",
            unit="归档机关",
            dated="办结日或终了日",
            measures={"filed": f"已归档的{title}数"},
        )
        for system, title in SYSTEMS.items()
    ),
    Population(
        name="documents_issued",
        what="发文数",
        unit="发文机关",
        dated="印发日",
        measures={},
    ),
    Population(
        name="documents_planned",
        what="发文数与计划行数之和",
        unit="发文机关",
        dated="印发日；计划为其年度的1月1日",
        reach=Reach.YEAR,
        measures={
            "issued": "有年度计划的机关本年累计发文数",
            "planned": "各机关年度发文计划数之和",
            "plans": "计划行数",
        },
    ),
    Population(
        name="documents_open",
        what="在办公文数",
        unit=_OWNER,
        dated="起草日或收文日起至印发（发文）或办结（收文）之日",
        reach=Reach.STOCK,
        measures=_AGES,
    ),
    Population(
        name="documents_done",
        what="办结的公文数",
        unit=_OWNER,
        dated="发文为印发日，收文为办结日",
        measures={"closed": "办结且工作日可计的公文数", "half_days": "其所用半工作日数之和"},
    ),
    Population(
        name="answers_settled",
        what="应办复的收文数（已办结的，和到期未办结的）",
        unit="收文机关",
        dated="办结日；未办结的为办复期限的次日",
        measures={"in_time": "按期办复的收文数", "late": "逾期办复或到期未办复的收文数"},
    ),
    Population(
        name="receipts",
        what="送达的份数",
        unit="收文单位",
        dated="送达日",
        measures={"signed": "已签收的份数", "returned": "退回的份数"},
    ),
    Population(
        name="meetings_called",
        what="召开会议数（已通知，未取消）",
        unit="主办会议的机关",
        dated="会期首日",
        measures={"over": "超出年度计划的会议数"},
    ),
    Population(
        name="decisions",
        what="议定事项数",
        unit=_LEAD,
        dated="议定记录日",
        measures={"settled": "其督查事项已销号或已记明不需督办的议定事项数"},
    ),
    Population(
        name="tasks_assigned",
        what="交办的督查事项数",
        unit=_LEAD,
        dated="首次交办日",
        measures={
            "extended": "获准延期的事项数",
            "returned": "曾被退回的事项数",
            "sent_back": "曾退回重办的事项数",
        },
    ),
    Population(
        name="tasks_signed",
        what="已签收的督查事项数",
        unit=_LEAD,
        dated="签收日",
        measures={"in_time": "按时签收的事项数"},
    ),
    Population(
        name="feedback",
        what="应反馈次数（按时反馈的，和逾期未反馈的）",
        unit=_LEAD,
        dated="反馈日；逾期的为应反馈日",
        measures={"in_time": "按时反馈次数"},
    ),
    Population(
        name="tasks_settled",
        what="应办结的督查事项数（已销号的，和到期未申请办结或逾期申请的；按期申请待审核、中止、退回待重新交办和撤销的不计）",
        unit=_LEAD,
        dated="销号日；未销号的为办结期限的次日",
        measures={
            **_SETTLED,
            "in_time": "按期申请办结并已销号的事项数",
            "late": "逾期申请办结或到期未申请办结的事项数",
        },
    ),
    Population(
        name="tasks_open",
        what="在办的督查事项数",
        unit=_LEAD,
        dated="首次交办日起至销号日或撤销日",
        reach=Reach.STOCK,
        measures={"red": "其中亮红灯的事项数", **_AGES},
    ),
    Population(
        name="tasks_rated",
        what="已评价的督查事项数",
        unit=_LEAD,
        dated="终了日",
        measures={"satisfied": "评价4分或5分的事项数"},
    ),
    Population(
        name=PLANNED_MEETINGS,
        what="列入年度计划类别的会议数",
        unit="主办会议的机关",
        dated="会期首日，计入会议通知所记的年度",
        reach=Reach.YEAR,
        measures={},
    ),
)
POPULATIONS: Mapping[str, Population] = {made.name: made for made in _DECLARED}


def population_of(name: str) -> Population:
    """The population of that name, or of which it is a part (`meetings_planned:专题会`)."""
    return POPULATIONS.get(name) or POPULATIONS[name.partition(":")[0]]
