"""GraphiQL: who gets it, what it may load, and that what it asks first is answered."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import cast

import httpx
import pytest
from graphql import get_introspection_query
from strawberry.http.ides import get_graphql_ide_html

from hexmart import graphiql
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.replies import Replies
from hexmart.settings import Settings
from hexmart.testing import Client

pytestmark = pytest.mark.anyio

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HTML = "text/html; charset=utf-8"


@pytest.fixture
async def in_production(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    made = create_app(databases, settings.model_copy(update={"production": True}), with_worker=False)
    yield made
    await made.platform.close()


async def opened(application: Application, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        return await http.get(address, headers=headers or BROWSER)


@pytest.mark.parametrize("query", ["", "?tenant=lumi", "?q=%7Bbrand%7Bname%7D%7D&variables=%7B%7D"])
async def test_a_browser_gets_the_page(application: Application, query: str) -> None:
    answer = await opened(application, f"/graphql{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, HTML)
    assert "GraphiQL" in answer.text


def test_an_address_that_is_no_text_breaks_nothing() -> None:
    assert graphiql.is_asked_for({b"accept": b"text/html"}, b"tenant=\xff")


@pytest.mark.parametrize("query", ["?documentId=products", "?documentId=", "?extensions={}", "?query={brand{name}}"])
async def test_whoever_names_a_document_is_answered_by_it(application: Application, query: str) -> None:
    answer = await opened(application, f"/graphql{query}")
    assert answer.headers["content-type"] != HTML


async def test_a_client_gets_no_page(application: Application) -> None:
    answer = await opened(application, "/graphql", {"Accept": "application/json"})
    assert answer.status_code >= 400
    assert answer.headers["content-type"] != HTML


async def test_nobody_gets_it_in_production(in_production: Application) -> None:
    answer = await opened(in_production, "/graphql")
    assert answer.status_code >= 400
    assert answer.headers["content-type"] != HTML


def test_the_page_may_load_what_it_names_by_hash_and_nothing_else() -> None:
    answer = graphiql.page("lumi", Replies(production=False))
    html = cast("bytes", answer.content["body"]).decode()
    headers = cast("list[tuple[bytes, bytes]]", answer.start["headers"])
    policy = dict(headers)[b"content-security-policy"].decode()
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    elements = re.findall(r"<(script|link)\s([^>]*https://[^>]*)>", html)
    scripts = [address(told) for kind, told in elements if kind == "script"]
    styles = [address(told) for kind, told in elements if kind == "link"]
    assert all(re.search(r'integrity="sha384-[\w+/=]{64}"', told) for _, told in elements)
    assert len(scripts) == 5
    assert allowed["script-src"].split() == [*scripts, *hashes(html)]
    assert allowed["style-src"].split() == [*styles, "'unsafe-inline'"]
    assert (allowed["default-src"], allowed["connect-src"]) == ("'none'", "'self'")


def address(element: str) -> str:
    found = re.search(r'https://unpkg\.com/[^"]+', element)
    assert found is not None, f"not from unpkg.com: {element}"
    return found[0]


def hashes(html: str) -> list[str]:
    """Of the two scripts that stand in the page itself: ours, then strawberry's."""
    written = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert ["X-Tenant" in script for script in written] == [True, False]
    return [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in written]


def test_the_page_still_takes_its_query_and_its_headers_from_its_address() -> None:
    html = get_graphql_ide_html("graphiql")
    assert html.count("</head>") == 1
    for taken in ("window.location.search", "parameters.q ||", "useState(parameters.headers)"):
        assert taken in html, f"strawberry's page has changed: no {taken}"


async def test_the_first_query_is_answered(client: Client) -> None:
    data = await client.run(graphiql.FIRST_QUERY)
    assert data["brand"]["name"]
    assert data["products"]["nodes"][0]["variants"][0]["price"]["amount"]


async def test_the_schema_is_told_as_graphiql_asks_for_it(client: Client) -> None:
    data = await client.run(get_introspection_query(input_value_deprecation=True))
    assert {"Product", "Order"} <= {kind["name"] for kind in data["__schema"]["types"]}
