"""Asking a provider over the web: at an address that its plugin knows, briefly, and reading no more than one should."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import orjson

SECONDS = 10.0  #: for everything, from the name to the last byte
LARGEST = 1024 * 1024  #: bytes of an answer


class Unexpected(ConnectionError):
    """The provider has answered with something that is no answer."""


async def post(url: str, body: bytes, *, headers: Mapping[str, str] | None = None, loopback: bool = False) -> bytes:
    """What a provider answers to JSON; plain HTTP is for simulators on this machine, where those may be."""
    if not (url.startswith("https://") or (loopback and url.startswith("http://127.0.0.1:"))):
        raise Unexpected("a provider is asked by https")
    told = {"Content-Type": "application/json", "Accept-Encoding": "identity"} | dict(headers or {})
    client = httpx.AsyncClient(verify=_trusted(), trust_env=False, timeout=SECONDS)
    async with (
        asyncio.timeout(SECONDS),
        client as http,
        http.stream("POST", url, content=body, headers=told) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise Unexpected(f"it answers {answer.status_code}")
        return await _read(answer)


async def ask(url: str, body: bytes, *, loopback: bool = False) -> dict[str, Any]:
    """The object that a provider answers to JSON."""
    try:
        answer = orjson.loads(await post(url, body, loopback=loopback))
    except orjson.JSONDecodeError as error:
        raise Unexpected("it answers with what is no JSON") from error
    if not isinstance(answer, dict):
        raise Unexpected("it answers with what is no object")
    return answer


async def _read(answer: httpx.Response) -> bytes:
    found = bytearray()
    async for part in answer.aiter_raw():
        found += part
        if len(found) > LARGEST:
            raise Unexpected("it answers too much")
    return bytes(found)


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are taken; read once, since that takes a while."""
    return httpx.create_ssl_context(trust_env=False)
