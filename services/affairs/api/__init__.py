"""The HTTP door of affairs."""

from services.affairs import SERVICE
from services.affairs.api.bundles import BundleRoutes
from services.affairs.api.cases import CaseRoutes
from services.affairs.api.guides import GuideRoutes
from services.affairs.api.matters import MatterRoutes
from services.affairs.api.offers import OfferRoutes
from services.affairs.api.reading import ReadingRoutes
from services.affairs.api.report_forms import ReportFormRoutes
from services.affairs.api.rules import RuleRoutes
from services.affairs.api.verifying import VerifyingRoutes
from services.affairs.api.work import WorkRoutes
from shared.web.auditing import AuditRoutes


class AffairsApi(
    MatterRoutes,
    GuideRoutes,
    CaseRoutes,
    OfferRoutes,
    BundleRoutes,
    ReportFormRoutes,
    ReadingRoutes,
    WorkRoutes,
    VerifyingRoutes,
    RuleRoutes,
    AuditRoutes,
):
    """Answers `/api/affairs`."""

    name = "affairs.api"
    service = SERVICE
