"""办会."""

from shared.service import Service

SERVICE = Service(name="meetings", title="办会", package="services.meetings")
