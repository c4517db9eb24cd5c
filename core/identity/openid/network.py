"""Asking addresses that a brand has named: public ones alone, by TLS, little and briefly."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx
import structlog

from core.identity.openid.errors import ProviderAway

SECONDS = 5.0  #: that an answer may take, from the name to its last byte
LARGEST = 64 * 1024  #: bytes of an answer
#: whatever the reason: it would tell a stranger what there is in a network that only we can reach
NO_ANSWER = "it does not answer by TLS, at a public address, briefly and at once."
HTTPS = 443  #: the only port: behind others are services that are not meant to be asked by strangers
_NAT64 = IPv6Network("64:ff9b::/96")
Address = IPv4Address | IPv6Address
log = structlog.get_logger("openid")


class Unaskable(Exception):
    """Why somebody is not asked, or not listened to; for the log."""


class Guarded(httpx.AsyncBaseTransport):
    """Looks a name up once, and connects to the address that it has looked at: no later answer can move it."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask; raises ProviderAway."""
        try:
            async with asyncio.timeout(SECONDS):
                address = await address_of(request.url, loopback=self._loopback)
                response = await self._inner.handle_async_request(_pinned(request, address))
                return await _bounded(response)
        except (Unaskable, httpx.HTTPError, OSError, ValueError) as error:  # TimeoutError is an OSError
            log.warning("a sign-in provider cannot be asked", host=request.url.host, error=repr(error))
            raise ProviderAway(reason=NO_ANSWER) from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


async def address_of(url: httpx.URL, *, loopback: bool) -> str:
    """The address to connect to; raises Unaskable unless every address of the host may be asked."""
    found = await _addresses(url)
    if loopback and all(address.is_loopback for address in found):
        return str(found[0])
    if url.scheme != "https" or (url.port or HTTPS) != HTTPS or url.userinfo:
        raise Unaskable("only https:// and its own port are asked.")
    if not all(is_public(address) for address in found):
        raise Unaskable("its address is none of the public internet.")
    return str(found[0])


def is_public(address: Address) -> bool:
    """Whether an address, and the one that may be packed in it, is for everybody to ask."""
    packed: list[Address] = [address]
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFF_FFFF))
        packed += [one for one in inner if one is not None]
    return all(one.is_global and not one.is_multicast for one in packed)


async def _addresses(url: httpx.URL) -> list[Address]:
    """Every address of the host; none is as bad as a wrong one."""
    try:
        looked_up = await asyncio.get_running_loop().getaddrinfo(url.host, None, type=2)
        found = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in looked_up]
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise Unaskable("its host has no address.")
    return found


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to an address; host and certificate stay those of the name."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


async def _bounded(response: httpx.Response) -> httpx.Response:
    """The whole answer, unless it is too long, packed, or sends elsewhere."""
    try:
        if response.is_redirect or response.headers.get("content-encoding", "identity") != "identity":
            raise Unaskable("it answers in a way that is not expected.")
        body = bytearray()
        async for part in _parts(response):
            body += part
            if len(body) > LARGEST:
                raise Unaskable("it answers too much.")
    finally:
        await response.aclose()
    return httpx.Response(response.status_code, headers=response.headers, content=bytes(body))


async def _parts(response: httpx.Response) -> AsyncIterator[bytes]:
    async for part in response.stream:  # type: ignore[union-attr]  # an asynchronous transport's is
        yield part


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are taken; read once, since that takes a while."""
    return httpx.create_ssl_context(trust_env=False)
