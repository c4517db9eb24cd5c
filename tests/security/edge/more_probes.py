"""Probes that other scanners have beside the twelve, InQL and clairvoyance among them, and some of our own."""

import json

import httpx

from tests.security.edge.probes import FORM, Probe, asked, data, got, posted, words

NESTED = 60
LONG = 100_000  #: characters


async def unhandled_errors(http: httpx.AsyncClient) -> bool:
    responses = [
        await asked(http, "qwerty cop { abc }"),
        await asked(http, ""),
        await posted(http, {"query": None}),
        await posted(http, {"query": {"a": 1}}),
        await posted(http, {"query": "{ __typename }", "variables": "x"}),
        await posted(http, "text"),
        await posted(http, None),
    ]
    told = (
        "exception",
        "stacktrace",
        "traceback",
        'file "',
        ".py",
        "graphql-core",
        "strawberry",
        "asyncpg",
        "site-packages",
    )
    return any(word in str(response).lower() for response in responses for word in told)


async def introspection_by_get(http: httpx.AsyncClient) -> bool:
    return "__schema" in data(await got(http, query="{__schema{types{name}}}"))


async def introspection_of_one_type(http: httpx.AsyncClient) -> bool:
    return bool(data(await posted(http, {"query": '{ __type(name: "Product") { fields { name } } }'})).get("__type"))


async def introspection_in_disguise(http: httpx.AsyncClient) -> bool:
    documents = (
        "{ a: __schema { queryType { name } } }",
        "{\n__schema\n,,,{ queryType { name } } }",
        "{ ...on Query { __schema { queryType { name } } } }",
        "{ ...F } fragment F on Query { __schema { queryType { name } } }",
        "query($yes: Boolean = true) { __schema @include(if: $yes) { queryType { name } } }",
        "{ __schema @skip(if: false) { queryType { name } } }",
        "{ ...F @include(if: true) } fragment F on Query { ...G } fragment G on Query { __schema { description } }",
        "# __typename\n{ __schema { queryType { name } } }",
        "\ufeff{ __schema { queryType { name } } }",
    )
    return any([data(await posted(http, {"query": document})) for document in documents])


async def skipped_introspection_is_validated(http: httpx.AsyncClient) -> bool:
    """What is never executed must not be told apart by whether it exists."""
    known = await posted(http, {"query": "{ __typename __schema @skip(if: true) { types { name } } }"})
    return bool(data(known))


async def names_in_errors(http: httpx.AsyncClient) -> bool:
    """clairvoyance sends what is nearly right, and reads the names out of the answer."""
    documents = (
        "{ product(slug: 1) { __typename } }",
        "{ products { nodes { kin } } }",
        "{ product(slug: FRES) { name } }",
        "mutation { cartCreat(input: {}) { cart { id } } }",
        "mutation { cartCreate(inpu: {}) { cart { id } } }",
        "query($x: Produc) { products { __typename } }",
    )
    return any(["Did you mean" in words(await posted(http, {"query": document})) for document in documents])


async def fragments_in_a_circle(http: httpx.AsyncClient) -> bool:
    """No answer within its time, or one that is not a refusal."""
    circles = (
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ products { ...P } } fragment P on Product { variants { ...P } }",
    )
    responses = [await posted(http, {"query": document}) for document in circles]
    return any(data(response) or "errors" not in response for response in responses)


async def fragments_that_double(http: httpx.AsyncClient) -> bool:
    parts = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30)]
    document = "{ ...F0 } " + " ".join(parts) + " fragment F30 on Query { __typename }"
    return "__typename" in data(await posted(http, {"query": document}))


async def deep_nesting(http: httpx.AsyncClient) -> bool:
    lists = "{ products { " + "variants { " * NESTED + "name" + " }" * NESTED + " } }"
    nodes = "{ products { nodes { " + "variants { product { " * NESTED + "name" + " } }" * NESTED + " } } }"
    return any([data(await posted(http, {"query": document})) for document in (lists, nodes)])


async def batching_by_alias(http: httpx.AsyncClient) -> bool:
    """Many guesses in one request: each of a mutation's aliases is one."""
    inputs = "(input: {})" if "errors" in await posted(http, {"query": "mutation { cartCreate { id } }"}) else ""
    fields = "{ cart { id } }" if inputs else "{ id }"
    guesses = " ".join(f"g{number}: cartCreate{inputs} {fields}" for number in range(20))
    return len(data(await posted(http, {"query": f"mutation {{ {guesses} }}"}))) > 1


async def huge_variables(http: httpx.AsyncClient) -> bool:
    query = "query($s: String) { product(slug: $s) { name } }"
    return "data" in (response := await posted(http, {"query": query, "variables": {"s": "x" * LONG}})) and (
        "errors" not in response
    )


async def deep_variables(http: httpx.AsyncClient) -> bool:
    deep = '{"a":' * 500 + "1" + "}" * 500
    body = f'{{"query": "{{ __typename }}", "variables": {{"v": {deep}}}}}'
    answer = await http.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    return "__typename" in data(answer.json())


async def huge_documents(http: httpx.AsyncClient) -> bool:
    return "__typename" in data(await posted(http, {"query": "{ __typename } #" + "x" * 1_000_000}))


async def many_operations(http: httpx.AsyncClient) -> bool:
    document = " ".join(f"query q{number} {{ __typename }}" for number in range(600))
    return "__typename" in data(await posted(http, {"query": document, "operationName": "q1"}))


async def json_as_text(http: httpx.AsyncClient) -> bool:
    """What a page of any origin may send without being asked."""
    body = json.dumps({"query": "mutation { __typename }"})
    kinds = ("text/plain", "text/plain;charset=UTF-8", FORM["Content-Type"], "multipart/form-data; boundary=x", "")
    answers = [await http.post("/graphql", content=body, headers={"Content-Type": kind}) for kind in kinds]
    return any("__typename" in answer.text and "errors" not in answer.text for answer in answers)


async def any_origin(http: httpx.AsyncClient) -> bool:
    headers = {"Origin": "https://attacker.example", "Content-Type": "application/json"}
    answer = await http.post("/graphql", content='{"query": "{ __typename }"}', headers=headers)
    return answer.headers.get("access-control-allow-origin") in {"*", headers["Origin"]}


async def names_of_the_server(http: httpx.AsyncClient) -> bool:
    answers = [await http.get("/graphql"), await http.get("/nowhere"), await http.post("/graphql", content=b"x")]
    return any(name in answer.headers for answer in answers for name in ("server", "x-powered-by"))


MORE: dict[str, Probe] = {
    "Unhandled Errors Detection": unhandled_errors,
    "Introspection by GET": introspection_by_get,
    "Introspection of one type": introspection_of_one_type,
    "Introspection in disguise": introspection_in_disguise,
    "Skipped introspection": skipped_introspection_is_validated,
    "Names in errors": names_in_errors,
    "Fragments in a circle": fragments_in_a_circle,
    "Fragments that double": fragments_that_double,
    "Deep nesting": deep_nesting,
    "Batching by alias": batching_by_alias,
    "Huge variables": huge_variables,
    "Deep variables": deep_variables,
    "Huge documents": huge_documents,
    "Many operations": many_operations,
    "JSON as text": json_as_text,
    "Any origin": any_origin,
    "Names of the server": names_of_the_server,
}
