"""How events of the yearly assessment (督考合一) read. Why points were taken off is for those concerned."""

from collections.abc import Mapping

from services.mobile.domain.wording import Rank, Wording
from shared.events import assessment
from shared.events.base import Event


def _corrected(event: assessment.AssessmentCorrected) -> str:
    taken = event.points.startswith("-")
    points = event.points.removeprefix("-")
    because = "（申诉成立）" if event.appeal_id else ""
    return f"更正考核得分：{'减' if taken else '加'} {points} 分{because}"


ASSESSMENT: Mapping[type[Event], Wording] = {
    assessment.FindingRecorded: Wording(lambda e: f"登记考核扣分 {e.points} 分，计入 {e.on:%Y-%m-%d}"),
    assessment.FindingWithdrawn: Wording(lambda e: "撤销一项考核扣分"),
    assessment.AssessmentPublished: Wording(
        lambda e: (
            f"公布《{e.title}》结果（{e.period_from:%Y-%m-%d} 至 {e.period_to:%Y-%m-%d}），{e.units} 个单位"
        ),
        Rank.MILESTONE,
    ),
    assessment.AssessmentCorrected: Wording(_corrected),
    assessment.AppealMade: Wording(lambda e: "对考核得分提出申诉", about="assessment_id"),
    assessment.AppealDecided: Wording(
        lambda e: "申诉成立，将更正得分" if e.accepted else "申诉不成立，得分不变", about="assessment_id"
    ),
}
