"""The HTTP door of supervision."""

from services.supervision import SERVICE
from services.supervision.api.appeals import AppealRoutes
from services.supervision.api.assessment import AssessmentRoutes
from services.supervision.api.board import BoardRoutes
from services.supervision.api.rules import RuleRoutes
from services.supervision.api.tasks import TaskRoutes
from services.supervision.api.verbs import VerbRoutes
from shared.web.auditing import AuditRoutes


class SupervisionApi(
    TaskRoutes, VerbRoutes, BoardRoutes, AssessmentRoutes, AppealRoutes, RuleRoutes, AuditRoutes
):
    """Answers `/api/supervision`."""

    name = "supervision.api"
    service = SERVICE
