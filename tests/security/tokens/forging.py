"""Tokens as somebody might make them up, and as our own key would sign them, whatever it says in them."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

Header: TypeAlias = Mapping[str, Any] | bytes
Signing: TypeAlias = Callable[[bytes], bytes]

THIEF = OKPKey.generate_key("Ed25519")
FAR = 10**12  #: seconds, some thirty thousand years


def encoded(value: bytes) -> str:
    """As it stands in a token."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def signing(key: OKPKey) -> Signing:
    """How a private key signs."""
    private = key.get_op_key("sign")
    assert isinstance(private, Ed25519PrivateKey)
    return private.sign


@dataclass(frozen=True)
class Token:
    """A token in its parts, to be changed and written down again."""

    header: Header
    claims: Mapping[str, Any] | bytes
    sign: Signing

    @classmethod
    def of(cls, text: str, key: OKPKey) -> "Token":
        """A token of ours, and the key it is signed with."""
        header, claims, _ = text.split(".")
        return cls(orjson.loads(decoded(header)), orjson.loads(decoded(claims)), signing(key))

    def saying(self, **claims: Any) -> "Token":
        """The same with other claims."""
        return replace(self, claims={**self.said, **claims})

    def without(self, claim: str) -> "Token":
        """The same without a claim."""
        return replace(self, claims={name: value for name, value in self.said.items() if name != claim})

    def headed(self, **header: Any) -> "Token":
        """The same with another header."""
        return replace(self, header={**self.head, **header})

    def headless(self, name: str) -> "Token":
        """The same without a part of its header."""
        return replace(self, header={key: value for key, value in self.head.items() if key != name})

    def by(self, sign: Signing, **header: Any) -> "Token":
        """The same, signed by another key."""
        return replace(self.headed(**header), sign=sign)

    @property
    def said(self) -> dict[str, Any]:
        assert not isinstance(self.claims, bytes)
        return dict(self.claims)

    @property
    def head(self) -> dict[str, Any]:
        assert not isinstance(self.header, bytes)
        return dict(self.header)

    def __str__(self) -> str:
        signed = f"{encoded(_bytes(self.header))}.{encoded(_bytes(self.claims))}"
        return f"{signed}.{encoded(self.sign(signed.encode()))}"


def _bytes(value: Mapping[str, Any] | bytes) -> bytes:
    return value if isinstance(value, bytes) else orjson.dumps(value)
