"""Carrying out one operation, root field by root field; graphql-core completes what turns out to be unusual."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from schema.context import Info
from schema.engine.leaves import Unexpected
from schema.engine.plans import Plan, RootSite
from schema.engine.reference import Reference
from schema.engine.trees import Project, Site
from schema.resolving import answer, load

COMPILED = "compiled"


@dataclass(slots=True)
class _Begun:
    """A root field whose resolver was called: its value or its error, and what will write its response."""

    value: Any = None
    error: Exception | None = None
    project: Project | None = None
    reason: str = ""  #: why graphql-core has to complete it


class Execution:
    """One operation on its way. It is what compiled trees load their batched fields by."""

    def __init__(
        self,
        plan: Plan,
        variables: VariableValues,
        info: Info,
        reference: Callable[[], Reference],
        tally: Counter[str],
    ) -> None:
        self._plan = plan
        self._variables = variables
        self._info = info
        self._make_reference = reference
        self._made: Reference | None = None
        self._tally = tally

    @property
    def errors(self) -> Sequence[GraphQLError]:
        """What has gone wrong; empty when all of it was usual."""
        return self._made.errors if self._made is not None else ()

    async def data(self) -> dict[str, Any] | None:
        """The response's data; None where an error has left nothing of it."""
        try:
            return await (self._serially() if self._plan.serial else self._at_once())
        except GraphQLError as error:
            self._reference.collected_errors.add(error, None)
            return None

    async def load(self, site: Site, parents: Sequence[Any]) -> Sequence[Any]:
        """One result of a batched field for each parent."""
        if not parents:
            return ()
        return await load(site.relation, parents, self._info, site.node, site.arguments(self._variables))

    async def _serially(self) -> dict[str, Any]:
        return {site.key: await self._finish(site, await self._begin(site)) for site in self._plan.roots}

    async def _at_once(self) -> dict[str, Any]:
        """Everything is loaded in one snapshot; the connection is given back before the response is written."""
        begun = [await self._begin(site) for site in self._plan.roots]
        await self._info.close()
        return {site.key: await self._finish(site, part) for site, part in zip(self._plan.roots, begun, strict=True)}

    async def _begin(self, site: RootSite) -> _Begun:
        if site.typename is not None:
            return _Begun(project=lambda: [site.typename])
        if site.root is None or site.arguments is None:
            return _Begun(reason="introspection")
        try:
            value = await answer(site.root, self._info, site.arguments(self._variables))
        except Exception as error:  # noqa: BLE001 - it becomes an error of the response
            return _Begun(error=error, reason="refused")
        try:
            return _Begun(value, project=await self._projection(site, value))
        except Unexpected:
            return _Begun(value, reason="unusual")
        except Exception:  # noqa: BLE001 - graphql-core meets the same error, and puts it where it belongs
            return _Begun(value, reason="error")

    async def _projection(self, site: RootSite, value: Any) -> Project:
        if site.write is not None:
            return partial(site.write, [value])
        assert site.tree is not None
        return await site.tree([value], self)

    async def _finish(self, site: RootSite, begun: _Begun) -> Any:
        if begun.project is not None:
            try:
                (written,) = begun.project()
            except Exception as error:  # noqa: BLE001 - as above
                begun.reason = "unusual" if isinstance(error, Unexpected) else "error"
            else:
                self._tally[COMPILED] += 1
                return written
        return await self._by_reference(site, begun)

    async def _by_reference(self, site: RootSite, begun: _Begun) -> Any:
        self._tally[begun.reason] += 1
        if site.root is None:
            return await self._reference.execute(self._plan.type, site)
        if begun.error is not None:
            return self._reference.fail(self._plan.type, site, begun.error)
        return await self._reference.complete(self._plan.type, site, begun.value)

    @property
    def _reference(self) -> Reference:
        if self._made is None:
            self._made = self._make_reference()
        return self._made
