"""Who is asking, as far as the request itself says."""

from ipaddress import ip_address, ip_network

from werkzeug.wrappers import Request

from shared.config import Settings


def bearer_token(request: Request) -> str:
    """The token of the `Authorization` header (RFC 6750 §2.1), empty when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def source_of(request: Request, settings: Settings) -> str:
    """The caller's address; what a proxy says of it counts only from a proxy that is trusted."""
    peer = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and _is_trusted(peer, settings.trusted_proxies):
        return forwarded.rpartition(",")[2].strip()[:64]
    return peer


def _is_trusted(peer: str, proxies: tuple[str, ...]) -> bool:
    """Whether that address is a proxy's: each is named by its address or by the network that it is in (CIDR)."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in ip_network(proxy, strict=False) for proxy in proxies)
