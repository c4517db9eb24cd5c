"""Executing documents against the small schema."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

from structlog.testing import capture_logs

from core.actors import ANONYMOUS
from schema import errors
from schema.compose import ComposedSchema, compose
from schema.context import Info
from schema.engine import GraphQLRequest
from tenants import Platform
from tests.difference.asking import BRAND, unlimited
from tests.difference.zoo import boxes, deeds, nests, pets, toys
from tests.difference.zoo.stage import Stage

Response = dict[str, Any]


class Zoo:
    """The small schema, executed by one engine."""

    def __init__(self, *, compiling: bool) -> None:
        self.added: list[int] = []  #: by mutations of the last document
        self._engine = unlimited(_schema(), compiling=compiling)

    async def run(
        self,
        document: str,
        given: Any = None,
        *,
        operation_name: str | None = None,
        plugins: frozenset[str] = frozenset(),
        **variables: Any,
    ) -> Response:
        """Data and errors, where root fields give what the test says and these plugins are on."""
        stage = Stage(given)
        self.added = stage.numbers
        brand = replace(BRAND, plugins=plugins)
        info = Info(cast("Platform", stage), brand, ANONYMOUS, language="zh-CN", request_id="r")
        with capture_logs():
            response = await self._engine.execute(GraphQLRequest(document, variables, operation_name), info)
        return {part: response[part] for part in ("data", "errors") if part in response}


def paths(response: Mapping[str, Any]) -> list[list[str | int]]:
    """Where something went wrong."""
    return sorted((error["path"] for error in response.get("errors", [])), key=str)


@cache
def _schema() -> ComposedSchema:
    return compose((errors, nests, boxes, pets, deeds, toys))
