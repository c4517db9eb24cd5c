"""Files in which a client's build says what it will ask: its operations, each a document of its own."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    print_ast,
    separate_operations,
    validate,
)

from hexmart.requests import holds_nul

APOLLO = "apollo-persisted-query-manifest"
ANONYMOUS = "(anonymous)"
_ID = re.compile(r"[!-~]{1,200}")  #: what travels in a URL and is read out of a log


class ManifestWrong(Exception):
    """Why nothing of a file can be registered."""


def operations(path: Path) -> dict[str, str]:
    """The documents of a file by their ids, as yet unchecked."""
    readers = {".graphql": _from_graphql, ".gql": _from_graphql, ".json": _from_json}
    if path.suffix not in readers:
        raise ManifestWrong(f"{path.name}: a manifest is a .graphql, .gql or .json file.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ManifestWrong(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ManifestWrong(f"{path.name} is not UTF-8.") from None
    found = readers[path.suffix](text)
    if not found:
        raise ManifestWrong(f"{path.name} has no operation in it.")
    return found


def check(documents: Mapping[str, str], schema: GraphQLSchema) -> None:
    """Refuse the whole file for one document that could not be answered."""
    for document_id, text in documents.items():
        document = _parsed(text, document_id)
        name = _name(document, document_id)
        if not _ID.fullmatch(document_id):
            raise ManifestWrong(f"{name}: an id has 1 to 200 letters, digits and signs, without spaces.")
        # With two, what is kept of an answer would have to be told apart by operation as well.
        if len(_operations(document)) != 1:
            raise ManifestWrong(f"{name}: a trusted document has one operation, not {len(_operations(document))}.")
        if holds_nul(text):
            raise ManifestWrong(f"{name}: a text cannot hold the character NUL.")
        for error in validate(schema, document, max_errors=1):
            raise ManifestWrong(f"{name}: {error.message}")


def name_of(text: str) -> str:
    """What a document's operation is called."""
    return _name(parse(text), ANONYMOUS)


def _from_graphql(text: str) -> dict[str, str]:
    """Each operation with the fragments it uses, by the hash of its text."""
    document = _parsed(text, "")
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            raise ManifestWrong(f"{definition.kind.replace('_', ' ')}: it is neither an operation nor a fragment.")
    names = [_name_of(operation, ANONYMOUS) for operation in _operations(document)]
    for name in names:
        if names.count(name) > 1:
            raise ManifestWrong(f"{name}: two operations have this name.")
    texts = [print_ast(single) for single in separate_operations(document).values()]
    return {sha256(text.encode()).hexdigest(): text for text in texts}


def _from_json(text: str) -> dict[str, str]:
    try:
        parsed = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise ManifestWrong(f"This is not JSON: {error}.") from None
    if not isinstance(parsed, dict):
        raise ManifestWrong("A manifest in JSON is Apollo's, or an object of texts by id.")
    return _from_apollo(parsed) if "format" in parsed else _from_relay(parsed)


def _from_apollo(manifest: dict[str, Any]) -> dict[str, str]:
    if (manifest["format"], manifest.get("version")) != (APOLLO, 1):
        raise ManifestWrong(f'A manifest of Apollo\'s has the format "{APOLLO}" and the version 1.')
    listed = manifest.get("operations")
    if not isinstance(listed, list):
        raise ManifestWrong("operations is a list.")
    found: dict[str, str] = {}
    for number, operation in enumerate(listed, start=1):
        name, document_id, body = _texts(operation, number)
        _parsed(body, name)
        if document_id in found:
            raise ManifestWrong(f"{name}: its id {document_id} is another operation's too.")
        found[document_id] = body
    return found


def _texts(operation: object, number: int) -> tuple[str, str, str]:
    """Name, id and body of an operation."""
    given = operation if isinstance(operation, dict) else {}
    name = given.get("name") or f"Operation {number}"
    for key in ("name", "id", "body"):
        if not isinstance(given.get(key), str):
            raise ManifestWrong(f"{name}: {key} is a text.")
    return given["name"], given["id"], given["body"]


def _from_relay(manifest: dict[str, Any]) -> dict[str, str]:
    for document_id, text in manifest.items():
        if not isinstance(text, str):
            raise ManifestWrong(f"{document_id}: what stands under an id is a document's text.")
    return manifest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no key stands twice: the first would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ManifestWrong(f"{next(key for key in keys if keys.count(key) > 1)} stands twice in one object.")
    return found


def _parsed(text: str, name: str) -> DocumentNode:
    try:
        return parse(text)
    except GraphQLError as error:
        place = name or f"Line {error.locations[0].line if error.locations else 1}"
        raise ManifestWrong(f"{place}: {error.message}") from None


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]


def _name(document: DocumentNode, otherwise: str) -> str:
    return next((_name_of(operation, otherwise) for operation in _operations(document)), otherwise)


def _name_of(operation: OperationDefinitionNode, otherwise: str) -> str:
    return operation.name.value if operation.name else otherwise
