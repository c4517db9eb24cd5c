"""What the gate counts, how fast, and that nobody gets past it by writing cleverly."""

from time import perf_counter
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    parse,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.bombs import BOMBS
from schema.engine.gate import Measure, measure, tokens
from schema.engine.limits import STAFF, STOREFRONT, Limits, QueryTooComplex

ENDLESS = 10**9
NAMES = st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,5}", fullmatch=True)
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"\\\r\n'), max_size=5)
ESCAPES = st.sampled_from([r"\"", r"\\", r"\/", r"\n", r"\u00e9", r"\u{1F600}", r"\uD83D\uDE00"])
STRINGS = st.lists(WRITTEN | ESCAPES, max_size=4).map(lambda parts: f'"{"".join(parts)}"')
RAW = st.sampled_from(['\\"""', "\\", '"', '""', "\n", "\r\n", '\\"', "#", " "])
BLOCKS = st.lists(WRITTEN | RAW, max_size=6).map(lambda parts: f'"""{"".join(parts)}"""')
COMMENTS = WRITTEN.map(lambda text: f"#{text}\n")
PUNCTUATORS = st.sampled_from(["!", "$", "&", "(", ")", "...", ":", "=", "@", "[", "]", "{", "|", "}"])
IGNORED = st.text(" \t\r\n,\ufeff", max_size=3)
TEXTS = st.lists(NAMES | NUMBERS | STRINGS | BLOCKS | COMMENTS | PUNCTUATORS | IGNORED, max_size=25).map("".join)
SNIPPETS = st.text('"\\\r\n #.,-+{}[]aeE01_\ufeff字\x00', max_size=20)


def lexed(text: str) -> int | None:
    """The tokens that graphql-core finds, comments too; None where it finds a mistake."""
    lexer = Lexer(Source(text))
    token = lexer.token
    try:
        while lexer.advance().kind is not TokenKind.EOF:
            pass
    except GraphQLSyntaxError:
        return None
    count = 0
    while token.next is not None and token.next.kind is not TokenKind.EOF:
        token, count = token.next, count + 1
    return count


@given(TEXTS | SNIPPETS, st.integers(0, 12))
@example('""', 9)
@example('"' * 14, 9)  # possessive quantifiers read this wrongly before Python 3.11.5
@example('""""""', 9)
@example('"""\\""""""', 9)
@example('"""a\\\\"""', 9)
@example('"#" #"\n"""#"""', 9)
@example("\ufeff,a,\ufeff", 9)
@example("1-1 a1 -0.5e+3 ...a", 9)
@example("#\r#\r\n#", 9)
def test_tokens_are_counted_as_graphql_core_does(text: str, most: int) -> None:
    expected = lexed(text)
    if expected is None:
        assert len(tokens(text, ENDLESS)) <= len(text)  # parse() will refuse it
    else:
        assert (len(tokens(text, ENDLESS)), len(tokens(text, most))) == (expected, min(expected, most + 1))


def test_the_parser_counts_the_same() -> None:
    text = '#1\n query Q($a: [Int!] = [1, -2.5e3]) { a: b(c: """x""", d: "y") @e { ...F ... on G { h } } #2\n } #3\n#4'
    count = len(tokens(text, ENDLESS))
    parse(text, max_tokens=count)
    with pytest.raises(GraphQLSyntaxError, match=f"more than {count - 1} tokens"):
        parse(text, max_tokens=count - 1)


