"""Asking a plugin for a decision: within a time, inside a savepoint, and knowing whose answer it is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from core.errors import DomainError
from core.extensions.breaker import Breakers
from core.extensions.errors import PluginFailed
from core.extensions.watching import Watched

if TYPE_CHECKING:
    from core.work import Work

BUDGET = 2.0  #: seconds for one answer
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

    async def __call__(self, arguments: Mapping[str, object]) -> object:
        return await Watched(self.function(*(arguments[name] for name in self.takes)))


async def ask(
    work: "Work", breakers: Breakers, strategy: Strategy, check: Check[Value], **arguments: object
) -> Value | PluginFailed:
    """A plugin's answer. A refusal goes through; any other failure undoes what it has written, and is its own alone."""
    tenant, plugin = work.tenant_id, strategy.plugin
    if not breakers.admits(tenant, plugin):
        return PluginFailed(plugin=plugin)
    try:
        async with asyncio.timeout(BUDGET), work.savepoint():
            answer = check(await strategy({"work": work, **arguments}))
    except DomainError:
        breakers.succeeded(tenant, plugin)
        raise
    except Exception as error:  # whatever it does, it stands between nobody and their order but by its own answer
        breakers.failed(tenant, plugin, strategy.hook, error)
        log.warning("a plugin failed", tenant=work.brand.slug, plugin=plugin, hook=strategy.hook, exc_info=error)
        return PluginFailed(plugin=plugin)
    breakers.succeeded(tenant, plugin)
    return answer
