"""What scanners of GraphQL servers send, and by what they know that a server is vulnerable."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Probe = Callable[[httpx.AsyncClient], Awaitable[bool]]  #: whether it found what it looks for

CIRCULAR = "fields { type { " * 4 + "name" + " } }" * 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def posted(http: httpx.AsyncClient, sent: Any, **headers: str) -> Any:
    return _json(await http.post("/graphql", json=sent, headers=headers))


async def asked(http: httpx.AsyncClient, query: str, name: str | None = "cop") -> Any:
    """As graphql-cop asks."""
    return await posted(http, {"query": query, "operationName": name})


async def got(http: httpx.AsyncClient, **parameters: str) -> Any:
    return _json(await http.get("/graphql", params=parameters))


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return {}


def data(response: Any) -> dict[str, Any]:
    found = response.get("data") if isinstance(response, dict) else None
    return found or {}


def words(response: Any) -> str:
    """Everything that its errors say."""
    return str(response.get("errors", "")) if isinstance(response, dict) else ""


async def alias_overloading(http: httpx.AsyncClient) -> bool:
    aliases = " ".join(f"alias{number}:__typename" for number in range(101))
    return "alias100" in data(await asked(http, f"query cop {{ {aliases} }}"))


async def array_batching(http: httpx.AsyncClient) -> bool:
    response = await posted(http, [{"query": "query cop { __typename }"}] * 10)
    return isinstance(response, list) and len(response) >= 10


async def get_query(http: httpx.AsyncClient) -> bool:
    return "__typename" in data(await got(http, query="query cop {__typename}"))


async def get_mutation(http: httpx.AsyncClient) -> bool:
    return "__typename" in data(await got(http, query="mutation cop {__typename}"))


async def form_csrf(http: httpx.AsyncClient) -> bool:
    answer = await http.post("/graphql", data={"query": "query cop { __typename }"})
    return "__typename" in data(_json(answer))


async def tracing(http: httpx.AsyncClient) -> bool:
    responses = [
        await asked(http, "query cop { __typename }"),
        await posted(http, {"query": "{ __typename }"}, **{"X-Apollo-Tracing": "1", "X-Debug": "1"}),
        await got(http, query="{__typename}", debug="1"),
    ]
    shown = [str(response.get("extensions", "")) for response in responses if isinstance(response, dict)]
    return any(word in text for text in shown for word in ("tracing", "debug", "trace"))


async def field_duplication(http: httpx.AsyncClient) -> bool:
    return "__typename" in data(await asked(http, "query cop { " + "__typename \n" * 500 + "} "))


async def field_suggestions(http: httpx.AsyncClient) -> bool:
    documents = (
        "query cop { __schema { directive } }",
        "query cop { produc }",
        "query cop { product(slu: 1) { name } }",
        "query cop { product { nam } }",
        "query cop($a: Strin) { product(slug: $a) { name } }",
        "query cop { products { ... on Produc { name } } }",
        "query cop { __typename @includ(if: true) }",
    )
    return any(["Did you mean" in words(await asked(http, document)) for document in documents])


async def graphiql(http: httpx.AsyncClient) -> bool:
    paths = ("/graphql", "/graphiql", "/playground", "/altair", "/graphql/console", "/console", "/")
    answers = [await http.get(path, headers={"Accept": "text/html"}) for path in paths]
    heuristics = ("graphiql", "playground", "altair", "apollo server")
    return any(word in answer.text.lower() for answer in answers for word in heuristics)


async def introspection(http: httpx.AsyncClient) -> bool:
    return "__schema" in data(await asked(http, "query cop { __schema { types { name fields { name } } } }"))


async def directive_overloading(http: httpx.AsyncClient) -> bool:
    response = await asked(http, "query cop { __typename " + "@aa" * 10 + " }")
    repeated = await asked(http, "query cop { __typename " + "@include(if: true)" * 10 + " }")
    return len(response.get("errors", ())) == 10 or "__typename" in data(response) or "__typename" in data(repeated)


async def circular_introspection(http: httpx.AsyncClient) -> bool:
    return "__schema" in data(await asked(http, f"query cop {{ __schema {{ types {{ {CIRCULAR} }} }} }}"))


#: the twelve of graphql-cop, by the names that its own list has for them
TWELVE: dict[str, Probe] = {
    "Alias Overloading": alias_overloading,
    "Batch Queries": array_batching,
    "GET based Queries": get_query,
    "POST based Queries using urlencoded payloads": form_csrf,
    "GraphQL Tracing / Debug Modes": tracing,
    "Field Duplication": field_duplication,
    "Field Suggestions": field_suggestions,
    "GraphiQL": graphiql,
    "Introspection": introspection,
    "Directives Overloading": directive_overloading,
    "Circular Query using Introspection": circular_introspection,
    "Mutation support over GET methods": get_mutation,
}
