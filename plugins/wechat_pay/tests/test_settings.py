"""What a brand sets is refused with a sentence that says what is wrong, and its keys are shown to nobody."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.actors import system
from hexmart.simulators.wechat_pay import settings_of
from plugins.wechat_pay.merchants import GATEWAY, WechatPaySettings, gateway_of
from plugins.wechat_pay.tests.counter import NAME, Counter
from tenants import Platform

pytestmark = pytest.mark.anyio

ENABLE = """mutation($i: PluginEnableInput!) { pluginEnable(input: $i) {
  plugin { settings } userErrors { code message path } } }"""
Change = Callable[[dict[str, Any]], object]


def keys(told: dict[str, Any], **other: str) -> None:
    """Change the keys of the one merchant."""
    known = json.loads(told["keys"])
    for mchid in known:
        known[mchid] |= other
    told["keys"] = json.dumps(known)


WRONG: dict[str, tuple[Change, str]] = {
    "no keys": (lambda told: told.update(keys=None), "keys say nothing of the merchant"),
    "keys are no JSON": (lambda told: told.update(keys="{"), "keys are JSON, an object"),
    "keys are a list": (lambda told: told.update(keys="[]"), "keys are JSON, an object"),
    "no private key": (lambda told: keys(told, private_key="secret-a"), "no private key of RSA"),
    "a short api key": (lambda told: keys(told, api_key="secret-b"), "has 32 characters"),
    "no public key": (lambda told: told["merchants"][0]["public_keys"][0].update(pem="x"), "no public key of RSA"),
    "twice": (lambda told: told["merchants"].append(told["merchants"][0]), "stands there twice"),
    "a simulator elsewhere": (lambda told: told.update(simulator="http://10.0.0.1:80"), "a simulator is at"),
    "no number": (lambda told: told["merchants"][0].update(mchid="me"), "should match"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
async def test_what_does_not_fit_is_refused_with_a_sentence_and_without_the_keys(
    counter: Counter, change: Change, said: str
) -> None:
    told: Any = settings_of(counter.simulator.url, [counter.wechat.signer], counter.simulator.merchants[0])
    change(told)
    owner = await counter.client.staff(counter.world.email("owner"))
    answer = (await owner.run(ENABLE, i={"name": NAME, "settings": told}))["pluginEnable"]
    [error] = answer["userErrors"]
    assert (error["code"], error["path"][:2]) == ("INVALID", ["input", "settings"])
    assert said in error["message"]
    assert "secret-" not in error["message"]
    assert "PRIVATE" not in error["message"]


async def test_two_merchants_cannot_have_one_store_nor_both_the_rest(counter: Counter) -> None:
    first, second = counter.simulator.merchants
    store = frozenset({counter.world.store_keys["S1"]})
    for stores, said in ((store, "a store has one merchant"), (frozenset(), "only one merchant can be")):
        both = [type(one)(one.merchant, one.signer, stores) for one in (first, second)]
        told = settings_of(counter.simulator.url, [counter.wechat.signer], *both)
        with pytest.raises(ValueError, match=said):
            WechatPaySettings.model_validate(told)


async def test_the_keys_are_sealed_and_shown_to_nobody(counter: Counter, platform: Platform) -> None:
    owner = await counter.client.staff(counter.world.email("owner"))
    shown = await owner.run("{ plugins { name settings } }")
    [settings] = [one["settings"] for one in shown["plugins"] if one["name"] == NAME]
    assert settings["keys"] == {"set": True}
    async with platform.open_work(counter.world.tenant, system("test"), read_only=True) as work:
        kept = await work.value("SELECT settings::text FROM tenant_plugin WHERE tenant_id = $1 AND name = 'wechat_pay'")
    secret = counter.simulator.merchants[0].merchant.api_key
    assert secret not in kept
    assert "PRIVATE KEY" not in kept
    assert secret not in repr(platform.registry)


async def test_a_simulator_is_asked_on_machines_for_development_alone(
    counter: Counter, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with platform.open_work(counter.world.tenant, system("test"), read_only=True) as work:
        assert gateway_of(work) == counter.simulator.url
        monkeypatch.setattr(work, "rules", lambda kind: kind())
        assert gateway_of(work) == GATEWAY
