"""Small requests that would be a great deal of work, were they not refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import parse

from schema.engine import gate
from schema.engine.limits import Limits, check_variables


def _doubling(fragments: int) -> str:
    """Fragments that each spread the next one twice."""
    chain = " ".join(f"fragment F{n} on Brand {{ ...F{n + 1} ...F{n + 1} }}" for n in range(fragments))
    return f"{{ brand {{ ...F0 }} }} {chain} fragment F{fragments} on Brand {{ slug }}"


def _nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@dataclass(frozen=True, slots=True)
class Bomb:
    """A request, and the limit of shoppers that it runs into first."""

    limit: str
    document: str
    variables: Mapping[str, object] = field(default_factory=dict)

    def go_off(self, limits: Limits) -> None:
        """Everything that is done before a document is validated; raises QueryTooComplex."""
        check_variables(self.variables, limits)
        limits.check_tokens(gate.tokens(self.document, limits.tokens))
        for measured in gate.measure(parse(self.document)).values():
            limits.check(measured)


_DEEP: Mapping[str, object] = {"input": _nested(900)}
_WIDE: Mapping[str, object] = {"input": [[]] * 10_000}

BOMBS = {
    "20,000 repeated fields": Bomb("tokens", f"{{ brand {{ {'slug ' * 20_000}}} }}"),
    "10,000 aliases": Bomb("tokens", f"{{ brand {{ {'a: slug ' * 10_000}}} }}"),
    "5,000 directives": Bomb("tokens", f"{{ brand {{ slug {'@include(if: true) ' * 5_000}}} }}"),
    "60,000 quotation marks": Bomb("tokens", '"' * 60_000),
    "95 nested doubled fragments": Bomb("spreads", _doubling(95)),
    "29 nested doubled fragments": Bomb("fields", _doubling(29)),
    "240 aliases": Bomb("aliases", f"{{ brand {{ {'a: slug ' * 240}}} }}"),
    "490 directives": Bomb("directives", f"{{ brand {{ slug {'@x ' * 490}}} }}"),
    "200 nested fields": Bomb("depth", f"{'{ a ' * 200}{'}' * 200}"),
    "900 items in a literal": Bomb("list_items", f"{{ nodes(ids: [{'0 ' * 900}]) {{ id }} }}"),
    "900 lists nested": Bomb("variables_depth", "query($input: JSON) { a }", _DEEP),
    "10,000 lists in a list": Bomb("variable_items", "query($input: JSON) { a }", _WIDE),
}
