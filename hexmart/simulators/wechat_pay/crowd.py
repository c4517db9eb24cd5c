"""Merchants who are known to the simulator, with everything that a brand sets for them."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hexmart.simulators.wechat_pay.signing import Signer, new_signer
from hexmart.simulators.wechat_pay.state import Merchant, Wechat

_FIRST = 1_900_000_001


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A merchant with its private key, which the simulator itself does not know."""

    merchant: Merchant
    signer: Signer
    stores: frozenset[UUID] = frozenset()


def enrol(wechat: Wechat, *, stores: Iterable[UUID] = (), app_id: str | None = None) -> Enrolled:
    """A new merchant."""
    signer = new_signer()
    mchid = str(_FIRST + len(wechat.merchants))
    made = Merchant(
        mchid=mchid,
        app_id=app_id or f"wx{secrets.token_hex(8)}",
        serial=secrets.token_hex(20).upper(),
        public_key=signer.public,
        api_key=secrets.token_hex(16),
    )
    wechat.merchants[mchid] = made
    return Enrolled(made, signer, frozenset(stores))


def settings_of(url: str, signers: Iterable[Signer], *enrolled: Enrolled) -> dict[str, object]:
    """What a brand sets for the plugin wechat_pay; WeChat's keys, the one that is asked for first."""
    public_keys = [{"id": one.key_id, "pem": one.public_pem} for one in signers]
    keys = {
        one.merchant.mchid: {"private_key": one.signer.private_pem, "api_key": one.merchant.api_key} for one in enrolled
    }
    merchants = [
        {
            "mchid": one.merchant.mchid,
            "app_id": one.merchant.app_id,
            "serial": one.merchant.serial,
            "public_keys": public_keys,
            "stores": sorted(map(str, one.stores)),
        }
        for one in enrolled
    ]
    return {"merchants": merchants, "keys": json.dumps(keys), "simulator": url}
