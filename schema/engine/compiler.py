"""From the selection sets of an operation to functions that complete them."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    VariableNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from schema.compose import ComposedSchema
from schema.engine import leaves, trees
from schema.engine.leaves import Write
from schema.engine.memo import Memo
from schema.engine.source import Source
from schema.engine.trees import Load, Site
from schema.fields import Relation

Group = list[FieldDetails]
Arguments = Callable[[VariableValues], dict[str, Any]]


class Compiler:
    """Compiles the selections of one operation, for one set of values of the variables that @skip and @include name."""

    def __init__(
        self,
        schema: ComposedSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        variables: VariableValues,
    ) -> None:
        self.shared = True  #: whether nothing was compiled that changes with the time of day
        self._composed = schema
        self._schema: GraphQLSchema = schema.graphql
        self._operation = operation
        self._fragments = fragments
        self._variables = variables

    def tree(self, kind: GraphQLOutputType, group: Group) -> Load:
        """How a column of an output type is completed."""
        strict = isinstance(kind, GraphQLNonNull)
        named = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(named, GraphQLList):
            load = trees.listed(self.tree(named.of_type, group))
        elif isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            load = self._abstract(named, group)
        else:
            assert isinstance(named, GraphQLObjectType)
            load = self.selection(named, group)
        return load if strict else trees.nullable(load)

    def leaf(self, kind: GraphQLOutputType) -> Write | None:
        """How a column is written, if it is one of leaves or of lists of them."""
        strict = isinstance(kind, GraphQLNonNull)
        named = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(named, GraphQLList):
            item = self.leaf(named.of_type)
            if item is None:
                return None
            return leaves.listed(item) if strict else leaves.or_null(leaves.listed(item))
        return leaves.leaf(named, nullable=not strict) if is_leaf_type(named) else None

    def arguments(self, field: GraphQLField, node: FieldNode) -> Arguments:
        """What a resolver is called with; worked out once where no variable has a say in it."""
        converted = self._composed.inputs.arguments(declaration(field).arguments)

        def convert(variables: VariableValues) -> dict[str, Any]:
            return converted(get_argument_values(field, node, variables))

        names = _variables_of(node) if field.args else ()
        if not names:
            fixed = convert(self._variables)
            return lambda _: fixed
        known = Memo[dict[str, Any]](names)
        return lambda variables: known.find(variables.coerced, partial(convert, variables))

    def selection(self, kind: GraphQLObjectType, group: Group) -> Load:
        """The function that completes objects of a type."""
        groups = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, kind, group
        ).grouped_field_set
        row = getattr(kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin, "row", None)
        source = Source(trees.kept_to(kind, row))
        for key, details in groups.items():
            self._field(source, kind, key, details)
        return source.function()

    def _field(self, source: Source, kind: GraphQLObjectType, key: str, group: Group) -> None:
        node = group[0].node
        if node.name.value == "__typename":
            source.constant(key, kind.name)
            return
        field = kind.fields[node.name.value]
        declared = declaration(field)
        relation = declared.metadata.get("declared")
        if isinstance(relation, Relation):
            self.shared = self.shared and relation.shared
            values = source.load(Site(relation, node, self.arguments(field, node)))
        else:
            values = source.attribute(declared.python_name)
        write = self.leaf(field.type)
        if write is not None:
            source.leaf(key, values, write)
        else:
            source.tree(key, values, self.tree(field.type, group))

    def _abstract(self, kind: GraphQLInterfaceType | GraphQLUnionType, group: Group) -> Load:
        """Each possible type is compiled when the first of it comes by: most never do."""
        self.shared = False
        return trees.one_of(self._schema, kind, cache(lambda possible: self.selection(possible, group)))


def declaration(field: GraphQLField) -> StrawberryField:
    """What a field of the schema was declared as."""
    declared: StrawberryField = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return declared


class _VariableFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names[node.name.value] = None


def _variables_of(node: FieldNode) -> Sequence[str]:
    finder = _VariableFinder()
    for argument in node.arguments or ():
        visit(argument, finder)
    return tuple(finder.names)
