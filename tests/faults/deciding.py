"""Plugins that decide badly: every way of failing, for any decision that core awaits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import ModuleType

from core.extensions import Plugin
from core.hooks import hookimpl
from core.ids import new_id
from core.orders import OrderPlaced
from core.work import Work

NAME = "bad"
Behaviour = Callable[[Work], Awaitable[object]]


async def raises(_: Work) -> object:
    """By a mistake."""
    raise KeyError("no such thing")


async def hangs(_: Work) -> object:
    """Awaiting what never comes."""
    return await asyncio.get_running_loop().create_future()


async def holds_the_process(_: Work) -> object:
    """Awaiting nothing."""
    time.sleep(60)  # noqa: ASYNC251 - which is what it does wrong
    return None


async def talks_nonsense(_: Work) -> object:
    """Of a shape that no decision has."""
    return {"price": -1}


async def storms(work: Work) -> object:
    """By telling of more than anybody could hear."""
    for _ in range(100_000):
        work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))
    return None


async def writes_elsewhere(work: Work) -> object:
    """Into tables of core."""
    return await work.execute("UPDATE stock SET reserved = 0 WHERE tenant_id = $1")


async def breaks_the_transaction(work: Work) -> object:
    """By SQL that PostgreSQL refuses."""
    return await work.value("SELECT 1 / 0 WHERE $1::bigint IS NOT NULL")


BEHAVIOURS: dict[Behaviour, str] = {
    raises: "KeyError",
    hangs: "TimeoutError",
    holds_the_process: "Stuck",
    talks_nonsense: "Nonsense",
    storms: "EventStorm",
    writes_elsewhere: "ForeignWrite",
    breaks_the_transaction: "DivisionByZeroError",
}


class Faulty(ModuleType):
    """A plugin that answers one decision, and badly until it is mended."""

    def __init__(self, hook: str, behave: Behaviour) -> None:
        super().__init__(f"{NAME}.plugin")
        self.PLUGIN = Plugin(name=NAME, version="1.0.0", plugin_api=">=1.0,<2", summary="A plugin that fails.")
        self.mended = False
        self.asked: list[object] = []
        setattr(self, hook, hookimpl(self._answering(hook, behave)))

    def _answering(self, hook: str, behave: Behaviour) -> Callable[..., Awaitable[object]]:
        subjects = _SUBJECTS[hook]
        code = f"async def {hook}(work, {subjects}): return await answer(work, {subjects})"

        async def answer(work: Work, asked: object) -> object:
            self.asked.append(asked)
            return _WELL[hook](asked) if self.mended else await behave(work)

        made: dict[str, Callable[..., Awaitable[object]]] = {}
        exec(code, {"answer": answer, "__name__": __name__}, made)  # noqa: S102 - a hook's arguments are its names
        return made[hook]


_SUBJECTS = {
    "adjust_prices": "baskets",
    "redeem_code": "code",
    "verify_code": "shown",
    "name_reward": "reward",
    "issue_reward": "reward",
    "validate_checkout": "checkouts",
    "claim": "checkouts",
    "hold_order": "checkouts",
    "release": "releases",
    "store_ranking": "candidates",
}
HOOKS = tuple(_SUBJECTS)


def _nothing_each(asked: object) -> object:
    assert isinstance(asked, list | tuple)
    return [None for _ in asked]


def _no_offers(asked: object) -> object:
    assert isinstance(asked, list | tuple)
    return [[] for _ in asked]


_WELL: dict[str, Callable[[object], object]] = {
    "adjust_prices": _no_offers,
    "redeem_code": lambda _: "A good code",
    "verify_code": lambda _: None,
    "name_reward": lambda _: None,
    "issue_reward": lambda _: None,
    "validate_checkout": _nothing_each,
    "claim": _nothing_each,
    "hold_order": _nothing_each,
    "release": lambda _: None,
    "store_ranking": _nothing_each,
}
