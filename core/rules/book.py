"""The rules in force for one tenant at one moment."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog
from pydantic import ValidationError

from core.rules.declared import Level, Rule, Rules, rules_of

log = structlog.get_logger("rules")


class Place(NamedTuple):
    """Where a value holds: in one store, in the stores of one region, or, with neither, in every store."""

    region_id: UUID | None = None
    store_id: UUID | None = None

    @property
    def level(self) -> Level:
        if self.store_id is not None:
            return Level.STORE
        return Level.BRAND if self.region_id is None else Level.REGION


BRAND = Place()
Values = Mapping[tuple[str, Place], object]  #: as JSON has them, by key and place
Regions = Mapping[UUID, UUID]  #: of stores, as far as their region has values of its own
Declared = TypeVar("Declared", bound=Rules)


class RuleBook:
    """An immutable snapshot: what the tenant has decided, over what the platform has, over the defaults."""

    def __init__(
        self,
        decided: Mapping[type[Rules], Rules] | None = None,
        *,
        over: "RuleBook | None" = None,
        values: Values | None = None,
        regions: Regions | None = None,
        version: int = 0,
    ) -> None:
        self.platform = over or self  #: what holds where the tenant has decided nothing
        self.version = version
        self._values = values or {}
        self._regions = regions or {}
        #: stores where something may be decided otherwise than for the brand
        self.particular: frozenset[UUID] = frozenset(self._regions).union(
            place.store_id for _, place in self._values if place.store_id is not None
        )
        self._made: dict[tuple[type[Rules], UUID | None], Rules] = {
            (k, None): made for k, made in (decided or {}).items()
        }

    def __call__(self, kind: type[Declared], store_id: UUID | None = None) -> Declared:
        """The rules of one kind, in a store or for the brand as a whole: `work.rules(OrderRules).lock_minutes`."""
        found = self._made.get((kind, store_id))
        if found is None:
            found = self._made[kind, store_id] = self._find(kind, store_id)
        return found  # type: ignore[return-value]  # keyed by its own type

    def places(self, store_id: UUID | None) -> list[Place]:
        """Where a value for a store may come from, the nearest first."""
        region = self._regions.get(store_id) if store_id is not None else None
        own = [Place(store_id=store_id)] if store_id is not None else []
        return [*own, *([Place(region_id=region)] if region is not None else []), BRAND]

    def _find(self, kind: type[Rules], store_id: UUID | None) -> Rules:
        if store_id is not None and store_id not in self.particular:
            return self(kind)
        if self.platform is self:
            return kind()
        changed = {rule.name: value for rule in rules_of(kind).values() for value in self._nearest(rule, store_id)}
        return self.platform(kind).model_copy(update=changed) if changed else self.platform(kind)

    def _nearest(self, rule: Rule, store_id: UUID | None) -> Iterator[object]:
        """The nearest value of a rule, if it has one that still is one: a newer release may have other bounds."""
        for place in self.places(store_id):
            if (rule.key, place) in self._values:
                try:
                    yield rule.parse(self._values[rule.key, place])
                except ValidationError:
                    log.warning("a stored rule is not valid any more", key=rule.key, place=place)
                else:
                    return
