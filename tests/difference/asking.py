"""Requests, and what an engine answers to them where nothing but the fakes stands behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast
from uuid import UUID

from structlog.testing import capture_logs

from core.actors import Actor, ActorKind
from hexmart.plugins import discover
from schema.compose import ComposedSchema
from schema.context import Info
from schema.engine import Engine, GraphQLRequest
from schema.engine.limits import Limits
from schema.fields import Root
from tenants import PLATFORM_SLUG, Platform, Tenant
from tests.architecture.surface import declared, graphql_of
from tests.difference.comparison import Answer
from tests.difference.fakes import FakePlatform, Fakes
from tests.difference.scripts import Script

WORD = re.compile(r"\w+")
PLUGINS = frozenset(one.name for one in discover())
BRAND = Tenant(1, "shop", "Shop", "CNY", "Asia/Shanghai", "zh-CN", "ACTIVE", plugins=PLUGINS)
PLAIN = replace(BRAND, plugins=frozenset())  #: a brand with no plugin on
OPERATOR = replace(PLAIN, slug=PLATFORM_SLUG)
UNLIMITED = replace(Limits(**{field.name: 10**9 for field in fields(Limits)}), cost=10**100)


@dataclass(frozen=True, slots=True)
class Request:
    """A document, who sends it to whom, and what the resolvers answer."""

    document: str
    operation_name: str | None
    variables: Mapping[str, Any]
    viewer: Actor
    tenant: Tenant
    number: int  #: of the script
    wrong: float  #: the share of values that are not what they should be


def unlimited(schema: ComposedSchema, *, compiling: bool) -> Engine:
    """An engine that refuses no document for its size."""
    return Engine(schema, storefront=UNLIMITED, staff=UNLIMITED, compiling=compiling)


class Engines:
    """One engine that compiles, and one that leaves everything to graphql-core."""

    def __init__(self, fakes: Fakes) -> None:
        self.compiled = unlimited(fakes.schema, compiling=True)
        self.reference = unlimited(fakes.schema, compiling=False)
        self.reference.documents = self.compiled.documents  # to validate one twice would take as long as all the rest
        self._schema = graphql_of(fakes.schema)

    async def both(self, request: Request) -> tuple[Answer, Answer]:
        """What each of them answers."""
        return await self._ask(self.compiled, request), await self._ask(self.reference, request)

    async def _ask(self, engine: Engine, request: Request) -> Answer:
        script = Script(self._schema, set(WORD.findall(request.document)), request.number, request.wrong)
        platform = cast("Platform", FakePlatform(script))
        info = Info(platform, request.tenant, request.viewer, language="zh-CN", request_id="r")
        asked = GraphQLRequest(request.document, request.variables, request.operation_name, live=True)
        with capture_logs():  # what fails on purpose is not worth a line each
            try:
                return Answer(await engine.execute(asked, info), script.called)
            except Exception as error:  # noqa: BLE001 - it is shown with the request that has led to it
                return Answer({"data": None}, script.called, error)


def roots(fakes: Fakes) -> dict[str, Root]:
    """Every root field, by its name in documents."""
    schema = graphql_of(fakes.schema)
    every = (schema.query_type, schema.mutation_type, schema.subscription_type)
    kinds = [kind for kind in every if kind is not None]
    return {name: declared(field).metadata["declared"] for kind in kinds for name, field in kind.fields.items()}


def who_may_do_everything(fakes: Fakes, kind: ActorKind) -> Actor:
    """A member or one of the staff, since some things are for these alone, with every permission there is."""
    wanted = {root.access.requires for root in roots(fakes).values()}
    return Actor(kind, UUID(int=1), grants={name: None for name in wanted if name is not None})
