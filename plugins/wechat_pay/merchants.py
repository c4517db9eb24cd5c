"""Whose money it becomes: a brand's merchants at WeChat, each for all stores or for some, with their keys sealed."""

import json
from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from core.extensions import Settings
from core.identity.openid import NetworkRules
from core.work import Work
from plugins.wechat_pay.errors import WechatPayNotHere

NAME = "wechat_pay"
NOTIFY = "notify"
GATEWAY = "https://api.mch.weixin.qq.com"
_API_KEY_BYTES = 32
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


class PublicKey(BaseModel):
    """A key that WeChat signs by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9A-Za-z_]{8,100}$", description="Its name, PUB_KEY_ID_...")
    pem: str = Field(description="The key itself, from -----BEGIN PUBLIC KEY----- on.")

    @field_validator("pem")
    @classmethod
    def _is_one(cls, told: str) -> str:
        if not isinstance(_loaded(load_pem_public_key, told), RSAPublicKey):
            raise ValueError("this is no public key of RSA in PEM")  # noqa: TRY004 - which pydantic hears
        return told


class Merchant(BaseModel):
    """A merchant number with what WeChat signs by and what it belongs to; its own keys stand in `keys`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mchid: str = Field(pattern=r"^[0-9]{8,10}$", description="The merchant's number.")
    app_id: str = Field(pattern=r"^wx[0-9a-zA-Z]{8,30}$", description="The mini-program that it is bound to.")
    serial: str = Field(pattern=r"^[0-9A-Fa-f]{8,64}$", description="The number of the merchant's certificate.")
    public_keys: tuple[PublicKey, ...] = Field(
        min_length=1, max_length=3, description="WeChat's keys: the first is asked for, the others are good as well."
    )
    stores: frozenset[UUID] = Field(
        frozenset(), description="The stores whose money it takes; none for every store that no other merchant has."
    )

    def public_key(self, name: str) -> PublicKey | None:
        """The key of that name."""
        return next((one for one in self.public_keys if one.id == name), None)

    @property
    def account(self) -> str:
        """How payments remember it."""
        return f"{self.mchid}/{self.app_id}"


class Keys(BaseModel):
    """What a merchant signs by, and what WeChat encrypts by for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    private_key: SecretStr
    api_key: SecretStr

    @model_validator(mode="after")
    def _fit(self) -> Self:
        key = _loaded(_private, self.private_key.get_secret_value())
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("private_key is no private key of RSA in PEM (PKCS #8)")  # noqa: TRY004 - the same
        if len(self.api_key.get_secret_value().encode()) != _API_KEY_BYTES:
            raise ValueError(f"api_key is the APIv3 key, which has {_API_KEY_BYTES} characters")
        return self


class WechatPaySettings(Settings):
    """A brand's merchants; `{}` is a brand that has none yet."""

    merchants: tuple[Merchant, ...] = Field((), max_length=50, description="Who takes the money.")
    keys: SecretStr | None = Field(
        None,
        description='JSON: {"<mchid>": {"private_key": "-----BEGIN PRIVATE KEY-----...", "api_key": "<APIv3 key>"}}.',
    )
    simulator: str = Field("", description="Where a simulator listens on this machine, for development; else empty.")

    @model_validator(mode="after")
    def _each_has_its_keys_and_its_stores(self) -> Self:
        lacking = sorted({one.mchid for one in self.merchants} - self.secrets().keys())
        if lacking:
            raise ValueError(f"keys say nothing of the merchant {lacking[0]}")
        if len({one.account for one in self.merchants}) < len(self.merchants):
            raise ValueError("a merchant stands there twice with the same app_id")
        taken = [store for one in self.merchants for store in one.stores]
        if len(set(taken)) < len(taken):
            raise ValueError("a store has one merchant, and not two")
        if sum(not one.stores for one in self.merchants) > 1:
            raise ValueError("only one merchant can be for the stores that no other has")
        return self

    @field_validator("simulator")
    @classmethod
    def _is_at_home(cls, told: str) -> str:
        if told and not told.startswith(_LOOPBACK):
            raise ValueError("a simulator is at http://127.0.0.1:<port>")
        return told.rstrip("/")

    def secrets(self) -> Mapping[str, Keys]:
        """The keys of each merchant."""
        if self.keys is None:
            return {}
        try:
            told = json.loads(self.keys.get_secret_value())
        except ValueError:
            raise ValueError("keys are JSON, an object by the merchants' numbers") from None
        if not isinstance(told, dict):
            raise ValueError("keys are JSON, an object by the merchants' numbers")  # noqa: TRY004 - which pydantic hears
        return {mchid: Keys.model_validate(keys) for mchid, keys in told.items()}

    def of_store(self, store_id: UUID | None) -> Merchant | None:
        """Who takes a store's money."""
        own = next((one for one in self.merchants if store_id in one.stores), None)
        return own or next((one for one in self.merchants if not one.stores), None)

    def by_account(self, account: str | None) -> Merchant | None:
        """The merchant that a payment was begun with."""
        return next((one for one in self.merchants if one.account == account), None)


def merchant_of(work: Work, store_id: UUID | None) -> Merchant:
    """Who takes a store's money; refuses where nobody does."""
    found = work.settings(WechatPaySettings).of_store(store_id)
    if found is None:
        raise WechatPayNotHere(path=("input", "provider"))
    return found


def gateway_of(work: Work) -> str:
    """Where WeChat is asked: there alone, unless this is a machine for development."""
    told = work.settings(WechatPaySettings).simulator
    return told if told and work.rules(NetworkRules).loopback_providers else GATEWAY


def _private(pem: bytes) -> object:
    # its primes are looked at where it is first used, in a thread: that takes a tenth of a second
    return load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)


def _loaded(load: Any, pem: str) -> object:
    try:
        return load(pem.strip().encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
