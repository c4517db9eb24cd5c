"""The schema's own declarations with other resolvers: they need no database, and answer alike whoever executes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import wraps
from types import ModuleType
from typing import Any, cast

from core.errors import DomainError
from hexmart.plugins import contributions, plugin_manager
from schema.compose import compose
from schema.context import Info
from schema.contributions import Contribution
from schema.fields import Relation, Reveal, Root
from schema.modules import MODULES
from tests.architecture.surface import declared, types
from tests.difference.scripts import Script


@dataclass(frozen=True, slots=True)
class FakeWork:
    """A transaction in which nothing happens but what the script says."""

    script: Script
    read_tables: frozenset[str] = frozenset()

    async def commit(self) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True)
class FakePlatform:
    """Opens fake Works."""

    script: Script

    def reading(self, *_: object, **__: object) -> FakeWork:
        """A Work that reads."""
        return FakeWork(self.script)

    @asynccontextmanager
    async def open_work(self, *_: object, **__: object) -> AsyncIterator[FakeWork]:
        """A Work that writes."""
        yield FakeWork(self.script)


class Fakes:
    """A schema of which every relation and every root field is answered by the script of the request."""

    def __init__(self, modules: Sequence[ModuleType], brought: Sequence[Contribution] = ()) -> None:
        copied = [replace(one, modules=[self._copy(module) for module in one.modules]) for one in brought]
        self.schema = compose([self._copy(module) for module in modules], copied)
        self._gives: dict[tuple[object, str], Any] = {}
        for field in (field for kind in types(self.schema) for field in kind.fields.values()):
            made = declared(field).metadata.get("declared")
            if made is not None:
                self._gives[_key(made)] = field.type

    def _copy(self, module: ModuleType) -> ModuleType:
        copy = ModuleType(module.__name__)
        vars(copy).update({name: self._instead_of(value) for name, value in vars(module).items()})
        return copy

    def _instead_of(self, value: object) -> object:
        if isinstance(value, Relation):
            return replace(value, resolve=self._relation(value))
        if isinstance(value, Root):
            return replace(value, resolve=self._root(value), reveal=self._reveal(value) if value.reveal else None)
        return value

    def _relation(self, relation: Relation) -> Any:
        @wraps(relation.resolve)
        async def resolve(parents: Sequence[Any], info: Info, **arguments: Any) -> Any:
            return _script(info).relation(relation, self._gives[_key(relation)], parents, arguments)

        return resolve

    def _root(self, root: Root) -> Any:
        @wraps(root.resolve)
        async def resolve(info: Info | FakeWork, **arguments: Any) -> Any:
            return _script(info).root(root, self._gives[_key(root)], arguments)

        return resolve

    def _reveal(self, root: Root) -> Reveal:
        async def reveal(work: Any, _: DomainError) -> Any:
            return work.script.revealed(root, self._gives[_key(root)])

        return reveal


def of_all() -> Fakes:
    """Those of everything that is served, the plugins' part too."""
    return Fakes(MODULES, contributions(plugin_manager()))


def _key(made: Relation | Root) -> tuple[object, str]:
    return (made.owner if isinstance(made, Relation) else made.kind), made.name


def _script(given: Info | FakeWork) -> Script:
    """The script of a request, out of what its resolvers are handed."""
    return given.script if isinstance(given, FakeWork) else cast("FakePlatform", given.platform).script
