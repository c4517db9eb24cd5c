"""What a client sent, as one shape: a document or the id of a trusted one, variables, the operation's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import orjson

from core.errors import BadRequest

_NUL = "A text cannot hold the character NUL."  # PostgreSQL has no such character, and nobody's name has
_ESCAPED = "\\u0000"
_ESCAPED_IN_DOCUMENT = re.compile(r"\\u(0000|\{0+\})")  # GraphQL has escapes of its own
_FIELDS = frozenset({"query", "documentId", "variables", "operationName", "extensions"})


@dataclass(frozen=True, slots=True)
class Asked:
    document: str | None
    document_id: str | None  #: where it stands beside a document, the client calls that document so
    variables: Mapping[str, Any] | None
    operation_name: str | None


def from_body(body: bytes) -> Asked:
    """What was sent by POST."""
    return from_payload(parsed("This", body))


def from_payload(payload: Any) -> Asked:
    """What stands in a body, or in the payload of a message."""
    if not isinstance(payload, dict) or not _names_a_document(payload):
        raise BadRequest(reason='Send {"query": "...", "variables": {...}}.')
    return _asked(payload)


def from_query_string(query: bytes, *, written_out: bool = False) -> Asked:
    """What was sent by GET, where a document may be named and not written out, unless its answer is a stream."""
    fields: dict[str, Any] = {**_fields(query)}
    if "query" in fields and not written_out:
        raise BadRequest(reason="only trusted documents are served to GET")
    for name in {"variables", "extensions"} & fields.keys():
        fields[name] = parsed(name, fields[name])
    if not _names_a_document(fields):
        raise BadRequest(reason="Name a trusted document: by documentId, or by persistedQuery in extensions.")
    return _asked(fields)


def holds_nul(document: str) -> bool:
    """Whether a document has the character NUL in it, in whatever spelling."""
    return "\0" in document or _ESCAPED_IN_DOCUMENT.search(document) is not None


def _fields(query: bytes) -> dict[str, str]:
    """What of a query string is ours."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise BadRequest(reason="The query string is not UTF-8, percent-encoded.") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name not in _FIELDS:
            continue
        if name in fields:  # which of them was meant?
            raise BadRequest(reason=f"{name} stands more than once in the query string.")
        if "\0" in value or _ESCAPED in value:
            raise BadRequest(reason=_NUL)
        fields[name] = value
    return fields


def parsed(what: str, text: bytes | str) -> Any:
    """What a text of JSON says; no text in it may hold NUL."""
    if (_ESCAPED.encode() in text) if isinstance(text, bytes) else (_ESCAPED in text):
        raise BadRequest(reason=_NUL)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(reason=f"{what} is not JSON: {error}.") from None


def _names_a_document(found: Mapping[str, Any]) -> bool:
    query = found.get("query")
    if query is None:
        return found.get("documentId") is not None or _hash(found.get("extensions")) is not None
    return isinstance(query, str)


def _asked(found: Mapping[str, Any]) -> Asked:
    query, document_id = found.get("query"), _document_id(found)
    if query is not None and holds_nul(query):
        raise BadRequest(reason=_NUL)
    variables, name = found.get("variables"), found.get("operationName")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest(reason="variables is an object.")
    if name is not None and not isinstance(name, str):
        raise BadRequest(reason="operationName is a text.")
    return Asked(query, document_id, variables, name)


def _document_id(found: Mapping[str, Any]) -> str | None:
    """What the document is called, by either name for it; a hash beside a document must be that document's."""
    named, hashed, query = found.get("documentId"), _hash(found.get("extensions")), found.get("query")
    if named is not None and not _is_name(named):
        raise BadRequest(reason="documentId is a text that is not empty.")
    if named is not None and hashed is not None and named != hashed:
        raise BadRequest(reason="documentId and extensions.persistedQuery.sha256Hash name two documents.")
    if query is not None and hashed is not None and sha256(query.encode()).hexdigest() != hashed:
        raise BadRequest(reason="extensions.persistedQuery.sha256Hash is not the hash of query.")
    return hashed if named is None else named


def _hash(extensions: object) -> str | None:
    """How Apollo's clients name a document."""
    if extensions is None:
        return None
    if not isinstance(extensions, dict):
        raise BadRequest(reason="extensions is an object.")
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") is True or persisted.get("version") != 1:
        raise BadRequest(reason="extensions.persistedQuery is an object whose version is 1.")
    if not _is_name(hashed := persisted.get("sha256Hash")):
        raise BadRequest(reason="extensions.persistedQuery.sha256Hash is a text that is not empty.")
    return str(hashed)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)
