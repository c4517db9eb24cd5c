"""Relay connections: pages cut by keyset, counted only when somebody asks."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import strawberry

from core.errors import Invalid
from core.work import Work
from schema.context import Info
from schema.fields import batched, field

PAGE = 20  #: items a page, where nobody says how many
MOST = 100
Row = TypeVar("Row")
Key = Callable[[Row], Sequence[object]]  #: where a row stands in its list
Count = Callable[[Work, Sequence[Any]], Awaitable[Sequence[int]]]  #: the sizes of the lists of these owners


@strawberry.type(description="Where a page begins and ends.")
class PageInfo:
    has_next_page: bool = field("Whether there is more after this page.")
    has_previous_page: bool = field("Whether this page began after a cursor.")
    start_cursor: str | None = field("Cursor of the first item.")
    end_cursor: str | None = field("Cursor of the last item; give it as `after`.")


@strawberry.type(description="A page of a list.")
class Page:
    page_info: PageInfo = field("Where the page begins and ends.")


@dataclass(slots=True)
class Edge(Generic[Row]):
    node: Row
    key: Key[Row]

    @property
    def cursor(self) -> str:
        return _cursor(self.key(self.node))


@dataclass(frozen=True, slots=True)
class Connection(Generic[Row]):
    """A page of rows, and how to count all of them; cursors are made for whoever asks for them."""

    nodes: list[Row]
    key: Key[Row]
    has_next_page: bool
    has_previous_page: bool
    count: Count
    of: UUID | None  #: whose list it is, where many have one

    @property
    def edges(self) -> list[Edge[Row]]:
        return [Edge(row, self.key) for row in self.nodes]

    @property
    def page_info(self) -> "Connection[Row]":
        return self

    @property
    def start_cursor(self) -> str | None:
        return _cursor(self.key(self.nodes[0])) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        return _cursor(self.key(self.nodes[-1])) if self.nodes else None


@batched(Page, int | None, cost=10)
async def total_count(pages: Sequence[Connection[Any]], info: Info) -> list[int]:
    """How many there are in all; counted only when asked for."""
    numbers: dict[tuple[Count, UUID | None], int] = {}
    for count in {page.count for page in pages}:
        owners = [page.of for page in pages if page.count == count]
        numbers.update(zip([(count, owner) for owner in owners], await count(info.work, owners), strict=True))
    return [numbers[page.count, page.of] for page in pages]


def alone(count: Callable[[Work], Awaitable[int]]) -> Count:
    """How to count a list that nobody owns."""

    async def counts(work: Work, owners: Sequence[UUID | None]) -> list[int]:
        return [await count(work)] * len(owners)

    return counts


def connection(
    rows: Sequence[Row],
    *,
    first: int,
    after: str | None,
    key: Key[Row],
    count: Count,
    of: UUID | None = None,
) -> Connection[Row]:
    """A page out of `first + 1` rows: the one too many says that there is more."""
    return Connection(list(rows[:first]), key, len(rows) > first, after is not None, count, of)


def position(after: str | None, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """What a cursor of ours says, each part made by its kind; None without a cursor."""
    if after is None:
        return None
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return tuple(_storable(kind(part)) for kind, part in zip(kinds, parts, strict=True))
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid(reason="This cursor is not one of this list.", path=("after",)) from None


def _storable(part: object) -> object:
    """A part of a cursor, if PostgreSQL has such a value: whoever made the cursor up may have given it any."""
    if (isinstance(part, int) and not -(2**63) <= part < 2**63) or (isinstance(part, str) and "\x00" in part):
        raise ValueError("no value of a column")
    return part


def size_of(first: int | None, *, default: int = PAGE, path: tuple[str, ...] = ("first",)) -> int:
    """How many items a page has, if that is a number of them."""
    size = default if first is None else first
    if not 1 <= size <= MOST:
        raise Invalid(reason=f"first lies between 1 and {MOST}.", path=path)
    return size


def exactly_one(**selectors: object) -> None:
    """Refuse none or several of selectors that exclude each other."""
    if sum(value is not None for value in selectors.values()) != 1:
        raise Invalid(reason=f"Give exactly one of {', '.join(selectors)}.", path=tuple(selectors))


def _cursor(parts: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(parts), default=str)).rstrip(b"=").decode()
