"""How much one request may ask for: of the gate, of its variables, of what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from pydantic import NonNegativeInt

from core.errors import Fault
from schema.engine.gate import Measure, spreads

_MEASURED = tuple(field.name for field in fields(Measure) if field.name != "introspects")
_COUNTABLE = 2**53 - 1  # a few fragments that double each other count further than a number of JSON goes


class QueryTooComplex(Fault):
    """This request is too complex: the limit {limit} allows {allowed}, it has {found}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most of everything that one request may have; a document is refused before it is validated."""

    body_bytes: NonNegativeInt
    tokens: NonNegativeInt  #: comments too
    depth: NonNegativeInt  #: of nested fields; this and the next five with fragments expanded
    aliases: NonNegativeInt
    root_fields: NonNegativeInt
    mutations: NonNegativeInt
    fields: NonNegativeInt
    cost: NonNegativeInt
    directives: NonNegativeInt  #: this and the next five as the document is written
    directives_per_node: NonNegativeInt
    fragments: NonNegativeInt
    spreads: NonNegativeInt
    list_items: NonNegativeInt  #: of one list in the document
    variable_items: NonNegativeInt  #: of one list in a variable
    text: NonNegativeInt  #: characters of one string, likewise
    variables_depth: NonNegativeInt  #: of lists and objects in each other

    def check(self, measure: Measure) -> None:
        """Refuse an operation for the first limit that it exceeds."""
        for limit in _MEASURED:
            self.hold(limit, getattr(measure, limit))

    def check_body(self, found: int) -> None:
        """Refuse a body that is too large to be looked at."""
        self.hold("body_bytes", found)

    def check_tokens(self, found: Sequence[str]) -> None:
        """Refuse a document that is too much to be parsed."""
        self.hold("tokens", len(found))
        self.hold("directives", found.count("@"))
        self.hold("spreads", spreads(found))

    def check_cost(self, found: int) -> None:
        """Refuse what would take too much work to answer."""
        self.hold("cost", found)

    def hold(self, limit: str, found: int, path: tuple[str, ...] = ()) -> None:
        """Refuse more than the limit of that name allows."""
        allowed = getattr(self, limit)
        if found > allowed:
            raise QueryTooComplex(limit=limit, found=min(found, _COUNTABLE), allowed=allowed, path=path)


# The figures that are usual for public GraphQL APIs, but for two: a list may have the 100 ids that `nodes` takes, and a
# page 100 items. The dearest query of our own documentation, products with their variants, each with price and stock,
# costs 902 at `first: 100`. Depth 8 reaches from a page by `edges` down to the amount of a price of an order's line.
STOREFRONT = Limits(
    body_bytes=64 * 1024,
    tokens=1_000,
    depth=8,
    aliases=15,
    root_fields=10,
    mutations=1,
    fields=2_000,
    cost=1_000,
    directives=20,
    directives_per_node=3,
    fragments=30,
    spreads=60,
    list_items=100,
    variable_items=100,
    text=2_048,
    variables_depth=8,
)
STAFF = Limits(
    body_bytes=512 * 1024,
    tokens=2_000,
    depth=10,
    aliases=30,
    root_fields=20,
    mutations=5,
    fields=5_000,
    cost=5_000,
    directives=50,
    directives_per_node=3,
    fragments=60,
    spreads=120,
    list_items=250,
    variable_items=5_000,  # a count of a whole store comes as one
    text=16_384,
    variables_depth=8,
)


def check_variables(variables: Mapping[str, object], limits: Limits) -> None:
    """Refuse a variable that nests too deeply, has too long a list or too long a text; the path says where."""
    pending: list[tuple[tuple[str, ...], object]] = [((name,), value) for name, value in variables.items()]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            limits.hold("text", len(value), path)
        elif isinstance(value, list):
            limits.hold("variables_depth", len(path), path)
            limits.hold("variable_items", len(value), path)
            pending += [((*path, str(place)), item) for place, item in enumerate(value)]
        elif isinstance(value, Mapping):
            limits.hold("variables_depth", len(path), path)
            pending += [((*path, name), item) for name, item in value.items()]
