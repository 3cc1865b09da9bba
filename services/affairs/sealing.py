"""The service's signing key in the hand: made with a self-issued certificate, sealed for storage, used to sign PDFs.

Signatures are PDF signatures (ISO 32000-2 §12.8) with ECDSA on P-256, which any reader of PDF checks.
"""

import asyncio
import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

SHORTEST_SECRET = 32
GOOD_FOR = timedelta(days=3650)
COMMON_NAME = "机关内部办事结果签章"
_FIELD = "AffairsResult"
_NONCE_BYTES = 12
_USES = {"digital_signature": True, "content_commitment": True}
_NO_USES = (
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class SealUnusable(RuntimeError):
    """The suite's secret is missing, too short, or not the one that the key was sealed with."""


@dataclass(frozen=True, kw_only=True)
class SealPair:
    """A certificate (DER) and the sealed private half of its key."""

    certificate: bytes
    sealed_private: bytes
    expires_at: datetime


def make_pair(secret: str, *, key_id: UUID, now: datetime) -> SealPair:
    """A new key with its self-issued certificate, good for ten years. SealUnusable without a secret."""
    sealing = _sealing(secret)
    private = ec.generate_private_key(ec.SECP256R1())
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    nonce = os.urandom(_NONCE_BYTES)
    expires_at = now + GOOD_FOR
    return SealPair(
        certificate=_certificate(private, now=now, expires_at=expires_at),
        sealed_private=nonce + sealing.encrypt(nonce, plain, key_id.bytes),
        expires_at=expires_at,
    )


def sign_pdf(
    pdf: bytes, *, secret: str, key_id: UUID, certificate: bytes, sealed_private: bytes, signer_name: str
) -> bytes:
    """The PDF with an invisible signature in the name of an organ. SealUnusable with another secret."""
    private = _opened(secret, key_id=key_id, sealed=sealed_private)
    own = asn1_x509.Certificate.load(certificate)
    store = SimpleCertificateStore()
    store.register(own)
    signer = signers.SimpleSigner(
        signing_cert=own, signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=store
    )
    meta = signers.PdfSignatureMetadata(
        field_name=_FIELD, md_algorithm="sha256", name=signer_name, reason="机关内部办事结果"
    )
    signed = io.BytesIO()
    signing = signers.PdfSigner(meta, signer=signer).async_sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed
    )
    with asyncio.Runner(loop_factory=_LoopWithoutSockets) as runner:
        runner.run(signing)
    return signed.getvalue()


def certificate_pem(certificate: bytes) -> bytes:
    """The certificate as readers of PDF import it."""
    loaded = x509.load_der_x509_certificate(certificate)
    return loaded.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: bytes) -> str:
    """The certificate's SHA-256, as readers of PDF show it, in lower case without colons."""
    return hashlib.sha256(certificate).hexdigest()


class _NothingToWaitFor:
    """Stands where an event loop looks for sockets that are ready."""

    def select(self, timeout: float | None = None) -> Iterable[Any]:
        return ()


class _LoopWithoutSockets(asyncio.BaseEventLoop):
    """Signing is written as coroutines but waits for nothing: the usual loop would open sockets that eventlet minds."""

    _selector = _NothingToWaitFor()

    def _process_events(self, event_list: Iterable[Any]) -> None:
        """There are never any."""

    def _write_to_self(self) -> None:
        """Nobody else's thread ever wakes it."""


def _certificate(private: ec.EllipticCurvePrivateKey, *, now: datetime, expires_at: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COMMON_NAME)])
    usage = x509.KeyUsage(**_USES, **dict.fromkeys(_NO_USES, False))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(expires_at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.DER)


def _opened(secret: str, *, key_id: UUID, sealed: bytes) -> bytes:
    try:
        return _sealing(secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], key_id.bytes)
    except InvalidTag as error:
        raise SealUnusable(
            "the key of results was sealed with another YIWANG_SECRET_KEY; restore the former one"
        ) from error


def _sealing(secret: str) -> AESGCM:
    if len(secret) < SHORTEST_SECRET:
        raise SealUnusable(
            f"YIWANG_SECRET_KEY must have at least {SHORTEST_SECRET} characters; it seals the key of results"
        )
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yiwang results")
    return AESGCM(derived.derive(secret.encode()))
