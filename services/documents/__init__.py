"""公文办理."""

from shared.service import Service

SERVICE = Service(name="documents", title="公文办理", package="services.documents")