@pytest.mark.parametrize(
    "pattern", ['"', '\\"', '""" ', '"""\n\\', '"\\', ",", " ", "#", "-", "..", "字", "1e", '"a\n']
)
def test_no_text_takes_longer_than_its_length(pattern: str) -> None:
    """A search that begins anew at each character would take minutes."""
    text = pattern * (300_000 // len(pattern))
    for hostile in (text, f'"{text}', f'"""{text}'):
        began = perf_counter()
        tokens(hostile, ENDLESS)
        assert perf_counter() - began < 3


def measured(text: str, name: str | None = None) -> Measure:
    return measure(parse(text))[name]


COUNTS = [
    ("{ a }", {"depth": 1, "fields": 1, "root_fields": 1, "mutations": 0, "aliases": 0, "introspects": False}),
    ("{ a { b { c } d } e }", {"depth": 3, "fields": 5, "root_fields": 2}),
    ("{ x: a { y: b c } }", {"aliases": 2}),
    ("{ ... { a ... on T { b { c } } } }", {"depth": 2, "fields": 3, "root_fields": 2}),
    ("mutation { a b { c } }", {"mutations": 2, "root_fields": 2, "fields": 3}),
    ("mutation { ...F ...F } fragment F on M { x: a b { c } }", {"mutations": 4, "aliases": 2, "fields": 6}),
    ("subscription { a }", {"mutations": 0, "root_fields": 1}),
    ("{ a { ...F } b { c { ...F } } } fragment F on T { d { e } }", {"depth": 4, "fields": 7, "root_fields": 2}),
    ("{ ...F ...F } fragment F on T { ...G } fragment G on T { a }", {"fragments": 2, "spreads": 3, "root_fields": 2}),
    ("{ a @x @y ... @x { b } ...F @x } fragment F on T @x { c }", {"directives": 5, "directives_per_node": 2}),
    ("query($v: Int @a @b @c) @d { e @f(g: [1, 2]) }", {"directives": 5, "directives_per_node": 3, "list_items": 2}),
    ("fragment F on T { b @x @y @z } { a }", {"directives": 3, "fragments": 1, "spreads": 0, "fields": 1}),
    ("{ a(b: [[1, 2, 3], []], c: {d: [{e: [1, 2, 3, 4]}]}) }", {"list_items": 4}),
    ("query($v: [Int] = [1, 2]) { a }", {"list_items": 2}),
    ('{ a(b: "123", c: ["12345"], d: {e: """1234"""}) }', {"text": 5}),
    ('query($v: S = "\\u00e912") { a }', {"text": 3}),
    ("{ __schema { types { name } } }", {"introspects": True, "fields": 1, "depth": 1, "root_fields": 1}),
    ('{ t: __type(name: "X") { fields { name } } a }', {"introspects": True, "fields": 2, "aliases": 1}),
    ("{ ... { ...F } } fragment F on Query { __schema { a { b } } }", {"introspects": True, "fields": 1, "depth": 1}),
    ("{ a { __typename } __typename }", {"introspects": False, "fields": 3, "depth": 2}),
    ("{ a { __schema { b } } }", {"introspects": False, "fields": 3, "depth": 3}),
    ("{ a { } }", {"fields": 1, "depth": 1}),
    ("{ ...Nowhere a { ...Nowhere } }", {"fields": 1, "spreads": 2}),
    ("{ ...F } fragment F on T { a ...F }", {"fields": 1, "spreads": 2}),
    ("{ ...A } fragment A on T { a ...B } fragment B on T { b ...A ...B ...C } fragment C on T { c }", {"fields": 3}),
    ("{ ...F } fragment F on T { b } fragment F on T { c } fragment F on T { d }", {"fragments": 3}),
    ("type T { a: Int } { a }", {"fields": 1, "fragments": 0}),
]


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_an_operation_is_measured(text: str, expected: dict[str, Any]) -> None:
    found = measured(text)
    assert {name: getattr(found, name) for name in expected} == expected


def test_each_operation_is_measured_by_itself_and_by_its_name() -> None:
    document = parse("query A { a } query B { b { ...F } } mutation { c d } fragment F on T { x: e }")
    found = measure(document)
    assert {name: (one.fields, one.depth, one.aliases, one.mutations) for name, one in found.items()} == {
        "A": (1, 1, 0, 0),
        "B": (2, 2, 1, 0),
        None: (2, 1, 0, 2),
    }
    assert {(one.fragments, one.spreads) for one in found.values()} == {(1, 1)}
    assert measure(parse("fragment F on T { a }")) == {}


def test_fragments_that_double_each_other_are_counted_and_not_walked_through() -> None:
    found = measured(BOMBS["95 nested doubled fragments"].document)
    assert (found.fields, found.depth, found.fragments, found.spreads) == (2**95 + 1, 2, 96, 191)


def test_a_circle_is_gone_round_once() -> None:
    closed = BOMBS["95 nested doubled fragments"].document.replace("{ slug }", "{ slug ...F0 }")
    assert measured(closed).fields == 2**95 + 1


def test_depth_that_fragments_pile_up_meets_no_recursion() -> None:
    chain = "".join(f"fragment F{n} on T {'{ a ' * 100}{{ ...F{n + 1} }}{'}' * 100}" for n in range(60))
    assert measured(f"{{ ...F0 }} {chain} fragment F60 on T {{ a }}").depth == 60 * 100 + 1


def selections(deeper: st.SearchStrategy[str], spreads: list[str]) -> st.SearchStrategy[str]:
    field = st.sampled_from(["a", "b", "x: a"])
    nested = st.builds("{}{{ {} }}".format, field, deeper)
    inline = st.builds("... {{ {} }}".format, deeper)
    return st.lists(field | nested | inline | st.sampled_from(spreads), min_size=1, max_size=3).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid tangle of fragments: each may spread those after it."""
    last, parts = 4, []
    for number in range(last + 1):
        spreads = [f"...F{later}" for later in range(number + 1, last + 1)] or ["c"]
        level = st.just("d")
        for _ in range(3):
            level = selections(level, spreads)
        parts.append(draw(level))
    return f"{{ {parts[0]} }} " + " ".join(f"fragment F{n} on T {{ {part} }}" for n, part in enumerate(parts) if n)


def walked(selected: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> tuple[int, int, int, int]:
    """Depth, fields, aliases and root fields, by going into every fragment each time."""
    depth = fields = aliases = roots = 0
    for node in selected.selections:
        if isinstance(node, FieldNode):
            inner = walked(node.selection_set, fragments) if node.selection_set else (0, 0, 0, 0)
            inner = (inner[0] + 1, inner[1] + 1, inner[2] + bool(node.alias), 1)
        elif isinstance(node, FragmentSpreadNode):
            inner = walked(fragments[node.name.value].selection_set, fragments)
        else:
            assert isinstance(node, InlineFragmentNode)
            inner = walked(node.selection_set, fragments)
        depth, fields = max(depth, inner[0]), fields + inner[1]
        aliases, roots = aliases + inner[2], roots + inner[3]
    return depth, fields, aliases, roots


@settings(suppress_health_check=[HealthCheck.too_slow])  # as on a busy machine
@given(documents())
def test_any_document_measures_what_walking_through_all_of_it_finds(text: str) -> None:
    document = parse(text)
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    operation = next(part for part in document.definitions if isinstance(part, OperationDefinitionNode))
    found = measure(document)[None]
    assert (found.depth, found.fields, found.aliases, found.root_fields) == walked(operation.selection_set, fragments)


@pytest.mark.parametrize("limits", [STOREFRONT, STAFF], ids=["storefront", "staff"])
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_anybody_validates_it(name: str, limits: Limits) -> None:
    with pytest.raises(QueryTooComplex) as refusal:
        BOMBS[name].go_off(limits)
    if limits is STOREFRONT:
        assert refusal.value.facts["limit"] == BOMBS[name].limit
