"""Documents: parsed, measured and validated once, with the plans of their operations."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    VariableNode,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import Visitor, visit
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from core.errors import BadRequest
from schema.compose import ComposedSchema
from schema.engine.cost import Cost
from schema.engine.gate import Measure, measure, tokens
from schema.engine.keeping import Kept
from schema.engine.limits import Limits
from schema.engine.memo import Memo
from schema.engine.plans import Plan, plan
from schema.engine.variables import Variables

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
_MOST_ERRORS = 5
_MOST_PLANS = 16  #: of one operation: each @skip or @include that a variable decides could double them
_TOKENS = 50_000  #: of all documents together: some 65 MB, with their plans


class Rejected(Exception):
    """A request that is not executed, and why."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*errors)
        self.errors = errors


class Prepared(NamedTuple):
    """An operation with its variables."""

    variables: VariableValues  #: as the types have them
    cost: int  #: the most that it may cost
    plan: Callable[[], Plan]  #: compiles it, unless that was done for another with the same fields


class Operation:
    """One operation of a valid document."""

    def __init__(
        self, schema: ComposedSchema, document: "Document", node: OperationDefinitionNode, mutations: int
    ) -> None:
        self.node = node
        self.requests = max(mutations, 1)  #: that it counts as: of things to be done, each
        self.document = document
        self._cost = Cost(schema.graphql, document.node, node)
        self._schema = schema
        self._switches = _switches(document.node)
        self._plans: OrderedDict[tuple[Any, ...], Plan] = OrderedDict()
        self._variables = Variables(schema.graphql, node.variable_definitions or ())
        self._prepared = Memo[Prepared]([part.variable.name.value for part in node.variable_definitions or ()])

    def prepare(self, given: Mapping[str, Any], *, hide_suggestions: bool) -> Prepared:
        """All there is to know before it is carried out; Rejected where a variable is not what it should be."""
        return self._prepared.find(given, partial(self._prepare, given, hide_suggestions))

    def _prepare(self, given: Mapping[str, Any], hide_suggestions: bool) -> Prepared:
        coerced = self._variables.coerced(given) or self._by_the_book(given, hide_suggestions)
        return Prepared(coerced, self._cost(coerced.coerced), partial(self._plan, coerced))

    def _by_the_book(self, given: Mapping[str, Any], hide_suggestions: bool) -> VariableValues:
        nodes = self.node.variable_definitions or ()
        coerced = get_variable_values(self._schema.graphql, nodes, dict(given), hide_suggestions=hide_suggestions)
        if isinstance(coerced, list):
            raise Rejected(*coerced)
        return coerced

    def _plan(self, variables: VariableValues) -> Plan:
        key = tuple(variables.coerced.get(name) for name in self._switches)
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = plan(self._schema, self.node, self.document.fragments, variables)
            if len(self._plans) > _MOST_PLANS:
                self._plans.popitem(last=False)
        return found


class Document:
    """A valid document, and what the gate measured of it."""

    def __init__(
        self, schema: ComposedSchema, node: DocumentNode, measures: Mapping[str | None, Measure], tokens: int
    ) -> None:
        self.node = node
        self._measures = measures
        self._tokens = tokens
        self._allowed_by: set[int] = set()  #: limits, by identity: an engine has two
        definitions = [part for part in node.definitions if isinstance(part, FragmentDefinitionNode)]
        self.fragment_definitions = {part.name.value: part for part in definitions}
        self.fragments = {name: FragmentDetails(part) for name, part in self.fragment_definitions.items()}
        operations = [part for part in node.definitions if isinstance(part, OperationDefinitionNode)]
        names = [part.name.value if part.name else None for part in operations]
        self._operations = {
            name: Operation(schema, self, part, measures[name].mutations)
            for name, part in zip(names, operations, strict=True)
        }

    def check(self, limits: Limits) -> None:
        """Raise QueryTooComplex where it, or any of its operations, is more than the limits allow."""
        if id(limits) in self._allowed_by:
            return
        limits.hold("tokens", self._tokens)
        for measured in self._measures.values():
            limits.check(measured)
        self._allowed_by.add(id(limits))

    def operation(self, name: str | None) -> Operation:
        """The operation of that name; without a name the only one there is."""
        if name is None and len(self._operations) > 1:
            raise BadRequest(reason="The document has several operations: say which by operationName.")
        found = next(iter(self._operations.values()), None) if name is None else self._operations.get(name)
        if found is None:
            raise BadRequest(reason="There is no such operation in this document.")
        return found


class Documents:
    """Documents by their text; only those that passed the gate and are valid."""

    def __init__(self, schema: ComposedSchema, *, development: bool) -> None:
        self._schema = schema
        self._development = development
        self._known: Kept[str, Document] = Kept(_TOKENS)

    def read(self, text: str, limits: Limits) -> Document:
        """A document that these limits allow; raises QueryTooComplex or Rejected."""
        known = self._known.get(text)
        if known is None:
            return self._admit(text, limits)
        known.check(limits)
        return known

    def __len__(self) -> int:
        return len(self._known)

    def _admit(self, text: str, limits: Limits) -> Document:
        """Whatever is cheap to refuse is refused before it is validated."""
        found = tokens(text, limits.tokens)
        limits.check_tokens(found)
        node = _parsed(text)
        measures = measure(node)
        for measured in measures.values():
            limits.check(measured)
            self._refuse_introspection(measured)
        hide = not self._development
        errors = validate(self._schema.graphql, node, _RULES, max_errors=_MOST_ERRORS, hide_suggestions=hide)
        if errors:
            raise Rejected(*errors)
        document = Document(self._schema, node, measures, len(found))
        self._known.put(text, document, len(found))
        return document

    def _refuse_introspection(self, measured: Measure) -> None:
        if measured.introspects and not self._development:
            raise BadRequest(reason="Introspection is off here: the schema is published as schema.graphql.")


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text)
    except GraphQLError as error:
        raise Rejected(error) from None


def _switches(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide what is selected at all."""
    finder = _SwitchFinder()
    visit(document, finder)
    return tuple(sorted(finder.names))


class _SwitchFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.names |= {part.value.name.value for part in node.arguments or () if isinstance(part.value, VariableNode)}
