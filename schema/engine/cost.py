"""What an operation may cost: what its fields declare, times the items that they are asked for."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_list_type,
)

from schema.engine.compiler import declaration
from schema.engine.keeping import Kept
from schema.engine.sizes import Number, Variables, conditions, listed, page_size, valued

_REMEMBERED = 64  #: costs of one operation, by the values of those variables that matter


class Price(NamedTuple):
    """The cost of a selection; a connection hands its page size down to those lists in it that declare no cost."""

    once: int
    each: int  #: for each item of the page

    def of(self, page: int) -> int:
        """What it comes to with so many items."""
        return self.once + self.each * page


Pricing: TypeAlias = Callable[[Variables, dict[str, Price]], Price]  #: is given the fragments priced so far


class Cost:
    """What an operation of a valid document may cost, with given variables.

    An upper bound, and a cheap one: a field that is selected twice counts twice, and of an interface or a union every
    type's fragment counts, though each object is of one.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._numbers: list[Number] = []  #: all that variables decide
        self._known = Kept[tuple[int, ...], int](_REMEMBERED)
        self._fragments = {
            part.name.value: self._selection(part.selection_set, kind)
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
            and not is_introspection_type(kind := schema.type_map[part.type_condition.name.value])
        }
        self._whole = self._selection(operation.selection_set, schema.get_root_type(operation.operation))

    def __call__(self, variables: Variables) -> int:
        """The cost with these values, coerced as graphql-core does it."""
        key = tuple([valued(number, variables) for number in self._numbers])
        cost = self._known.get(key)
        if cost is None:
            cost = self._whole(variables, {}).of(1)
            self._known.put(key, cost, 1)
        return cost

    def _selection(self, selected: SelectionSetNode | None, kind: GraphQLNamedType | None) -> Pricing:
        choices = [
            ([self._noted(condition) for condition in conditions(node)], content)
            for node in (selected.selections if selected else ())
            if (content := self._content(node, kind)) is not None
        ]

        def price(variables: Variables, fragments: dict[str, Price]) -> Price:
            once = each = 0
            for shown, content in choices:
                if all(valued(condition, variables) for condition in shown):
                    more = content(variables, fragments)
                    once, each = once + more.once, each + more.each
            return Price(once, each)

        return price

    def _content(self, node: SelectionNode, kind: GraphQLNamedType | None) -> Pricing | None:
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value)
        if isinstance(node, InlineFragmentNode):
            narrowed = self._schema.type_map[node.type_condition.name.value] if node.type_condition else kind
            return self._selection(node.selection_set, narrowed)
        assert isinstance(node, FieldNode)
        if node.name.value.startswith("__"):  # introspection loads nothing
            return None
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        return self._field(node, kind.fields[node.name.value])

    def _spread(self, name: str) -> Pricing:
        def price(variables: Variables, fragments: dict[str, Price]) -> Price:
            if name not in fragments:  # priced once, however often it is spread: fragments may double each other
                fragments[name] = self._fragments[name](variables, fragments)
            return fragments[name]

        return price

    def _field(self, node: FieldNode, field: GraphQLField) -> Pricing | None:
        own: int = declaration(field).metadata.get("cost", 0)
        if node.selection_set is None:
            return _leaf(own) if own else None
        selection = self._selection(node.selection_set, get_named_type(field.type))
        size = page_size(node, field)
        if not is_list_type(get_nullable_type(field.type)):
            return _connection(own, self._noted(1 if size is None else size), selection)
        size = listed(node, field) if size is None else size
        if size is None and own == 0:
            return _list_of_page(selection)
        return _items(own, self._noted(own if size is None else size), selection)

    def _noted(self, number: Number) -> Number:
        if not isinstance(number, int):
            self._numbers.append(number)
        return number


def _leaf(own: int) -> Pricing:
    return lambda _variables, _known: Price(own, 0)


def _connection(own: int, size: Number, selection: Pricing) -> Pricing:
    return lambda variables, known: Price(own + selection(variables, known).of(valued(size, variables)), 0)


def _list_of_page(selection: Pricing) -> Pricing:
    return lambda variables, known: Price(0, selection(variables, known).of(1))


def _items(own: int, size: Number, selection: Pricing) -> Pricing:
    return lambda variables, known: Price(own + valued(size, variables) * selection(variables, known).of(1), 0)
