"""What anybody who holds a result may ask, without signing in."""

from typing import Any
from uuid import UUID

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from services.affairs import errors, sealing
from services.affairs.models import SealKey
from services.affairs.queries.results import find_seal_key, get_seal_key, list_seal_keys, verify_result
from services.affairs.schemas.verifying import CertificateSchema, VerificationSchema
from shared.config import Settings
from shared.web import PUBLIC, SIGNED_IN, Call, Download, Page, route

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
            raise errors.seal_key_not_found()
        return _certificate_of(key)

    @route("GET", "/seal/certificates", permission=SIGNED_IN, page_of=CertificateSchema)
    def list_certificates(self, call: Call) -> Page[Any]:
        """现用和停用的结果签章证书; 停用的仍用于核对以前的结果"""
        shown = [
            {**_facts_of(key), "sha256": sealing.fingerprint(key.certificate)}
            for key in list_seal_keys(call.session)
        ]
        return Page(shown, None)

    @route("GET", "/seal/certificates/<uuid:key_id>", permission=SIGNED_IN, downloads=PEM)
    def download_one_certificate(self, call: Call, key_id: UUID) -> Download:
        """下载一份结果签章证书, 停用的也可下载"""
        return _certificate_of(get_seal_key(call.session, key_id))


def _facts_of(key: SealKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in ("id", "active", "made_at", "expires_at", "retired_at")}


def _certificate_of(key: SealKey) -> Download:
    pem = sealing.certificate_pem(key.certificate)
    return Download(chunks=[pem], media_type=PEM, name="办理结果签章.pem", size=len(pem))
