"""Pages: each one file, which the browser may run and which may talk to nothing but this site."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

from services.mobile import SERVICE
from shared.web import Download

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@cache
def _page(name: str) -> tuple[bytes, str]:
    """The page and its content security policy, which names its own script and style by digest."""
    text = files(SERVICE.package).joinpath(name).read_text("utf-8")
    allowed = {kind: _digest(content) for kind, content in _INLINE.findall(text)}
    policy = (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']};"
        " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return text.encode(), policy


def phone_page() -> Download:
    """A person's inbox on a phone."""
    return _shown("app.html")


def figures_page() -> Download:
    """The figures, for leaders."""
    return _shown("figures.html")


def _shown(name: str) -> Download:
    content, policy = _page(name)
    return Download(
        chunks=[content],
        media_type="text/html",
        name=name,
        size=len(content),
        inline=True,
        headers={"Content-Security-Policy": policy},
    )


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
