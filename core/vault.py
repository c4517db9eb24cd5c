"""Secrets of one tenant at rest: personal data sealed with AES-256-GCM and found again by a blind index."""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

_NONCE_BYTES = 12
_OWNER_BYTES = 8  # of an address; the other half is chance
_MOST_TENANTS = 2**32  # what is read as more was made up by whoever sent it


class Vault:
    """Seals and opens one tenant's personal data; another tenant's key opens nothing of it."""

    def __init__(self, secret: bytes, tenant_id: int) -> None:
        self._tenant_id = tenant_id
        self._secret = secret
        self._cipher = AESGCM(derive(secret, f"seal:{tenant_id}"))
        self._index_key = derive(secret, f"index:{tenant_id}")
        self._token_keys = lru_cache(maxsize=8)(lambda generation: _signing_key(secret, tenant_id, generation))

    def token_key(self, generation: int) -> OKPKey:
        """The Ed25519 key that signs a generation of tokens; no tenant can sign for another."""
        return self._token_keys(generation)

    def seal(self, value: object, place: str) -> bytes:
        """Encrypt a JSON value, bound to its place ("table.column:row") so that rows cannot be swapped."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(value), self._binding(place))

    def open(self, sealed: bytes, place: str) -> object:
        """Decrypt what seal() made for the same place."""
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._binding(place))
        except InvalidTag:
            raise ValueError(f"{place} does not open with this tenant's key") from None
        return orjson.loads(plain)

    def index(self, value: str, kind: str) -> bytes:
        """A keyed hash by which an encrypted value of some kind is looked up."""
        return hmac.digest(self._index_key, f"{kind}:{value}".encode(), hashlib.sha256)

    def address(self) -> UUID:
        """A fresh name of 128 bits, by which we know the tenant again and nobody else does."""
        encryptor = _addresses(self._secret).encryptor()
        plain = self._tenant_id.to_bytes(_OWNER_BYTES, "big") + os.urandom(16 - _OWNER_BYTES)
        return UUID(bytes=encryptor.update(plain) + encryptor.finalize())

    def _binding(self, place: str) -> bytes:
        return f"{self._tenant_id}:{place}".encode()


def _signing_key(secret: bytes, tenant_id: int, generation: int) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(derive(secret, f"token:{tenant_id}:{generation}"))
    return OKPKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def owner_of(secret: bytes, address: UUID) -> int | None:
    """The tenant that an address was made for; None for nearly everything that is made up."""
    decryptor = _addresses(secret).decryptor()
    plain = decryptor.update(address.bytes) + decryptor.finalize()
    owner = int.from_bytes(plain[:_OWNER_BYTES], "big")
    return owner if owner < _MOST_TENANTS else None


def _addresses(secret: bytes) -> Cipher[modes.ECB]:
    # an address is one block, half of it chance: there are no others that it could be alike to
    return Cipher(AES256(derive(secret, "address")), modes.ECB())  # noqa: S305


@lru_cache(maxsize=4096)
def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose from the installation's secret."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
