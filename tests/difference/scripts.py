"""What every resolver answers in one request."""

from collections.abc import Collection, Sequence
from random import Random
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_nullable_type

from core.errors import Forbidden, NotFound
from schema.fields import Relation, Root
from schema.payloads import Done
from tests.difference.values import Values, seed

REFUSED = 0.1  #: how many mutations end in userErrors
ALL_AT_ONCE = 0.3  #: how much rarer than a value a whole resolver is wrong
SHARED = 0.3  #: how many relations lead from several parents to one object


class Script:
    """Answers by a number: alike whoever asks, and in whatever batches, but for what was done before."""

    def __init__(self, schema: GraphQLSchema, asked: Collection[str], number: int, wrong: float) -> None:
        self.called: list[str] = []  #: root fields with their arguments, in order
        self._number = number
        self._wrong = wrong
        self._values = Values(schema, asked, wrong)
        self._pool: dict[int, Any] = {}
        self._done = 0

    def root(self, root: Root, kind: Any, arguments: dict[str, Any]) -> Any:
        """What a root field gives, or raises."""
        self.called.append(f"{root.name}{arguments}")
        self._done += root.kind == "mutation"
        chance = self._chance(root.name, arguments)
        self._perhaps_fail(chance)
        if root.kind != "mutation":
            return self._values.of(kind, chance)
        if chance.random() < REFUSED:
            raise self._values.refusal(chance)
        return self._done_by(root, get_nullable_type(kind), chance)

    def revealed(self, root: Root, kind: Any) -> Any:
        """What a mutation still shows that has refused."""
        shown = self._values.attributes(get_nullable_type(kind), self._chance(root.name, "revealed"))
        return shown[_entity(root)]

    def relation(self, relation: Relation, kind: Any, parents: Sequence[Any], arguments: dict[str, Any]) -> Any:
        """One result for each parent, unless something is wrong with all of them."""
        about = (relation.owner.__name__, relation.name, arguments)
        chance = self._chance(*about)
        self._perhaps_fail(chance)
        shared = chance.random() < SHARED
        results = [self._result(kind, self._values.seed_of(parent), about, shared) for parent in parents]
        return self._perhaps_bent(results, chance)

    def _result(self, kind: Any, parent: int, about: tuple[Any, ...], shared: bool) -> Any:
        key = seed(self._number, self._done, about, parent % 2 if shared else parent)
        if not shared:
            return self._values.of(kind, Random(key))
        if key not in self._pool:
            self._pool[key] = self._values.of(kind, Random(key))
        return self._pool[key]

    def _done_by(self, root: Root, kind: GraphQLObjectType, chance: Random) -> Any:
        shown = self._values.attributes(kind, chance)
        del shown["user_errors"]
        warnings, entity = shown.pop("warnings"), shown.pop(_entity(root))
        return Done(entity, warnings, shown) if shown or chance.random() < 0.5 else entity

    def _perhaps_fail(self, chance: Random) -> None:
        if chance.random() < self._wrong * ALL_AT_ONCE:
            raise chance.choice((RuntimeError("broken"), NotFound(what="thing"), Forbidden(permission="none")))

    def _perhaps_bent(self, results: list[Any], chance: Random) -> Any:
        """The results, or what is not one for each parent."""
        if chance.random() >= self._wrong * ALL_AT_ONCE:
            return results
        return chance.choice((results[:-1], [*results, None], None, tuple(results), iter(results)))

    def _chance(self, *about: object) -> Random:
        return Random(seed(self._number, self._done, about))


def _entity(root: Root) -> str:
    """The first of a payload's own fields."""
    return str(next(iter(root.gives.__annotations__)))
