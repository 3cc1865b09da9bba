"""The figures themselves: from this list come the queries, the drill-down, the README's table and the API's shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.mobile.domain.figures.populations import PLANNED_MEETINGS, POPULATIONS, SYSTEMS, Population

_PLAN = "萍乡市工作方案"
_SETS = "杭州、南湖等地公开指标"
_DESIGN = "[设计]"


class Form(StrEnum):
    """How a figure reads: a percentage, a mean number of working days, or a plain number."""

    PERCENT = "percent"
    DAYS = "days"
    COUNT = "count"


class Way(StrEnum):
    """How numerator and denominator come about.

    `share`: one measure over another. `mean`: time used by closed items and the age so far of open ones, over both.
    `plan`: as share, over the organs that have a plan. `meetings_plan`: meetings against the yearly plan that holds for
    each organ. `coverage`: divisions of the directory.
    """

    SHARE = "share"
    MEAN = "mean"
    PLAN = "plan"
    MEETINGS_PLAN = "meetings_plan"
    COVERAGE = "coverage"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure; `open_in` is the population of open items that a mean takes in, `less` what their time leaves out."""

    code: str
    name: str
    section: str
    source: str = _DESIGN
    form: Form = Form.PERCENT
    way: Way = Way.SHARE
    of: str
    numerator: str = "n"
    denominator: str = "n"
    open_in: str = ""
    less: str = "中止"

    @property
    def population(self) -> Population:
        return POPULATIONS[self.of]

    @property
    def populations(self) -> tuple[str, ...]:
        """Every population whose sums it needs."""
        return (self.of, self.open_in) if self.open_in else (self.of,)

    @property
    def words(self) -> tuple[str, str]:
        """Numerator and denominator in words; the second is empty for a plain number."""
        if self.way in _SPECIAL_WORDS:
            top, bottom = _SPECIAL_WORDS[self.way]
            return top.format(less=self.less), bottom
        top = self.population.words_of(self.numerator)
        return (top, "" if self.form is Form.COUNT else self.population.words_of(self.denominator))

    @property
    def formula(self) -> str:
        """The formula in words."""
        top, bottom = self.words
        return f"{top} ÷ {bottom}" if bottom else top

    @property
    def unit(self) -> str:
        return _COVERED_UNIT if self.way is Way.COVERAGE else self.population.unit

    @property
    def dated(self) -> str:
        return _COVERED_DAY if self.way is Way.COVERAGE else self.population.dated


_COVERED_UNIT = "该区划中层级最高的单位"
_COVERED_DAY = "期末日（现行机构名录）"
_SPECIAL_WORDS = {
    Way.MEAN: (
        "期内办结件所用工作日与期末在办件至期末的工作日之和（扣除{less}）",
        "期内办结件数与期末在办件数之和",
    ),
    Way.MEETINGS_PLAN: ("有年度计划的会议类别本年累计召开数", "各机关各类别年度会议计划数之和"),
    Way.COVERAGE: (
        "其中至少一个现有单位有在任人员、且该人员在系统中办理过事务的区划数",
        "名录中有现有单位的市、县、乡、村级区划数",
    ),
}
_MATTERS, _CASES, _FILING = "机关内部最多跑一次", "办件", "归档"
_QUOTAS, _TASKS, _DOCUMENTS = "精文减会", "督查督办", "公文办理"

