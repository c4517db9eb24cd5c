"""Refusals as data: userErrors for what the caller can put right."""

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from inspect import cleandoc
from typing import Any, TypeVar

import strawberry
from strawberry.types.enum import EnumValue

from core.errors import DomainError, Fault
from core.extensions import plugin_of
from schema.fields import field

Class = TypeVar("Class", bound=type)


@strawberry.enum(description="What went wrong; a client treats a code it does not know as INVALID.")
class ErrorCode(StrEnum):
    INVALID = "INVALID"  # the others are put there by fill_error_codes(), from the classes themselves


@strawberry.interface(description="Why nothing was done, and what the caller can put right.")
class UserError:
    code: ErrorCode = field("Stable; made for programs.")
    message: str = field("A sentence; made for people.")
    path: list[str] | None = field("Which part of the input is meant.")
    retry_after: int | None = field("Seconds after which the same request may succeed.")


class Shown:
    """A refusal as a value: graphql-core takes an exception in a result for a failure of the resolver."""

    __slots__ = ("refusal",)

    def __init__(self, refusal: DomainError) -> None:
        self.refusal = refusal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.refusal, name)


@strawberry.type(description="A refusal that its code and message explain in full.")
class Refusal(UserError):
    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        return isinstance(value, Shown) and type(value.refusal) not in _SHOWN_IN_FULL


_SHOWN_IN_FULL: set[type[DomainError]] = set()


def error_type(error: type[DomainError]) -> Callable[[Class], Class]:
    """The type of one refusal that has more to tell than code and message."""

    def declare(cls: Class) -> Class:
        _SHOWN_IN_FULL.add(error)
        cls.is_type_of = classmethod(  # type: ignore[attr-defined]  # Strawberry looks for it
            lambda _, value, __: isinstance(value, Shown) and isinstance(value.refusal, error)
        )
        return strawberry.type(cls, description=cleandoc(cls.__doc__ or ""))

    return declare


@strawberry.type(description="Something was done, with a remark.")
class Warning:  # noqa: A001 - the public contract's word
    code: str = field("Stable; made for programs.")
    message: str = field("A sentence; made for people.")
    target_id: strawberry.ID | None = field("What the remark is about.")


def refusals(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every refusal that can be a userError, in the order in which their classes were made."""
    for subclass in kind.__subclasses__():
        if not issubclass(subclass, Fault):
            yield subclass
            yield from refusals(subclass)


def fill_error_codes(plugins: Collection[str]) -> None:
    """Give the enum one value for each refusal of Hexmart, then of these plugins; all of them are imported by now."""
    known = [(plugin_of(kind.__module__), kind.code) for kind in refusals()]
    codes = [code for plugin, code in known if plugin is None]
    codes += sorted(code for plugin, code in known if plugin in plugins)
    definition = ErrorCode.__strawberry_definition__  # type: ignore[attr-defined]  # Strawberry puts it there
    definition.values = [EnumValue(code, code) for code in dict.fromkeys(["INVALID", *codes])]
