"""The HTTP door of identity."""

from services.identity import SERVICE
from services.identity.api.administration import AdministrationRoutes
from services.identity.api.directory import DirectoryRoutes
from services.identity.api.sign_in import SignInRoutes
from shared.web.auditing import AuditRoutes


class IdentityApi(SignInRoutes, DirectoryRoutes, AdministrationRoutes, AuditRoutes):
    """Answers `/api/identity`."""

    name = "identity.api"
    service = SERVICE
