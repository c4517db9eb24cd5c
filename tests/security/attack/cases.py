"""The calls that the schema allows: one for each root field, and for each of the arguments that exclude each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
)

from tests.architecture.surface import declared
from tests.security.attack.selections import Selection, everything
from tests.security.attack.sources import Cursor, Of, Omitted
from tests.security.attack.tables import ALTERNATIVES, MADE_UP, NODES, SOURCES, VARIATIONS

Path = tuple[str, ...]
Given = GraphQLArgument | GraphQLInputField


class Unsourced(Exception):
    """Something of the schema that the table of sources does not know yet."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where in a call's variables something is named that is somebody's."""

    path: Path
    of: Of | Cursor
    is_id: bool

    @property
    def is_key(self) -> bool:
        """Whether it is what a caller makes up for each call."""
        return isinstance(self.of, Of) and self.of.kind in MADE_UP

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Case:
    """A root field with one choice of its arguments, and everything selected of its answer."""

    name: str
    root: str
    kind: str  #: query, mutation or subscription
    access: str | None  #: what it asks of whoever calls; None: nothing
    document: str
    tree: Mapping[str, Any]  #: the variables, with sources where values belong
    slots: tuple[Slot, ...]
    below: tuple[Slot, ...]  #: of arguments further down in the answer
    variation: bool  #: of a call that is made without it too

    @property
    def uses_keys(self) -> bool:
        """Whether the call leaves a key that is used up."""
        return any(slot.is_key for slot in self.slots)

    def variables(self, pick: Callable[[Path, Of | Cursor], Any]) -> dict[str, Any]:
        """The variables with a value for each slot."""
        filled: dict[str, Any] = _filled(self.tree, (), pick)
        return filled


def cases(schema: GraphQLSchema) -> list[Case]:
    """Every call; Unsourced says what the table of sources lacks."""
    found: list[Case] = []
    missing: list[str] = []
    roots = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}
    for kind, root_type in roots.items():
        assert root_type is not None
        for name, root in root_type.fields.items():
            try:
                found += _of_root(schema, kind, name, root)
            except Unsourced as one:
                missing.append(str(one))
    if missing:
        raise Unsourced("\n".join(dict.fromkeys(missing)))
    return found


def _of_root(schema: GraphQLSchema, kind: str, name: str, root: GraphQLField) -> Iterator[Case]:
    owner = f"{kind.capitalize()}.{name}"
    if name == "node":
        for node_type in schema.get_possible_types(schema.type_map["Node"]):  # type: ignore[arg-type]
            yield _case(schema, kind, name, root, {"id": _node(node_type.name)}, node_type.name)
        return
    for chosen in _choices(root.args, owner):
        tree = {argument: _tree(slot.type, owner, argument, chosen) for argument, slot in root.args.items()}
        yield _case(schema, kind, name, root, _given(tree), "/".join(sorted(chosen.values())))
    for variation, over in VARIATIONS.get(name, {}).items():
        tree = {argument: _tree(slot.type, owner, argument, {}) for argument, slot in root.args.items()}
        yield _case(schema, kind, name, root, _overlaid(_given(tree), over), variation)


def _node(name: str) -> Of:
    if name not in NODES:
        raise Unsourced(
            f"{name} is a node: say in NODES (beside SOURCES) which kind of thing it is, and have things.py make one"
        )
    return NODES[name]


def _choices(slots: Mapping[str, Given], owner: str) -> Iterator[dict[str, str]]:
    """For each type with arguments that exclude each other, which one is given; each of them once."""
    owners = [name for name in (owner, *_inputs(slots)) if name in ALTERNATIVES]
    most = max((len(ALTERNATIVES[name]) for name in owners), default=1)
    for turn in range(most):
        yield {name: ALTERNATIVES[name][turn % len(ALTERNATIVES[name])] for name in owners}


def _inputs(slots: Mapping[str, Given]) -> Iterator[str]:
    for slot in slots.values():
        kind = get_named_type(slot.type)
        if isinstance(kind, GraphQLInputObjectType):
            yield kind.name
            yield from _inputs(kind.fields)


def _tree(kind: GraphQLInputType, owner: str, name: str, chosen: Mapping[str, str]) -> Any:
    """What stands for an argument or a field of an input."""
    alternatives = ALTERNATIVES.get(owner, ())
    if name in alternatives and chosen.get(owner, alternatives[0]) != name:
        return Omitted("another one is given")
    sources = SOURCES.get(owner, {})
    if name in sources:
        return sources[name]
    target = get_named_type(kind)
    if not isinstance(target, GraphQLInputObjectType):
        raise Unsourced(
            f"{owner}.{name} has no source: say in SOURCES (here, or in attack.py among a plugin's tests) what it is "
            f'given, Of("...") for what is somebody\'s or a plain value'
        )
    below = _given({key: _tree(slot.type, target.name, key, chosen) for key, slot in target.fields.items()})
    return [below] if _is_list(kind) else below


def _given(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if not isinstance(value, Omitted)}


def _is_list(kind: GraphQLInputType) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _overlaid(tree: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(tree)
    for name, value in over.items():
        merged[name] = _overlaid(merged[name], value) if isinstance(value, Mapping) else value
    return merged


def _case(
    schema: GraphQLSchema, kind: str, name: str, root: GraphQLField, tree: Mapping[str, Any], choice: str
) -> Case:
    selection = everything(schema, get_named_type(root.type))
    nested = _below(selection)
    kinds = {argument: slot.type for argument, slot in root.args.items() if argument in tree} | selection.variables
    variables = ", ".join(f"${variable}: {given}" for variable, given in kinds.items())
    arguments = ", ".join(f"{argument}: ${argument}" for argument in root.args if argument in tree)
    document = f"{kind}{f'({variables})' if variables else ''} {{ {name}{f'({arguments})' if arguments else ''} "
    return Case(
        name=f"{name}({choice})" if choice else name,
        root=name,
        kind=kind,
        access=declared(root).metadata["declared"].access.requires,
        document=document + selection.text + " }",
        tree={**tree, **nested},
        slots=tuple(_slots(tree, (), {argument: slot.type for argument, slot in root.args.items()})),
        below=tuple(_slots(nested, (), selection.variables)),
        variation=choice in VARIATIONS.get(name, {}),
    )


def _below(selection: Selection) -> dict[str, Any]:
    found = {
        variable: _tree(selection.variables[variable], owner, argument, {})
        for variable, (owner, argument) in selection.places.items()
    }
    return _given(found)


def _slots(tree: Any, path: Path, kinds: Mapping[str, GraphQLInputType]) -> Iterator[Slot]:
    if isinstance(tree, Of | Cursor):
        yield Slot(path, tree, _is_id(path, kinds))
    elif isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _slots(value, (*path, name), kinds)
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from _slots(value, (*path, str(place)), kinds)


def _is_id(path: Path, kinds: Mapping[str, GraphQLInputType]) -> bool:
    target = get_named_type(kinds[path[0]])
    for name in path[1:]:
        if isinstance(target, GraphQLInputObjectType) and not name.isdecimal():
            target = get_named_type(target.fields[name].type)
    return target.name == "ID"


def _filled(tree: Any, path: Path, pick: Callable[[Path, Of | Cursor], Any]) -> Any:
    if isinstance(tree, Of | Cursor):
        return pick(path, tree)
    if isinstance(tree, Mapping):
        return {name: _filled(value, (*path, name), pick) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, (*path, str(place)), pick) for place, value in enumerate(tree)]
    return tree
