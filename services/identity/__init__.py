"""统一身份认证."""

from shared.service import Service

SERVICE = Service(
    name="identity",
    title="统一身份认证",
    package="services.identity",
    has_cli=True,
    more_commands=("keys",),
)
