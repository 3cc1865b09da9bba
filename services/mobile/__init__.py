"""移动办公."""

from shared.service import Service

SERVICE = Service(name="mobile", title="移动办公", package="services.mobile")
