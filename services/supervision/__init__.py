"""督查督办."""

from shared.service import Service

SERVICE = Service(name="supervision", title="督查督办", package="services.supervision")
