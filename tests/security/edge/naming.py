"""Asking in every way that a brand can be named, and noting who has answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from sqlalchemy import text

from hexmart.app import Application
from hexmart.testing import World
from tenants import documents
from tests.hexmart.asking import JSON, Answer, ask
from tests.security.edge.confusion import Brand, Naming

WHO = "{ brand { slug } stores(first: 1) { nodes { id } } }"
DOCUMENT = "who"  #: the name under which every brand has registered that
NOISE = ("X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server", "X_Tenant", "X-Tenant-Id", "Tenant")


@dataclass
class Tally:
    """What came of the attempts."""

    led_home: int = 0
    refused: int = 0
    astray: list[tuple[Naming, str]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.led_home + self.refused + len(self.astray)

    def note(self, naming: Naming, answers: Sequence[Answer]) -> None:
        for answer in answers:
            outcome = outcome_of(answer)
            if outcome != naming.leads_to:
                self.astray.append((naming, outcome))
            elif outcome.isupper():
                self.refused += 1
            else:
                self.led_home += 1


def outcome_of(answer: Answer) -> str:
    """The brand that has answered, or the code of the refusal."""
    response = answer.json()
    if response["data"]:
        return str(response["data"]["brand"]["slug"])
    return str(response["errors"][0]["extensions"]["code"])


async def with_domain(application: Application, world: World) -> Brand:
    """The brand with a host of its own, and the document."""
    brand = Brand(world.tenant.slug, f"shop.{world.tenant.slug}.example")
    async with application.platform.platform.begin() as connection:
        row = {"host": brand.domain, "id": world.tenant.id}
        await connection.execute(text("INSERT INTO tenant_domain (host, tenant_id) VALUES (:host, :id)"), row)
    await documents.register(application.platform, world.tenant, {DOCUMENT: WHO})
    return brand


async def as_guest(application: Application, naming: Naming, other: Brand) -> Sequence[Answer]:
    """By POST, and twice by GET, so that a kept answer is among them; other headers say that the other is meant."""
    told = [("X-Tenant", naming.header)] if naming.header is not None else []
    noise = [(name, other.slug if "enant" in name else other.domain) for name in NOISE]
    target, body = f"/graphql?documentId={DOCUMENT}", orjson.dumps({"query": WHO})
    return [
        await ask(application, "POST", "/graphql", [JSON, *told, *noise], [body], host=naming.host),
        await ask(application, "GET", target, [*told, *noise], [b""], host=naming.host),
        await ask(application, "GET", target, [*told, *noise], [b""], host=naming.host),
    ]


async def with_token(application: Application, naming: Naming, token: str) -> Answer:
    """With a token that one brand has given."""
    told = [("X-Tenant", naming.header)] if naming.header is not None else []
    return await ask(application, headers=[JSON, *told, ("Authorization", f"Bearer {token}")], host=naming.host)
