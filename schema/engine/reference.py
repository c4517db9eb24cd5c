"""graphql-core, for whatever is unusual: errors, nulls and their places are its own."""

from typing import Any

from graphql import ExecutionResult, Executor, GraphQLError, GraphQLObjectType
from graphql.execution.executor import default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable

from schema.compose import ComposedSchema
from schema.context import Info
from schema.engine.documents import Operation
from schema.engine.plans import RootSite


class Reference(Executor[Any]):
    """Completes root fields one at a time; what their resolvers gave is handed to it."""

    @classmethod
    def of(cls, schema: ComposedSchema, operation: Operation, variables: VariableValues, info: Info) -> "Reference":
        """An executor for an operation whose variables are coerced."""
        document = operation.document
        return cls(
            schema.graphql,
            document.fragment_definitions,
            document.fragments,
            None,
            info,
            operation.node,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # declared as bool, not as TypeGuard
        )

    @property
    def errors(self) -> list[GraphQLError]:
        """What has gone wrong up to now."""
        return self.collected_errors.errors

    async def whole(self) -> ExecutionResult:
        """The whole operation, with nothing compiled."""
        result = await self._awaited(self.execute_operation())
        assert isinstance(result, ExecutionResult)
        return result

    async def execute(self, kind: GraphQLObjectType, site: RootSite) -> Any:
        """Resolve and complete a root field of ours or of introspection; raises where null has nowhere to stop."""
        return await self._awaited(self.execute_field(kind, None, site.group, _path(kind, site), None))

    async def complete(self, kind: GraphQLObjectType, site: RootSite, value: Any) -> Any:
        """Complete what a root field gave; raises where null has nowhere to stop."""
        field, path = kind.fields[site.group[0].node.name.value], _path(kind, site)
        info = self.build_resolve_info(field, [part.node for part in site.group], kind, path)
        try:
            return await self._awaited(self.complete_value(field.type, site.group, info, path, value, None))
        except Exception as error:  # noqa: BLE001 - it is put down where it belongs
            return self.fail(kind, site, error)

    def fail(self, kind: GraphQLObjectType, site: RootSite, error: Exception) -> None:
        """Put down what a root field's resolver raised; raises where null has nowhere to stop."""
        field = kind.fields[site.group[0].node.name.value]
        self.handle_field_error(error, field.type, site.group, _path(kind, site))

    async def _awaited(self, completed: Any) -> Any:
        return await completed if self.is_awaitable(completed) else completed


def _path(kind: GraphQLObjectType, site: RootSite) -> Path:
    return Path(None, site.key, kind.name)
