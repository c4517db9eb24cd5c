"""A GraphQL server that does everything wrong: what a scanner has to find, so that it finds anything at all."""

import asyncio
import json
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from graphql import ExecutionResult, build_schema, execute, parse
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
    validate,
)

Message = MutableMapping[str, Any]

SCHEMA = build_schema(
    """
    type Query { product(slug: String): Product  products: [Product!]  secret: String }
    type Mutation { cartCreate(name: String): Cart }
    type Product { name: String  price: Int  variants: [Product!]  kind: Kind }
    type Cart { id: ID }
    enum Kind { FRESH FROZEN }
    """
)
PRODUCT: dict[str, Any] = {"name": "Milk", "price": 5, "kind": "FRESH"}
PRODUCT["variants"] = [PRODUCT]
#: those that suggest what might have been meant, and none that would keep a document small
RULES = (FieldsOnCorrectTypeRule, KnownArgumentNamesRule, KnownTypeNamesRule, ScalarLeafsRule, ValuesOfCorrectTypeRule)
ROOT = {"product": PRODUCT, "products": [PRODUCT], "cartCreate": {"id": "1"}}
PAGE = b"<html><title>GraphiQL</title></html>"


async def lax(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Executes whatever it is sent by whatever way, as often as it is asked to, and tells all about it."""
    body = (await receive()).get("body", b"")
    headers = dict(scope["headers"])
    if scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b""):
        answer, kind = PAGE, b"text/html"
    else:
        answer, kind = json.dumps(_answers(scope, headers, body)).encode(), b"application/json"
    origin = headers.get(b"origin", b"*")
    shown = [(b"content-type", kind), (b"access-control-allow-origin", origin), (b"server", b"lax/1.0")]
    await send({"type": "http.response.start", "status": 200, "headers": shown})
    await send({"type": "http.response.body", "body": answer})
    await asyncio.sleep(0)


def _answers(scope: Message, headers: dict[bytes, bytes], body: bytes) -> Any:
    try:
        asked = _asked(scope, headers, body)
        return [_answer(one) for one in asked] if isinstance(asked, list) else _answer(asked)
    except Exception as error:  # noqa: BLE001 - it is as lax as can be
        told = {"code": "ERROR", "exception": {"stacktrace": traceback.format_exc().splitlines()}}
        return {"errors": [{"message": str(error), "extensions": told}]}


def _asked(scope: Message, headers: dict[bytes, bytes], body: bytes) -> Any:
    if scope["method"] == "GET":
        return dict(parse_qsl(scope["query_string"].decode()))
    if b"urlencoded" in headers.get(b"content-type", b""):
        return dict(parse_qsl(body.decode()))
    return json.loads(body)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    began, result = time.monotonic(), _executed(asked)
    response: dict[str, Any] = {"data": result.data, "extensions": {"tracing": {"duration": time.monotonic() - began}}}
    if result.errors:
        response["errors"] = [error.formatted for error in result.errors]
    return response


def _executed(asked: dict[str, Any]) -> ExecutionResult:
    document = parse(asked["query"])
    if errors := validate(SCHEMA, document, RULES):
        return ExecutionResult(None, errors)
    variables = asked.get("variables")
    result = execute(SCHEMA, document, ROOT, variable_values=variables, operation_name=asked.get("operationName"))
    assert isinstance(result, ExecutionResult)
    return result
