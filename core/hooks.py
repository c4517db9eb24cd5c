"""What core asks of plugins. Every hook is described in docs/hooks.md; core's own domains answer them too."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pluggy

from core.events import Subscription
from core.jobs import Job
from core.notices.channel import NoticeChannel
from core.payments.provider import PaymentProvider
from core.permission import Permission
from core.verification.handler import CodeKind

PROJECT = "hexmart"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_permissions() -> Sequence[Permission]:
    """Return the permissions this plugin or domain asks for."""


@hookspec
def register_subscribers() -> Sequence[Subscription]:
    """Return who listens to which event."""


@hookspec
def register_jobs() -> Sequence[Job]:
    """Return the sweeps that the worker runs for every tenant."""


@hookspec
def register_codes() -> Sequence[CodeKind]:
    """Return the kinds of code that a counter can verify."""


@hookspec
def payment_provider() -> PaymentProvider:
    """Return a way to be paid."""


@hookspec
def notice_channel() -> NoticeChannel:
    """Return a way to reach people."""


class HookSet:
    """The hooks that answer for one tenant: core's domains, and the plugins the tenant has switched on."""

    def __init__(self, plugins: pluggy.PluginManager, enabled: frozenset[str]) -> None:
        self._plugins = plugins
        self._silent = [
            plugin
            for name, plugin in plugins.list_name_plugin()
            if plugin is not None and not name.startswith("core.") and name not in enabled
        ]

    @cached_property
    def payment_providers(self) -> Mapping[str, PaymentProvider]:
        """Ways to be paid, by name."""
        return {provider.name: provider for provider in self._ask("payment_provider")}

    @cached_property
    def notice_channels(self) -> Sequence[NoticeChannel]:
        """Ways to reach people."""
        return self._ask("notice_channel")

    @cached_property
    def subscribers(self) -> Mapping[str, Subscription]:
        """Who listens, by the subscriber's name."""
        return {subscriber.name: subscriber for group in self._ask("register_subscribers") for subscriber in group}

    @cached_property
    def jobs(self) -> Sequence[Job]:
        """What the worker sweeps."""
        return [job for group in self._ask("register_jobs") for job in group]

    @cached_property
    def codes(self) -> Mapping[str, CodeKind]:
        """Kinds of code by name."""
        return {code.kind: code for group in self._ask("register_codes") for code in group}

    @cached_property
    def permissions(self) -> Mapping[str, Permission]:
        """The vocabulary, core's and the plugins'."""
        return {permission.name: permission for group in self._ask("register_permissions") for permission in group}

    def _ask(self, hook: str) -> list[Any]:
        # pluggy calls the last registered first; people expect the order in which things were registered
        return list(reversed(self._plugins.subset_hook_caller(hook, self._silent)()))
