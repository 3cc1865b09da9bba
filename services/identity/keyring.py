"""Signing keys in the hand: made, sealed for storage, opened, and used to sign access tokens."""

import base64
import os
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.auth.tokens import ALGORITHM, TOKEN_TYPE

SHORTEST_SECRET = 32
_NONCE_BYTES = 12


class SecretUnusable(RuntimeError):
    """The installation's secret is missing, too short, or not the one that the keys were sealed with."""


@dataclass(frozen=True)
class KeyPair:
    """A fresh P-256 key: the public coordinates as JWK writes them (RFC 7518 §6.2), and the sealed private half."""

    x: str
    y: str
    sealed_private: bytes


class Keyring:
    """What is derived from the installation's secret (`YIWANG_SECRET_KEY`)."""

    def __init__(self, secret: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise SecretUnusable(
                f"YIWANG_SECRET_KEY must have at least {SHORTEST_SECRET} characters; it seals the signing keys"
            )
        self._sealing = AESGCM(_derived(secret, b"yiwang signing keys"))
        self.refresh_key = _derived(secret, b"yiwang refresh tokens")
        self._opened: dict[str, ec.EllipticCurvePrivateKey] = {}

    def make(self, kid: str) -> KeyPair:
        """A new key of that name."""
        private = ec.generate_private_key(ec.SECP256R1())
        numbers = private.public_key().public_numbers()
        plain = private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._sealing.encrypt(nonce, plain, kid.encode())
        return KeyPair(_base64url(numbers.x), _base64url(numbers.y), sealed)

    def sign(self, claims: dict[str, Any], *, kid: str, sealed_private: bytes) -> str:
        """A signed access token (RFC 9068)."""
        headers = {"typ": TOKEN_TYPE, "kid": kid}
        return jwt.encode(claims, self._open(kid, sealed_private), algorithm=ALGORITHM, headers=headers)

    def _open(self, kid: str, sealed: bytes) -> ec.EllipticCurvePrivateKey:
        if kid not in self._opened:
            try:
                plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], kid.encode())
            except InvalidTag as error:
                raise SecretUnusable(
                    "the signing keys were sealed with another YIWANG_SECRET_KEY; restore it, "
                    "or make new keys with: yiwang keys reset"
                ) from error
            opened = serialization.load_der_private_key(plain, password=None)
            assert isinstance(opened, ec.EllipticCurvePrivateKey), "only P-256 keys are ever sealed"
            self._opened[kid] = opened
        return self._opened[kid]


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
