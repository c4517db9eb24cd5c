"""How a rule is declared: a field of its domain's Rules, with a type, bounds, a default and a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Annotated, ClassVar

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo


class Level(IntEnum):
    """How near to a store a value stands; in a declaration, the nearest that it may be set."""

    PLATFORM = 0  #: in the settings of whoever runs the platform, and never by a brand
    BRAND = 1
    REGION = 2
    STORE = 3


class Rules(BaseModel):
    """A domain's rules: each field a rule with its default, bounds and sentence.

    A field that may not be set as near as the others of its class says so: `Annotated[int, Level.BRAND]`.
    """

    model_config = ConfigDict(frozen=True)
    domain: ClassVar[str] = ""  #: what its keys begin with; empty: the package that declares it
    settable: ClassVar[Level] = Level.STORE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it was declared."""

    kind: type[Rules]
    name: str
    info: FieldInfo
    adapter: TypeAdapter[object]

    @property
    def key(self) -> str:
        return f"{domain_of(self.kind)}.{self.name}"

    @property
    def settable(self) -> Level:
        """The nearest that it may be set."""
        return next((mark for mark in self.info.metadata if isinstance(mark, Level)), self.kind.settable)

    @property
    def description(self) -> str:
        return self.info.description or ""

    @property
    def json_schema(self) -> dict[str, object]:
        """Type and bounds, for whoever draws a form."""
        unsaid = {"default", "description"}
        return {word: said for word, said in self.adapter.json_schema().items() if word not in unsaid}

    def parse(self, value: object) -> object:
        """A JSON value as the domain reads it; raises pydantic's ValidationError, and takes no "15" for 15."""
        return self.adapter.validate_json(orjson.dumps(value), strict=True)

    def takes(self, value: object) -> bool:
        """Whether a JSON value is one of it; null is none."""
        try:
            return value is not None and self.parse(value) is not None
        except ValidationError:
            return False

    def dump(self, value: object) -> object:
        """The other way about."""
        return self.adapter.dump_python(value, mode="json")


def domain_of(kind: type[Rules]) -> str:
    """`core.orders.rules` is about orders, `plugins.coupons.rules` about coupons, `gift_wrap.rules` about itself."""
    head, _, rest = kind.__module__.partition(".")
    return kind.domain or (rest.partition(".")[0] if head in {"core", "plugins"} else head)


@lru_cache(maxsize=1024)
def rules_of(kind: type[Rules]) -> Mapping[str, Rule]:
    """The rules of one class by the names of their fields."""
    found = kind.model_fields.items()
    return {name: Rule(kind, name, info, _adapter(info)) for name, info in found}


def _adapter(info: FieldInfo) -> TypeAdapter[object]:
    return TypeAdapter(Annotated[info.annotation, info])  # type: ignore[arg-type]  # a type that is known by then


def catalogue(kinds: Iterable[type[Rules]]) -> dict[str, Rule]:
    """Rules by key; two of the same key stop the start."""
    found: dict[str, Rule] = {}
    for rule in (rule for kind in kinds for rule in rules_of(kind).values()):
        known = found.setdefault(rule.key, rule)
        if known is not rule:
            both = f"{known.kind.__module__}.{known.kind.__name__} and {rule.kind.__module__}.{rule.kind.__name__}"
            raise ValueError(f"two rules are called {rule.key}: those of {both}")
    return found
