"""电子档案."""

from shared.service import Service

SERVICE = Service(name="archives", title="电子档案", package="services.archives", has_cli=True)
