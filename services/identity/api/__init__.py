"""The HTTP door of identity."""

from services.identity import SERVICE
from services.identity.api.administration import AdministrationRoutes
from services.identity.api.directory import DirectoryRoutes
from services.identity.api.sign_in import SignInRoutes


class IdentityApi(SignInRoutes, DirectoryRoutes, AdministrationRoutes):
    """Answers `/api/identity`."""

    name = "identity.api"
    service = SERVICE
