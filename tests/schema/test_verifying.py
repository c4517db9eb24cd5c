"""The desk takes whatever code is shown there: once, at its store alone, and nobody guesses one."""

import re
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from core.errors import Invalid
from core.extensions import asking
from core.hooks import hookimpl
from core.ids import new_id
from core.verification import Shown, Taken
from hexmart.testing import Client, UsePlugins, World
from tests.core.orders.breaking import NAME, WAYS, breaking
from tests.schema.conftest import Shelf
from tests.schema.shop import ORDER, Payload, buy, done, read, refusal

pytestmark = pytest.mark.anyio
VERIFIED = "verification { kind label order { id status } }"
VERIFY = f"mutation($i: VerifyInput!) {{ verify(input: $i) {{ {VERIFIED} userErrors {{ code path }} }} }}"
ORDER_VERIFY = "mutation($i: OrderVerifyInput!) { orderVerify(input: $i) { order { id } userErrors { code } } }"
NOBODYS = "0000-0000"
A_MINUTE = 10  #: wrong ones


async def show(staff: Client, world: World, code: str, store: str = "S1", **more: object) -> Payload:
    return await staff.do("verify", {"code": code, "storeId": world.stores[store]} | more, VERIFIED)


def misread(code: str) -> str:
    return code.replace("0", "o").replace("1", "l")


FULL_WIDTH = str.maketrans({chr(number): chr(number + 0xFEE0) for number in range(0x21, 0x7F)})


async def test_an_order_is_handed_over_for_its_code(client: Client, world: World, clerk: Client, shelf: Shelf) -> None:
    order = await buy(client, world)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", order["pickupCode"])
    taken = done(await show(clerk, world, order["pickupCode"]), "verification")
    shown = {"kind": "pickup", "label": "An order to collect", "order": {"id": order["id"], "status": "COMPLETED"}}
    assert (taken, await shelf()) == (shown, (98, 0))
    assert refusal(await show(clerk, world, order["pickupCode"])) == ("CODE_USED", ["input", "code"])
    asked = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    assert refusal(await clerk.do("orderVerify", asked, ORDER)) == ("CODE_USED", ["input", "code"])


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        misread,
        lambda code: f" {code.replace('-', ' ')}\n",
        lambda code: code.replace("-", ""),
        "-".join,
        lambda code: code.translate(FULL_WIDTH),
    ],
    ids=["small", "misread", "spaces", "no hyphen", "more hyphens", "full width"],
)
async def test_a_code_is_typed_as_people_type(client: Client, world: World, clerk: Client, typed: object) -> None:
    assert callable(typed)
    order = await buy(client, world)
    assert done(await show(clerk, world, typed(order["pickupCode"])), "verification")["order"]["id"] == order["id"]


async def test_another_stores_code_is_answered_as_one_that_nobody_has(
    client: Client, world: World, clerk: Client, clerk_of_s1: Client
) -> None:
    elsewhere = await buy(client, world, store="S2")
    asked = {"storeId": world.stores["S1"], "code": elsewhere["pickupCode"]}
    answers = [await clerk_of_s1.run(VERIFY, i=asked | {"code": code}) for code in (asked["code"], NOBODYS)]
    assert answers[0] == answers[1]
    assert refusal(answers[0]["verify"]) == ("CODE_UNKNOWN", ["input", "code"])
    assert refusal(await show(clerk_of_s1, world, asked["code"], "S2")) == ("NOT_FOUND", ["input", "storeId"])
    done(await show(clerk, world, asked["code"], "S2"), "verification")
    assert (await show(clerk_of_s1, world, asked["code"]))["userErrors"][0]["code"] == "CODE_UNKNOWN"  # not: used


