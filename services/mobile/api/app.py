"""Pages: each sent as one file, which the browser may run and which may talk to nothing but this site."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

from services.mobile import SERVICE
from shared.web import Download

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="([\w./-]+)">')
_SCRIPT = re.compile(r'<script((?: [a-z-]+="[^"]*")*) src="([\w./-]+)"></script>')
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@cache
def _page(name: str) -> tuple[bytes, str]:
    """The page and its content security policy, which names its own scripts and style by digest."""
    text = _assembled(name)
    allowed = {
        kind: " ".join(_digest(content) for found, content in _INLINE.findall(text) if found == kind)
        for kind in ("script", "style")
    }
    policy = (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']};"
        " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return text.encode(), policy


def _assembled(name: str) -> str:
    """The page with the style, scripts and tables that it names put in their places."""
    text = _read(name)
    text = _STYLESHEET.sub(lambda found: f"<style>{_read(found[1])}</style>", text)
    return _SCRIPT.sub(lambda found: f"<script{found[1]}>{_read(found[2])}</script>", text)


def _read(name: str) -> str:
    return files(SERVICE.package).joinpath(name).read_text("utf-8")


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
