"""Signatures and ciphers of the protocol, written anew: with the library of the plugin it would share its mistakes."""

import base64
import os
import re
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from core import clock

SCHEME = "WECHATPAY2-SHA256-RSA2048"
_PAIRS = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name that its signatures are known by."""

    key_id: str
    key: RSAPrivateKey

    @property
    def public(self) -> RSAPublicKey:
        return self.key.public_key()

    @property
    def public_pem(self) -> str:
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def private_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def headers(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        """What is sent with a body, so that whoever gets it knows whose it is."""
        moment, nonce = str(now() if timestamp is None else timestamp), secrets.token_hex(16)
        signature = sign(self.key, f"{moment}\n{nonce}\n".encode() + body + b"\n")
        return {
            "Wechatpay-Serial": self.key_id,
            "Wechatpay-Timestamp": moment,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signature,
            "Wechatpay-Signature-Type": SCHEME,
        }


def new_signer() -> Signer:
    """A fresh key of the platform's."""
    return Signer(f"PUB_KEY_ID_{secrets.token_hex(16).upper()}", generate_private_key(65537, 2048))


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """RSA-SHA256, in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether the holder of a key has signed a message."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def parts_of(authorization: str) -> dict[str, str]:
    """What an Authorization says of who signs, when and how; empty where it is of another scheme."""
    scheme, _, rest = authorization.partition(" ")
    return dict(_PAIRS.findall(rest)) if scheme == SCHEME else {}


def encrypted(api_key: str, plain: bytes, original_type: str) -> dict[str, str]:
    """A resource of a notification."""
    nonce, data = secrets.token_hex(6), original_type
    cipher = AESGCM(api_key.encode()).encrypt(nonce.encode(), plain, data.encode())
    return {
        "original_type": original_type,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(cipher).decode(),
        "associated_data": data,
        "nonce": nonce,
    }


def now() -> int:
    """The real time, which a demo's clock does not move: signatures are looked at by it."""
    return int(clock.unmoved().timestamp())


def new_number(digits: int = 28) -> str:
    """A number as WeChat gives them."""
    return "42" + str(int.from_bytes(os.urandom(16), "big")).zfill(digits)[: digits - 2]
