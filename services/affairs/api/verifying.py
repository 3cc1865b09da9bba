"""What anybody who holds a result may ask, without signing in."""

from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from services.affairs import errors, sealing
from services.affairs.queries.results import find_seal_key, verify_result
from services.affairs.schemas.cases import VerificationSchema
from shared.config import Settings
from shared.web import PUBLIC, SIGNED_IN, Call, Download, route

PEM = "application/x-pem-file"
PER_MINUTE = 30
_WINDOW_SECONDS = 60


class VerificationLimiter:
    """So many look-ups a minute from one address: codes cannot be guessed, and nobody is to try."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(PER_MINUTE)

    def check(self, source: str) -> None:
        """Count a look-up from that address; Problem 429 when it asks too often."""
        if not self._limiter.hit(self._limit, source):
            raise errors.verified_too_often(_WINDOW_SECONDS)


class VerifyingRoutes:
    """The QR of a result leads here."""

    @route("GET", "/results/<string:code>/verify", permission=PUBLIC, returns=VerificationSchema)
    def verify(self, call: Call, code: str) -> dict[str, Any]:
        """核验办理结果的真伪和效力"""
        call.runtime.resource(VerificationLimiter, VerificationLimiter).check(call.actor.source)
        return verify_result(call.session, code)

    @route("GET", "/seal/certificate", permission=SIGNED_IN, downloads=PEM)
    def download_certificate(self, call: Call) -> Download:
        """下载结果签章证书, 供 PDF 阅读器信任"""
        key = find_seal_key(call.session)
        if key is None:
            raise errors.result_not_found()
        pem = sealing.certificate_pem(key.certificate)
        return Download(chunks=[pem], media_type=PEM, name="办理结果签章.pem", size=len(pem))
