"""What it takes to see that a mutation is written into the log: how it succeeds, and how it is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hexmart.testing import Client, World
from tenants import Platform, Tenant
from tests.schema.hiring import hire, staff_id
from tests.schema.shop import Payload, act, buy, buy_delivered, done

APP = {"name": "Stocktaker", "scopes": ["stock.adjust"]}
Input = dict[str, Any]


@dataclass
class Stage:
    """A brand with a guest and its owner, or the operator."""

    platform: Platform
    world: World
    guest: Client
    actor: Client
    tenant: Tenant

    async def of_order(self, *steps: str, delivered: bool = False) -> Payload:
        """A paid order that has come so far."""
        order = await (buy_delivered if delivered else buy)(self.guest, self.world)
        for step in steps:
            done(await act(self.actor, step, order), "order")
        return order

    async def app(self) -> str:
        made = await self.actor.do("appCreate", APP, "app { id }")
        return str(done(made, "app")["id"])

    async def person(self, **roles: Any) -> str:
        return staff_id(await hire(self.platform, self.world, **roles))


Making = Callable[[Stage], Awaitable[Input]]


@dataclass(frozen=True)
class Case:
    """What a mutation takes so that it succeeds, and what makes it fail."""

    make: Making
    refused: Input


def plain(given: Input, **refused: Any) -> Case:
    """A mutation that needs nothing else to have happened."""

    async def make(_: Stage) -> Input:
        return given

    return Case(make, refused)