_DECLARED = (
    Figure(code="matters", name="有效事项数", section=_MATTERS, form=Form.COUNT, of="matters"),
    Figure(code="one_trip_matters", name="最多跑一次实现率", section=_MATTERS, source=_PLAN, of="matters",
           numerator="one_trip"),
    Figure(code="zero_trip_matters", name="跑零次率", section=_MATTERS, source=_SETS, of="matters",
           numerator="zero_trip"),
    Figure(code="online_matters", name="网办率", section=_MATTERS, source=_SETS, of="matters", numerator="online"),
    Figure(code="materials_saved", name="减材料率", section=_MATTERS, source=_SETS, of="matters",
           numerator="materials_saved", denominator="materials_before"),
    Figure(code="days_saved", name="压缩时限率", section=_MATTERS, source=_SETS, of="matters",
           numerator="days_saved", denominator="days_before"),
    Figure(code="matters_handled", name="事项累计办理率", section=_MATTERS, source=_PLAN, of="matters",
           numerator="handled"),
    Figure(code="cases_applied", name="申请件数", section=_CASES, form=Form.COUNT, of="cases_applied"),
    Figure(code="cases_refused", name="不予受理率", section=_CASES, of="cases_applied", numerator="refused"),
    Figure(code="facts_reused", name="一次填报复用率", section=_CASES, of="cases_applied",
           numerator="facts_reused", denominator="facts_needed"),
    Figure(code="cases_in_time", name="办件按期办结率", section=_CASES, of="cases_settled", numerator="in_time"),
    Figure(code="cases_late", name="超期率", section=_CASES, of="cases_settled", numerator="late"),
    Figure(code="cases_early", name="提前办结率", section=_CASES, of="cases_settled", numerator="early",
           denominator="closed"),
    Figure(code="cases_mean_days", name="办件平均办理工作日", section=_CASES, form=Form.DAYS, way=Way.MEAN,
           of="cases_settled", numerator="half_days", denominator="closed", open_in="cases_open"),
    Figure(code="one_trip_cases", name="实际最多跑一次率", section=_CASES, of="cases_concluded",
           numerator="one_trip"),
    Figure(code="zero_trip_cases", name="实际跑零次率", section=_CASES, of="cases_concluded",
           numerator="zero_trip"),
    Figure(code="online_cases", name="实际网办率", section=_CASES, of="cases_concluded", numerator="online"),
    Figure(code="cases_satisfied", name="满意率", section=_CASES, source=_SETS, of="cases_rated",
           numerator="satisfied"),
    Figure(code="filed", name="电子文件归档率", section=_FILING, source=_PLAN, of="filing", numerator="filed"),
    *(
        Figure(code=f"filed_{system}", name=f"{title}归档率", section=_FILING, of=f"filing:{system}",
               numerator="filed")
        for system, title in SYSTEMS.items()
    ),
    Figure(code="coverage", name="四级组织覆盖率", section="覆盖", source=_PLAN, way=Way.COVERAGE, of="matters"),
    Figure(code="documents_issued", name="发文数", section=_QUOTAS, form=Form.COUNT, of="documents_issued"),
    Figure(code="documents_against_plan", name="发文计划使用率", section=_QUOTAS, way=Way.PLAN,
           of="documents_planned", numerator="issued", denominator="planned"),
    Figure(code="meetings_called", name="会议数", section=_QUOTAS, form=Form.COUNT, of="meetings_called"),
    Figure(code="meetings_against_plan", name="会议计划使用率", section=_QUOTAS, way=Way.MEETINGS_PLAN,
           of=PLANNED_MEETINGS),
    Figure(code="meetings_over", name="超计划会议率", section=_QUOTAS, of="meetings_called", numerator="over"),
    Figure(code="tasks_assigned", name="交办事项数", section=_TASKS, form=Form.COUNT, of="tasks_assigned"),
    Figure(code="tasks_signed_in_time", name="按时签收率", section=_TASKS, of="tasks_signed", numerator="in_time"),
    Figure(code="feedback_in_time", name="按时反馈率", section=_TASKS, of="feedback", numerator="in_time"),
    Figure(code="tasks_in_time", name="按期办结率", section=_TASKS, of="tasks_settled", numerator="in_time"),
    Figure(code="tasks_extended", name="延期率", section=_TASKS, of="tasks_assigned", numerator="extended"),
    Figure(code="tasks_returned", name="退回率", section=_TASKS, of="tasks_assigned", numerator="returned"),
    Figure(code="tasks_sent_back", name="退回重办率", section=_TASKS, of="tasks_assigned", numerator="sent_back"),
    Figure(code="tasks_red", name="红灯率", section=_TASKS, of="tasks_open", numerator="red"),
    Figure(code="tasks_mean_days", name="督查事项平均办理工作日", section=_TASKS, form=Form.DAYS, way=Way.MEAN,
           of="tasks_settled", numerator="half_days", denominator="closed", open_in="tasks_open",
           less="中止和申请办结之后的审核"),
    Figure(code="tasks_satisfied", name="督查事项满意率", section=_TASKS, of="tasks_rated", numerator="satisfied"),
    Figure(code="decisions_settled", name="议定事项落实率", section=_TASKS, of="decisions", numerator="settled"),
    Figure(code="documents_signed_for", name="公文签收率", section=_DOCUMENTS, of="receipts", numerator="signed"),
    Figure(code="documents_returned", name="公文退回率", section=_DOCUMENTS, of="receipts", numerator="returned"),
    Figure(code="answers_in_time", name="公文按期办复率", section=_DOCUMENTS, of="answers_settled",
           numerator="in_time"),
    Figure(code="answers_late", name="公文逾期率", section=_DOCUMENTS, of="answers_settled", numerator="late"),
    Figure(code="documents_mean_days", name="公文平均办理工作日", section=_DOCUMENTS, form=Form.DAYS, way=Way.MEAN,
           of="documents_done", numerator="half_days", denominator="closed", open_in="documents_open"),
)  # fmt: skip
FIGURES: Mapping[str, Figure] = {made.code: made for made in _DECLARED}


def figure_of(code: str) -> Figure:
    """The figure of that code; KeyError when there is none."""
    return FIGURES[code]