async def test_nobody_guesses_a_code(client: Client, world: World, clerk: Client, manager: Client) -> None:
    order = await buy(client, world)
    guess = {"storeId": world.stores["S1"], "code": NOBODYS}
    for number in range(A_MINUTE):
        document = VERIFY if number % 2 else ORDER_VERIFY
        payload = next(iter((await clerk.run(document, i=guess)).values()))
        assert payload["userErrors"][0]["code"] == "CODE_UNKNOWN"
    right = guess | {"code": order["pickupCode"]}
    assert await clerk.code(VERIFY, i=right) == await clerk.code(ORDER_VERIFY, i=right) == "RATE_LIMITED"
    done(await show(manager, world, order["pickupCode"]), "verification")


async def test_what_is_refused_for_another_reason_is_no_guess(client: Client, world: World, clerk: Client) -> None:
    order = await buy(client, world)
    done(await show(clerk, world, order["pickupCode"]), "verification")
    for _ in range(A_MINUTE + 2):
        assert refusal(await show(clerk, world, order["pickupCode"]))[0] == "CODE_USED"


@dataclass(eq=False)
class Tickets:
    """Knows every code that begins with T, and wants to know what was spent for T-9."""

    shown: list[Shown] = field(default_factory=list)
    subject: UUID = field(default_factory=new_id)

    @hookimpl
    async def verify_code(self, shown: Shown) -> Taken | None:
        self.shown.append(shown)
        if shown.code == "T-9" and shown.spend is None:
            raise Invalid(reason="Say what it is for.", path=("input", "spend"))
        return Taken("ticket", "A ticket", self.subject) if shown.code.startswith("T") else None


async def test_a_plugins_code_is_taken_at_the_same_desk(
    client: Client, world: World, clerk: Client, use_plugins: UsePlugins
) -> None:
    order, tickets = await buy(client, world), Tickets()
    await use_plugins(tickets=tickets)
    taken = done(await show(clerk, world, "T-1"), "verification")
    assert taken == {"kind": "tickets.ticket", "label": "A ticket", "order": None}
    assert refusal(await show(clerk, world, "T-9")) == ("INVALID", ["input", "spend"])
    done(await show(clerk, world, "T-9", spend="12.50"), "verification")
    assert tickets.shown[-1] == Shown("T-9", world.store_keys["S1"], 1_250)
    assert refusal(await show(clerk, world, NOBODYS))[0] == "CODE_UNKNOWN"
    asked = len(tickets.shown)
    done(await show(clerk, world, order["pickupCode"]), "verification")
    assert len(tickets.shown) == asked  # nobody is asked about what core has issued


@pytest.mark.parametrize("way", WAYS)
async def test_a_plugin_that_fails_stands_in_nobodys_way(
    way: str, client: Client, world: World, clerk: Client, use_plugins: UsePlugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "BUDGET", 0.2)
    order = await buy(client, world)
    await use_plugins(**{NAME: breaking("verify_code", way), "tickets": Tickets()})
    assert refusal(await show(clerk, world, NOBODYS))[0] == "PLUGIN_FAILED"  # it might have known it
    done(await show(clerk, world, "T-1"), "verification")
    done(await show(clerk, world, order["pickupCode"]), "verification")


async def test_its_buyer_alone_has_the_code_as_a_picture(client: Client, world: World, clerk: Client) -> None:
    first, second = await buy(client, world), await buy(client, world)
    asked = "query($id: ID!) { order(id: $id) { pickupQr png: pickupQr(format: PNG) } }"
    shown = (await client.run(asked, id=first["id"]))["order"]
    assert re.fullmatch(r"<svg [^>]*><path [^>]*/></svg>", shown["pickupQr"])
    assert shown["png"].startswith("data:image/png;base64,iVBORw0KGgo")
    other = (await client.run(asked, id=second["id"]))["order"]
    assert not set(shown.values()) & set(other.values())
    assert (await clerk.run(asked, id=first["id"]))["order"] == {"pickupQr": None, "png": None}
    assert (await read(clerk, first) or {})["pickupCode"] is None
