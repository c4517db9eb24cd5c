"""How declared fields are performed: both executions, the compiled one and graphql-core's, come through here."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from graphql import FieldNode
from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo
from strawberry.types.field import StrawberryField

from core.errors import BadRequest, DomainError, Fault
from core.orders import Topic
from schema.context import Info
from schema.directives import AccessDirective, PluginDirective
from schema.errors import Shown
from schema.fields import Relation, Root
from schema.guards import guard, require_on
from schema.payloads import Done

GraphQLInfo = StrawberryInfo[Info, None]


async def answer(root: Root, info: Info, arguments: dict[str, Any]) -> Any:
    """The value of a root field, for a viewer who may ask for it."""
    guard(root, info)
    info.spent += root.cost
    match root.kind:
        case "query":
            return await _run_query(root, info, arguments)
        case "mutation":
            return await _run_mutation(root, info, arguments)
    return await root.resolve(info, **arguments)  # its refusals are told by their own codes: they end it


async def topic_of(root: Root, info: Info, arguments: dict[str, Any]) -> Topic:
    """What a field of Subscription follows, for a viewer who may."""
    guard(root, info)
    assert root.follows is not None, "every subscription says what it follows"
    return await root.follows(info, **arguments)


async def load(
    relation: Relation, parents: Sequence[Any], info: Info, node: FieldNode, arguments: dict[str, Any]
) -> Sequence[Any]:
    """One result for each parent; kept, so that whoever completes this field again asks nothing twice."""
    try:
        results = await _resolve(relation, parents, info, arguments)
    except Exception as error:
        info.loaded.append((_key(relation, node), parents, [error] * len(parents)))
        raise
    info.loaded.append((_key(relation, node), parents, results))
    info.spent += relation.spent(results)
    return results


async def _resolve(relation: Relation, parents: Sequence[Any], info: Info, arguments: dict[str, Any]) -> Sequence[Any]:
    require_on(relation.plugin, info)
    try:
        results = await relation.resolve(parents, info, **arguments)
    except Fault:
        raise
    except DomainError as refusal:  # of an argument: there is no payload that could say so
        raise BadRequest(reason=refusal.message, path=refusal.path) from refusal
    if len(results) != len(parents):
        raise RuntimeError(f"{relation.name} gave {len(results)} results for {len(parents)} parents")
    return results


def relation_field(relation: Relation) -> StrawberryField:
    """A field whose resolver gathers the parents of a level and loads for all of them at once."""

    async def resolve(root: Any, info: GraphQLInfo, **arguments: Any) -> Any:
        return await _loader(relation, info, arguments).load(root)

    return _field(resolve, relation, drop=2, directives=_marks(relation))


def root_field(root: Root) -> StrawberryField:
    """A field of Query, Mutation or Subscription, behind its guard."""

    async def resolve(info: GraphQLInfo, **arguments: Any) -> Any:
        return await answer(root, info.context, arguments)

    return _field(resolve, root, drop=1, directives=[AccessDirective(permission=root.access.requires), *_marks(root)])


def _marks(declared: Relation | Root) -> list[PluginDirective]:
    return [PluginDirective(name=declared.plugin)] if declared.plugin is not None else []


async def _run_query(root: Root, info: Info, arguments: dict[str, Any]) -> Any:
    try:
        return await root.resolve(info, **arguments)
    except Fault:
        raise
    except DomainError as refusal:
        raise BadRequest(reason=refusal.message, path=refusal.path) from refusal


async def _run_mutation(root: Root, info: Info, arguments: dict[str, Any]) -> Any:
    await info.close()  # what an earlier mutation has read is older than this one
    try:
        done = await _perform(root, info, arguments)
    except Fault:
        raise
    except DomainError as refusal:
        shown = await root.reveal(info.work, refusal) if root.reveal else None
        return _payload(root, shown if isinstance(shown, Done) else Done(shown), [refusal])
    return _payload(root, done if isinstance(done, Done) else Done(done), [])


async def _perform(root: Root, info: Info, arguments: dict[str, Any]) -> Any:
    if root.spans_works:
        return await root.resolve(info, **arguments)
    async with info.writing() as work:
        return await root.resolve(work, **arguments)


def _payload(root: Root, done: Done, refusals: Sequence[DomainError]) -> Any:
    names = list(root.gives.__annotations__)  # the payload's own fields; the first is the entity
    values = dict.fromkeys(names) | {names[0]: done.entity} | dict(done.more)
    return root.gives(**values, user_errors=[Shown(refusal) for refusal in refusals], warnings=done.warnings)


def _loader(relation: Relation, info: GraphQLInfo, arguments: dict[str, Any]) -> DataLoader[Any, Any]:
    """The loader of one field of the document, within one request."""
    context, node = info.context, info._raw_info.field_nodes[0]
    key = _key(relation, node)
    if key not in context.loaders:

        async def gather(parents: list[Any]) -> Sequence[Any]:
            known = context.results(key)
            new = [parent for parent in parents if id(parent) not in known]
            found = iter(await load(relation, new, context, node, arguments) if new else ())
            return [known[id(parent)] if id(parent) in known else next(found) for parent in parents]

        context.loaders[key] = DataLoader(gather, cache=False)
    return context.loaders[key]  # type: ignore[return-value]  # what a key has put there, it takes


def _key(relation: Relation, node: FieldNode) -> tuple[int, int]:
    """One field of the document, as it stands on one type."""
    return id(relation), id(node)


def _field(
    resolve: Callable[..., Any], declared: Relation | Root, *, drop: int, directives: Sequence[object] = ()
) -> StrawberryField:
    """A Strawberry field with the declared name, arguments and description, resolved by `resolve`."""
    function = declared.resolve
    arguments = list(inspect.signature(function, eval_str=True).parameters.values())[drop:]
    own = [p for p in inspect.signature(resolve, eval_str=True).parameters.values() if p.name in {"root", "info"}]
    parameters = [*own, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in arguments)]
    resolve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # Strawberry asks inspect
    resolve.__name__, resolve.__module__ = declared.name, function.__module__
    resolve.__annotations__ = {p.name: p.annotation for p in parameters}
    field: StrawberryField = strawberry.field(
        resolver=resolve,
        graphql_type=declared.gives,
        description=inspect.cleandoc(function.__doc__ or ""),
        directives=list(directives),
        metadata={"cost": declared.cost, "declared": declared},
    )
    return field
