"""机关内部办事."""

from shared.service import Service

SERVICE = Service(name="affairs", title="机关内部办事", package="services.affairs", has_cli=True)
