"""Asking a plugin for a decision: within a time, inside a savepoint, and knowing whose answer it is."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy
import structlog

from core.errors import DomainError
from core.extensions.breaker import Breakers
from core.extensions.errors import PluginFailed
from core.extensions.plugin import Plugin
from core.extensions.watching import Watched

if TYPE_CHECKING:
    from core.work import Brand, Work

BUDGET = 2.0  #: seconds for one answer
PATIENCE = 15.0  #: seconds for one that a provider has to give
log = structlog.get_logger("plugins")
Value = TypeVar("Value")
Check = Callable[[object], Value]  #: gives a well-formed answer back, raises TypeError for any other


class Nonsense(TypeError):
    """A plugin has answered with something else than its hook says."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """One plugin's answer to a hook that core awaits."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    takes: tuple[str, ...]  #: names of the hook's arguments that it wants
    marks_carts: bool = False  #: whether it has nothing to say of carts that it has not marked

    async def __call__(self, arguments: Mapping[str, object]) -> object:
        return await Watched(self.function(*(arguments[name] for name in self.takes)))


def strategy_of(implementation: pluggy.HookImpl, hook: str) -> Strategy:
    """How one that answers a decision is asked; a domain of core's is known without that."""
    module = implementation.plugin
    about = getattr(module, "PLUGIN", None)
    marks = about.marks_carts if isinstance(about, Plugin) else bool(getattr(module, "MARKS_CARTS", False))
    name = implementation.plugin_name.removeprefix("core.")
    return Strategy(name, hook, implementation.function, implementation.argnames, marks)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which plugin is asked what, for whom."""

    brand: "Brand"
    plugin: str
    hook: str


async def ask(
    work: "Work", breakers: Breakers, strategy: Strategy, check: Check[Value], **arguments: object
) -> Value | PluginFailed:
    """A plugin's answer. A refusal goes through; any other failure undoes what it has written, and is its own alone."""

    async def answering() -> Value:
        async with work.savepoint():
            return check(await strategy({"work": work, **arguments}))

    asked = Asked(work.brand, strategy.plugin, strategy.hook)
    return await _guarded(asked, breakers, answering, BUDGET, cut_off=lambda: work.cut_off)


async def consult(
    asked: Asked, breakers: Breakers, answer: Callable[[], Coroutine[Any, Any, object]], check: Check[Value]
) -> Value | PluginFailed:
    """The same of an object that a plugin has registered, and that talks to a provider: outside of any transaction."""

    async def answering() -> Value:
        return check(await Watched(answer()))

    return await _guarded(asked, breakers, answering, PATIENCE)


async def _guarded(
    asked: Asked,
    breakers: Breakers,
    answering: Callable[[], Awaitable[Value]],
    seconds: float,
    *,
    cut_off: Callable[[], bool] = lambda: False,
) -> Value | PluginFailed:
    tenant, plugin = asked.brand.id, asked.plugin
    if not breakers.admits(tenant, plugin):
        return PluginFailed(plugin=plugin)
    try:
        async with asyncio.timeout(seconds):
            answer = await answering()
    except DomainError:
        breakers.succeeded(tenant, plugin)
        raise
    except Exception as error:  # whatever it does, it stands between nobody and their order but by its own answer
        if cut_off():  # which is no plugin's doing
            raise
        breakers.failed(tenant, plugin, asked.hook, error)
        log.warning("a plugin failed", tenant=asked.brand.slug, plugin=plugin, hook=asked.hook, exc_info=error)
        return PluginFailed(plugin=plugin)
    breakers.succeeded(tenant, plugin)
    return answer
