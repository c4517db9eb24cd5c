"""How large a document is, before anybody validates it: its tokens by its text, the rest by one walk over it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType

from schema.engine.parts import Part, Written, expand

_IGNORED = " \t\r\n,\ufeff"
# A string without its end counts as a token, and so does a character that begins none: parse() will say what is wrong.
# Were they passed over instead, a text full of quotation marks would be searched from each of them to its end. Nothing
# is possessive, since the regular expressions of Python 3.11.2 read that wrongly.
_TOKEN = re.compile(
    rf"""[{_IGNORED}]*(
        [_A-Za-z][_0-9A-Za-z]*
        | [!$&():=@\[\]{{}}|] | \.\.\.
        | -?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?
        | \"\"\"(?:[^"\\]|\\(?:\"\"\")?|"(?!""))*(?:\"\"\")?
        | "(?:[^"\\\r\n]|\\.)*"?
        | \#[^\r\n]*
        | .
    )""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """How much one operation asks for."""

    depth: int  #: of nested fields
    aliases: int  #: this and the next three count what stands in a fragment each time it is spread
    root_fields: int
    mutations: int  #: root fields, where the operation is a mutation
    fields: int
    directives: int  #: this and what follows is of the whole document, as written, since all of it is validated
    directives_per_node: int
    fragments: int
    spreads: int
    list_items: int  #: of the longest list literal
    text: int  #: characters of the longest string literal
    introspects: bool  #: asks for __schema or __type, within which nothing was counted


def tokens(text: str, most: int) -> list[str]:
    """The tokens of a document, comments too, as graphql-core finds them; it stops at the first beyond `most`."""
    return [match[1] for match in islice(_TOKEN.finditer(text.rstrip(_IGNORED)), most + 1)]


def spreads(found: Sequence[str]) -> int:
    """How often named fragments are spread, before anything is parsed: parsing takes most of the time there is."""
    return sum(one == "..." and after != "on" and after.isidentifier() for one, after in pairwise(found))


def measure(document: DocumentNode) -> Mapping[str | None, Measure]:
    """How much each operation asks for, by its name; the document need not be valid, and the time taken is linear."""
    written = Written()
    operations: list[tuple[OperationDefinitionNode, Part]] = []
    fragments: dict[str, Part] = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations.append((definition, written.read(definition)))
        elif isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = written.read(definition)
    expand([part for _, part in operations], fragments)
    return {
        operation.name.value if operation.name else None: _measure(operation, part, written)
        for operation, part in operations
    }


def _measure(operation: OperationDefinitionNode, part: Part, written: Written) -> Measure:
    return Measure(
        depth=part.depth,
        aliases=part.aliases,
        root_fields=part.root_fields,
        mutations=part.root_fields if operation.operation == OperationType.MUTATION else 0,
        fields=part.fields,
        directives=written.directives,
        directives_per_node=written.directives_per_node,
        fragments=written.fragments,
        spreads=written.spreads,
        list_items=written.list_items,
        text=written.text,
        introspects=part.introspects,
    )
