"""What a client sent, read as one shape or refused with the field that is wrong."""

from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from core.errors import BadRequest
from hexmart.requests import Asked, from_body, from_query_string

QUERY = "{ brand { slug } }"
HASH = sha256(QUERY.encode()).hexdigest()
APOLLO = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
NUL = "A text cannot hold the character NUL."
EXPECTED = 'Send {"query": "...", "variables": {...}}.'
OBJECT_OF_VERSION_1 = "extensions.persistedQuery is an object whose version is 1."
HASH_IS_A_TEXT = "extensions.persistedQuery.sha256Hash is a text that is not empty."


def posted(**fields: Any) -> Asked:
    return from_body(orjson.dumps(fields))


def got(**fields: Any) -> Asked:
    """By GET, where everything but a text is written as JSON."""
    texts = {name: value if isinstance(value, str) else orjson.dumps(value) for name, value in fields.items()}
    return from_query_string(urlencode(texts).encode())


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"query": QUERY}, Asked(QUERY, None, None, None)),
        ({"query": ""}, Asked("", None, None, None)),
        ({"query": QUERY, "variables": None, "operationName": None}, Asked(QUERY, None, None, None)),
        ({"query": QUERY, "variables": {"a": [1]}, "operationName": "B"}, Asked(QUERY, None, {"a": [1]}, "B")),
        ({"query": QUERY, "documentId": None, "extensions": None}, Asked(QUERY, None, None, None)),
        ({"query": QUERY, "extensions": {"other": 1, "persistedQuery": None}}, Asked(QUERY, None, None, None)),
        ({"documentId": "m"}, Asked(None, "m", None, None)),
        ({"query": None, "documentId": "m", "variables": {}}, Asked(None, "m", {}, None)),
        ({"query": QUERY, "documentId": "m"}, Asked(QUERY, "m", None, None)),
        ({"extensions": APOLLO}, Asked(None, HASH, None, None)),
        ({"query": QUERY, "extensions": APOLLO}, Asked(QUERY, HASH, None, None)),
        ({"documentId": HASH, "extensions": APOLLO}, Asked(None, HASH, None, None)),
    ],
)
def test_a_document_is_sent_or_named(sent: dict[str, Any], asked: Asked) -> None:
    assert posted(**sent) == asked


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"documentId": "m"}, Asked(None, "m", None, None)),
        (
            {"documentId": "m", "variables": {"a": "牛奶 +&="}, "operationName": "B"},
            Asked(None, "m", {"a": "牛奶 +&="}, "B"),
        ),
        ({"documentId": "m", "variables": "null", "utm_source": "mail"}, Asked(None, "m", None, None)),
        ({"extensions": APOLLO, "variables": {}}, Asked(None, HASH, {}, None)),
    ],
)
def test_a_trusted_document_is_named_by_get(sent: dict[str, Any], asked: Asked) -> None:
    assert got(**sent) == asked


def test_what_else_stands_in_a_query_string_is_passed_over() -> None:
    assert from_query_string(b"_=1&documentId=m&_=2&flag").document_id == "m"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, EXPECTED),
        ({"query": 5}, EXPECTED),
        ({"query": 5, "documentId": "m"}, EXPECTED),
        ({"query": None}, EXPECTED),
        ({"extensions": {}}, EXPECTED),
        ({"documentId": 5}, "documentId is a text that is not empty."),
        ({"documentId": ""}, "documentId is a text that is not empty."),
        ({"query": QUERY, "documentId": ["m"]}, "documentId is a text that is not empty."),
        ({"extensions": []}, "extensions is an object."),
        ({"extensions": {"persistedQuery": "m"}}, OBJECT_OF_VERSION_1),
        ({"extensions": {"persistedQuery": {"sha256Hash": HASH}}}, OBJECT_OF_VERSION_1),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}}, OBJECT_OF_VERSION_1),
        ({"extensions": {"persistedQuery": {"version": True, "sha256Hash": HASH}}}, OBJECT_OF_VERSION_1),
        ({"extensions": {"persistedQuery": {"version": 1}}}, HASH_IS_A_TEXT),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 5}}}, HASH_IS_A_TEXT),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ""}}}, HASH_IS_A_TEXT),
        (
            {"query": QUERY + " ", "extensions": APOLLO},
            "extensions.persistedQuery.sha256Hash is not the hash of query.",
        ),
        (
            {"documentId": "m", "extensions": APOLLO},
            "documentId and extensions.persistedQuery.sha256Hash name two documents.",
        ),
        ({"documentId": "m", "variables": []}, "variables is an object."),
        ({"documentId": "m", "variables": "{}"}, "variables is an object."),
        ({"documentId": "m", "operationName": 5}, "operationName is a text."),
        ({"query": '{ a(b: "\\u{0}") }'}, NUL),
        ({"documentId": "m\0"}, NUL),
        ({"documentId": "m", "variables": {"a": "\0"}}, NUL),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_with_its_field(sent: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        posted(**sent)
    assert refusal.value.message == sentence


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff", b'{"query": "\xff"}'])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"^(This is not JSON: .+|Send .+)\.$"):
        from_body(body)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (b"query=%7Ba%7D", "only trusted documents are served to GET"),
        (b"query=", "only trusted documents are served to GET"),
        (b"documentId=m&query=%7Ba%7D", "only trusted documents are served to GET"),
        (b"", "Name a trusted document: by documentId, or by persistedQuery in extensions."),
        (b"variables={}", "Name a trusted document: by documentId, or by persistedQuery in extensions."),
        (b"documentId=", "documentId is a text that is not empty."),
        (b"documentId=a&documentId=b", "documentId stands more than once in the query string."),
        (b"documentId=a&variables={}&variables={}", "variables stands more than once in the query string."),
        (b"documentId=a&variables=[]", "variables is an object."),
        (b"documentId=a&variables=%22x%22", "variables is an object."),
        (b"extensions=1", "extensions is an object."),
        (b"documentId=%00", NUL),
        (b"documentId=a&variables=%7B%22a%22:%22%5Cu0000%22%7D", NUL),
        (b"documentId=a&operationName=%00", NUL),
        (b"documentId=%ff", "The query string is not UTF-8, percent-encoded."),
        (b"documentId=%ed%a0%80", "The query string is not UTF-8, percent-encoded."),
        (b"documentId=\xe7\x89\x9b", "The query string is not UTF-8, percent-encoded."),
    ],
)
def test_a_query_string_of_the_wrong_shape_is_refused_with_its_field(query: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        from_query_string(query)
    assert refusal.value.message == sentence


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": "\\ud800"}', '{"a":' * 5_000 + "1" + "}" * 5_000])
def test_what_is_not_json_in_a_query_string_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadRequest, match=rf"^{name} is not JSON: "):
        from_query_string(urlencode({"documentId": "m", name: text}).encode())
