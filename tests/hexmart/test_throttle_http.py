"""Too much, as a client meets it: status 429, a code, and when to come again."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

import httpx
import pytest

import tenants
from core.work import Quotas
from hexmart.testing import Client, World
from tenants import Platform, documents
from tenants.plans import PLANS, Plan
from tenants.throttle import CallerLimits
from tenants.throttle.admission import Admission

pytestmark = pytest.mark.anyio

SMALL = Plan(name="small", quotas=Quotas(), requests_per_second=None, cost_per_minute=400, otp_per_hour=None)
CALLERS = CallerLimits(requests_per_second=8, address_requests_per_second=8)
BRAND = "{ brand { slug } }"
HOME, AWAY = "198.51.100.7", "203.0.113.9"
Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture(autouse=True)
async def small(platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's brand is one whose callers may ask eight times a second, each and from each address."""
    monkeypatch.setitem(PLANS, SMALL.name, SMALL)
    monkeypatch.setattr(platform.throttle, "_admission", Admission(CALLERS))
    monkeypatch.setattr("tenants.throttle.throttle.milliseconds", lambda: 1_800_000_000_000)  # a clock that stands
    await tenants.set_plan(platform, world.tenant.slug, SMALL.name)


@pytest.fixture
def post(client: Client) -> Post:
    """Send a body from a network address, as a guest or with a token."""

    async def send(body: object, address: str = HOME, token: str | None = None) -> httpx.Response:
        headers = {"X-Tenant": client.slug} | ({"Authorization": f"Bearer {token}"} if token else {})
        async with _http(client, address) as http:
            return await http.post("/graphql", json=body, headers=headers)

    return send


def _http(client: Client, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=client.application, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


def is_refused(answer: httpx.Response) -> bool:
    return answer.status_code == 429


async def test_too_much_says_so_and_when_to_come_again(post: Post) -> None:
    answers = [await post({"query": BRAND}) for _ in range(10)]
    assert [is_refused(answer) for answer in answers] == [False] * 8 + [True] * 2
    assert answers[-1].headers["retry-after"] == "2"  # not 1: a second later all eight still weigh
    assert answers[-1].json() == {
        "data": None,
        "errors": [
            {
                "message": "Too much is being asked at once: try again in a moment.",
                "extensions": {"code": "RATE_LIMITED", "retryAfter": 2},
            }
        ],
    }
    assert not is_refused(await post({"query": BRAND}, AWAY))


async def test_requests_at_once_share_no_room(post: Post) -> None:
    answers = await asyncio.gather(*(post({"query": BRAND}) for _ in range(50)))
    assert [is_refused(answer) for answer in answers].count(False) == 8


async def test_a_member_is_counted_wherever_they_are(post: Post, client: Client) -> None:
    member = await client.member("13800000001")
    answers = [await post({"query": BRAND}, f"203.0.113.{number}", member.token) for number in range(10)]
    assert [is_refused(answer) for answer in answers] == [False] * 8 + [True] * 2


async def test_everything_that_is_done_counts_however_it_is_sent(post: Post, client: Client, world: World) -> None:
    clerk = await client.staff(world.email("clerk"))
    refresh = 'tokenRefresh(input: {refreshToken: "x"}) { accessToken }'
    aliased = (
        f"mutation {{ a: {refresh} b: {refresh} ...More }} fragment More on Mutation {{ c: {refresh} d: {refresh} }}"
    )
    first, second, third = [await post({"query": aliased}, AWAY, clerk.token) for _ in range(3)]
    assert not is_refused(first)
    assert not is_refused(second)
    assert is_refused(third)  # twice four are eight


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ nonsense }"},
        {"query": "{ brand"},
        {"query": "query($a: Int!) { brand { slug } }"},
        {"query": "{ brand { " + "slug " * 3_000 + "} }"},
        {"documentId": "0" * 64},
    ],
    ids=["invalid", "not parsed", "without its variables", "too complex", "unknown"],
)
async def test_what_is_wrong_counts_as_well(post: Post, body: object) -> None:
    answers = [await post(body) for _ in range(10)]
    assert [is_refused(answer) for answer in answers] == [False] * 8 + [True] * 2


async def test_nothing_is_looked_at_once_there_is_no_room(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(8):
        await post({"query": BRAND})
    monkeypatch.setattr("hexmart.graphql.from_body", lambda _: pytest.fail("the body was read"))
    assert is_refused(await post({"query": BRAND}))


async def test_cost_counts_for_the_whole_brand(post: Post) -> None:
    dear = "{ products(first: 90) { nodes { variants { sku } } } }"
    answers = [await post({"query": dear}, f"203.0.113.{number}") for number in range(6)]
    costs = [answer.json()["extensions"]["cost"]["requested"] for answer in answers if not is_refused(answer)]
    assert costs[0] * len(costs) <= 400 < costs[0] * (len(costs) + 1)
    assert is_refused(answers[-1])
    assert 60 <= int(answers[-1].headers["retry-after"]) <= 120


async def test_answers_that_are_kept_are_not_counted(
    client: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = sha256(BRAND.encode()).hexdigest()
    await documents.register(platform, world.tenant, {key: BRAND})
    monkeypatch.setattr(platform.changes, "hearing", lambda: True)
    async with _http(client, HOME) as http:
        asked = {"url": "/graphql", "params": {"documentId": key}, "headers": {"X-Tenant": client.slug}}
        answers = [await http.get(**asked) for _ in range(50)]  # type: ignore[arg-type]  # each is what get() takes
    assert {answer.status_code for answer in answers} == {200}


async def test_a_guarded_refusal_has_the_status_too(post: Post, world: World) -> None:
    wrong = f'mutation {{ staffSignIn(input: {{email: "{world.email("clerk")}", password: "x"}}) {{ accessToken }} }}'
    answers = [await post({"query": wrong}) for _ in range(6)]
    assert [is_refused(answer) for answer in answers] == [False] * 5 + [True]
    assert answers[-1].headers["retry-after"] == "900"
    assert answers[-1].json()["errors"][0]["path"] == ["staffSignIn"]
