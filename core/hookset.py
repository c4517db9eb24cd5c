"""The hooks that answer for one tenant: core's domains, and the plugins the tenant has switched on."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

import pluggy

from core import answers
from core.books import Invariant
from core.callbacks import CallbackRoute
from core.consents.purpose import ConsentPurpose
from core.deliveries.provider import DeliveryProvider
from core.errors import DomainError
from core.events import Subscription
from core.extensions import Breakers, PluginFailed, Strategy, ask
from core.extensions.asking import Check, strategy_of
from core.jobs import Job
from core.matching import Candidate, RankReason
from core.notices.channel import NoticeChannel
from core.notices.kind import NoticeKind
from core.orders import Checkout, Hold, Release
from core.payments.provider import AnyProvider
from core.payments.purposes import Purpose
from core.permission import Permission
from core.personal import PersonalData
from core.pricing import Basket, Offer
from core.rewards import Reward
from core.rules import Rule, catalogue
from core.verification.handler import CodeKind, Shown, Taken
from core.work import Work

Value = TypeVar("Value")
Priced = Sequence[Offer] | PluginFailed  #: what a plugin has answered for one cart


class HookSet:
    """What is registered is read once; decisions are asked for one plugin after the other."""

    def __init__(
        self, plugins: pluggy.PluginManager, enabled: frozenset[str], breakers: Breakers | None = None
    ) -> None:
        self._plugins = plugins
        self.breakers = breakers or Breakers()
        self._silent = [
            plugin
            for name, plugin in plugins.list_name_plugin()
            if plugin is not None and not name.startswith("core.") and name not in enabled
        ]
        self._strategies: dict[str, list[Strategy]] = {}

    @cached_property
    def payment_providers(self) -> Mapping[str, AnyProvider]:
        """Ways to be paid, by name."""
        return {provider.name: provider for provider in self._registered("payment_provider")}

    @cached_property
    def payment_purposes(self) -> Mapping[str, Purpose]:
        """What members pay for that is no order, by name."""
        return {purpose.name: purpose for purpose in self._registered("payment_purpose")}

    @cached_property
    def delivery_providers(self) -> Mapping[str, DeliveryProvider]:
        """Who delivers, by name."""
        return {provider.name: provider for provider in self._registered("delivery_provider")}

    @cached_property
    def notice_channels(self) -> Sequence[NoticeChannel]:
        """Ways to reach people."""
        return self._registered("notice_channel")

    @cached_property
    def consent_purposes(self) -> Mapping[str, ConsentPurpose]:
        """What members can agree to, by code."""
        return {one.code: one for group in self._registered("register_consents") for one in group}

    @cached_property
    def notice_kinds(self) -> Mapping[str, NoticeKind]:
        """What people are told, by code."""
        return {kind.code: kind for group in self._registered("register_notices") for kind in group}

    @cached_property
    def subscribers(self) -> Mapping[str, Subscription]:
        """Who listens, by the subscriber's name."""
        return {one.name: one for group in self._registered("register_subscribers") for one in group}

    @cached_property
    def known_subscribers(self) -> frozenset[str]:
        """Everybody who listens anywhere: who is not among them will not be switched on again."""
        return frozenset(one.name for group in self._plugins.hook.register_subscribers() for one in group)

    @cached_property
    def jobs(self) -> Sequence[Job]:
        """What the worker sweeps."""
        return [job for group in self._registered("register_jobs") for job in group]

    @cached_property
    def codes(self) -> Mapping[str, CodeKind]:
        """Kinds of code by name."""
        return {code.kind: code for group in self._registered("register_codes") for code in group}

    @cached_property
    def callbacks(self) -> Mapping[tuple[str, str], CallbackRoute]:
        """What providers may call, by plugin and name."""
        asked = self._asked("register_callbacks")
        return {(one.plugin, route.name): route for one in asked for route in one.function()}

    @cached_property
    def invariants(self) -> Sequence[Invariant]:
        """What must hold of the tenant's books."""
        return [one for group in self._registered("register_invariants") for one in group]

    @cached_property
    def personal_data(self) -> Sequence[PersonalData]:
        """What is kept about members, by plugins that are off as well: what they have kept is there still.

        What a member is made of comes last, since everything else refers to it.
        """
        groups = reversed(self._plugins.hook.register_personal_data())
        return sorted((one for group in groups for one in group), key=lambda one: one.table.startswith("member"))

    @cached_property
    def permissions(self) -> Mapping[str, Permission]:
        """The vocabulary, core's and the plugins'."""
        return {one.name: one for group in self._registered("register_permissions") for one in group}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """What the tenant may decide, by key."""
        return catalogue(kind for group in self._registered("register_rules") for kind in group)

    def answers(self, hook: str) -> bool:
        """Whether any plugin has a say in a decision."""
        return bool(self._asked(hook))

    def concerns(self, hook: str, baskets: Sequence[Basket]) -> bool:
        """Whether any plugin has a say in a decision about any of these carts."""
        return any(_places(one, baskets) for one in self._asked(hook))

    def asked(self, hook: str) -> list[str]:
        """The plugins that have a say in a decision."""
        return [one.plugin for one in self._asked(hook)]

    async def adjust_prices(self, work: Work, baskets: Sequence[Basket]) -> list[list[tuple[str, Priced]]]:
        """What is to be added to the price of each basket or taken off, by the plugins that have a say in it."""
        found: list[list[tuple[str, Priced]]] = [[] for _ in baskets]
        for one in self._asked("adjust_prices"):
            places = _places(one, baskets)
            said = await self._offers(work, one, [baskets[place] for place in places]) if places else ()
            for place, offers in zip(places, said, strict=True):
                found[place].append((one.plugin, offers))
        return found

    async def _offers(self, work: Work, one: Strategy, baskets: Sequence[Basket]) -> Sequence[Priced]:
        try:
            answer = await self._ask(work, one, answers.offers(one.plugin, len(baskets)), baskets=baskets)
        except DomainError:  # a cart that is looked at cannot be refused: it is not known what it costs
            answer = PluginFailed(plugin=one.plugin)
        return [answer] * len(baskets) if isinstance(answer, PluginFailed) else answer

    async def redeem_code(self, work: Work, basket: Basket, code: str) -> tuple[str, str] | None:
        """The plugin that knows a code for carts, and what it calls it."""
        return await self._who_knows(work, "redeem_code", answers.label, basket=basket, code=code)

    async def verify_code(self, work: Work, shown: Shown) -> tuple[str, Taken] | None:
        """The plugin that has taken a code at a counter, and what it has taken."""
        return await self._who_knows(work, "verify_code", answers.taken, shown=shown)

    async def name_reward(self, work: Work, reward: Reward) -> str | None:
        """What is called that a plugin would give, where one knows it."""
        known = await self._who_knows(work, "name_reward", answers.label, reward=reward)
        return known[1] if known is not None else None

    async def issue_reward(self, work: Work, reward: Reward, member_id: UUID, occasion_id: UUID) -> str | None:
        """What a member was given, if a plugin knows it."""
        given = {"reward": reward, "member_id": member_id, "occasion_id": occasion_id}
        known = await self._who_knows(work, "issue_reward", answers.label, **given)
        return known[1] if known is not None else None

    async def refusals(
        self, work: Work, hook: Literal["validate_checkout", "claim"], checkouts: Sequence[Checkout]
    ) -> list[DomainError | None]:
        """Why each order must not be placed, in the words of the first plugin that says so."""
        found: list[DomainError | None] = [None] * len(checkouts)
        for one in self._asked(hook):
            for place, new in await self._each(work, one, DomainError, checkouts):
                found[place] = found[place] or new
        return found

    async def claim_again(self, work: Work, order_id: UUID) -> bool:
        """Whether every plugin that takes something with orders has it for this one again."""
        answering = {one.plugin: one for one in self._asked("claim_again")}
        for plugin in self.asked("claim"):
            if plugin not in answering:
                return False
            try:
                refusal = await self._ask(work, answering[plugin], answers.refusal, order_id=order_id)
            except DomainError:
                return False
            if refusal is not None:
                return False
        return True

    async def holds(self, work: Work, checkouts: Sequence[Checkout]) -> list[list[tuple[str, Hold]] | DomainError]:
        """Who holds each order and why; a refusal where that could not be found out."""
        found: list[list[tuple[str, Hold]] | DomainError] = [[] for _ in checkouts]
        for one in self._asked("hold_order"):
            for place, hold in await self._each(work, one, Hold, checkouts):
                known = found[place]
                if isinstance(hold, DomainError):
                    found[place] = hold
                elif hold is not None and not isinstance(known, DomainError):
                    known.append((one.plugin, hold))
        return found

    async def release(self, work: Work, releases: Sequence[Release]) -> list[str]:
        """Have every plugin give back what it took; returns those that could not just now."""
        return [one.plugin for one in self._asked("release") if not await self.release_of(work, one.plugin, releases)]

    async def release_of(self, work: Work, plugin: str, releases: Sequence[Release]) -> bool:
        """Have one plugin give back what it took; says whether it could."""
        for one in self._asked("release"):
            if one.plugin == plugin:
                try:
                    answer = await self._ask(work, one, answers.nothing, releases=releases)
                except DomainError:  # an order that ends cannot be refused its end
                    return False
                return not isinstance(answer, PluginFailed)
        return True

    async def rank(self, work: Work, candidates: Sequence[Candidate]) -> list[list[RankReason]]:
        """What plugins say of each store; one that fails has no say."""
        found: list[list[RankReason]] = [[] for _ in candidates]
        for one in self._asked("store_ranking"):
            try:
                said = await self._ask(work, one, answers.reasons(one.plugin, len(candidates)), candidates=candidates)
            except DomainError:
                continue
            for reasons, reason in zip(found, [] if isinstance(said, PluginFailed) else said, strict=False):
                if reason is not None:
                    reasons.append(reason)
        return found

    async def _who_knows(
        self, work: Work, hook: str, check: Check[Value | None], **arguments: object
    ) -> tuple[str, Value] | None:
        """The first plugin that knows something, and its answer; one that fails might have known it, and says so."""
        failed: PluginFailed | None = None
        for one in self._asked(hook):
            known = await self._ask(work, one, check, **arguments)
            if isinstance(known, PluginFailed):
                failed = failed or known
            elif known is not None:
                return one.plugin, known
        if failed is not None:
            raise failed
        return None

    async def _each(
        self, work: Work, one: Strategy, kind: type[Value], checkouts: Sequence[Checkout]
    ) -> list[tuple[int, Value | DomainError | None]]:
        """A plugin's answer to each in which it has a say; where it fails or refuses them all, the same for each."""
        places = _places(one, [checkout.basket for checkout in checkouts])
        if not places:
            return []
        said: Sequence[Value | DomainError | None] | PluginFailed
        try:
            check = answers.one_each(kind, len(places))
            said = await self._ask(work, one, check, checkouts=[checkouts[place] for place in places])
        except DomainError as refusal:
            said = [refusal] * len(places)
        return list(zip(places, [said] * len(places) if isinstance(said, PluginFailed) else said, strict=True))

    async def _ask(self, work: Work, one: Strategy, check: Check[Value], **arguments: object) -> Value | PluginFailed:
        return await ask(work, self.breakers, one, check, **arguments)

    def _asked(self, hook: str) -> list[Strategy]:
        """The plugins that answer a hook, in the order in which they were registered."""
        if hook not in self._strategies:
            implementations = self._plugins.subset_hook_caller(hook, self._silent).get_hookimpls()
            self._strategies[hook] = [strategy_of(one, hook) for one in implementations]
        return self._strategies[hook]

    def _registered(self, hook: str) -> list[Any]:
        # pluggy calls the last registered first; people expect the order in which things were registered
        return list(reversed(self._plugins.subset_hook_caller(hook, self._silent)()))


def _places(one: Strategy, baskets: Sequence[Basket]) -> list[int]:
    """Which of the carts a plugin has a say in."""
    return [place for place, basket in enumerate(baskets) if not one.marks_carts or one.plugin in basket.marks]
