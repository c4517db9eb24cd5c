"""Every document that we show: the README's and those of the journeys."""

import ast
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate

from tests.architecture.source import ROOT, parsed

JOURNEYS = sorted((ROOT / "tests" / "journeys").glob("test_*.py"))
REFUSALS = "userErrors { code message path retryAfter } warnings { code message targetId }"


def documents(schema: GraphQLSchema) -> list[DocumentNode]:
    """All of them, valid and parsed; nothing else that looks like one."""
    texts = {*_readme(), *(text for journey in JOURNEYS for text in _journey(journey, schema))}
    return [document for text in sorted(texts) if (document := _valid(text, schema)) is not None]


def operation_of(document: DocumentNode) -> OperationDefinitionNode:
    """The first one."""
    return next(part for part in document.definitions if isinstance(part, OperationDefinitionNode))


def _readme() -> Iterator[str]:
    """What is quoted in its blocks: documents for `ask`, a request for curl."""
    for block in re.findall(r"```(?:bash|sh)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL):
        for quoted in re.findall(r"'([^']*)'", re.sub(r"""'"\$\w+"'""", "", block)):
            yield json.loads(quoted)["query"] if quoted.startswith('{"query"') else quoted


def _journey(path: Path, schema: GraphQLSchema) -> Iterator[str]:
    """Its documents as they are; a selection as each kind of payload may be asked for it."""
    evaluated = runpy.run_path(str(path)).values()  # f-strings too
    written = [node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)]
    assert schema.mutation_type is not None
    fields = schema.mutation_type.fields.items()
    mutations = {field.type: (name, field) for name, field in fields if field.args}
    for text in {text for text in [*evaluated, *written] if isinstance(text, str) and "{" in text}:
        yield text
        for name, field in mutations.values():
            asked = f"{name}(input: $input) {{ {text} {REFUSALS} }}"
            yield f"mutation($input: {field.args['input'].type}) {{ {asked} }}"


def _valid(text: str, schema: GraphQLSchema) -> DocumentNode | None:
    try:
        document = parse(text)
    except GraphQLError:
        return None
    return None if validate(schema, document) else document
