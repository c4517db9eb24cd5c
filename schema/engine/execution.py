"""From a request to a response: document, limits, variables, plan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLError, OperationType, located_error

from core.actors import Actor, ActorKind
from core.errors import BadRequest, DomainError
from core.orders import Topic
from schema.compose import ComposedSchema
from schema.context import Info
from schema.engine.documents import Documents, Operation, Prepared, Rejected
from schema.engine.limits import STAFF, STOREFRONT, Limits, check_variables
from schema.engine.operation import Execution
from schema.engine.plans import RootSite
from schema.engine.presenting import present, refused
from schema.engine.reference import Reference
from schema.fields import Root
from schema.resolving import topic_of
from tenants import Tenant

_SHOPPERS = {ActorKind.ANONYMOUS, ActorKind.MEMBER}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What is to be executed."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    read_only: bool = False  #: came by a way on which nothing may be done
    live: bool = False  #: came by a way on which one request may have many answers
    counted: bool = False  #: was counted already, when it began to be followed


class NotFollowed(Exception):
    """Why nothing is followed, as errors of a response."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Admit(Protocol):
    """Counts a request and its cost, or raises RateLimited."""

    async def __call__(self, tenant: Tenant, actor: Actor, *, requests: int, cost: int) -> None: ...


async def everything(tenant: Tenant, actor: Actor, *, requests: int, cost: int) -> None:
    """Admits whatever is asked, and counts nothing."""


class Engine:
    """Executes documents against one schema; documents and plans are remembered."""

    def __init__(
        self,
        schema: ComposedSchema,
        *,
        storefront: Limits = STOREFRONT,
        staff: Limits = STAFF,
        development: bool = True,
        compiling: bool = True,
        admit: Admit = everything,
    ) -> None:
        self.tally: Counter[str] = Counter()  #: root fields: compiled, or why graphql-core had to complete them
        self.documents = Documents(schema, development=development)
        self._schema = schema
        self.storefront = storefront
        self._staff = staff
        self._development = development
        self._compiling = compiling
        self._admit = admit

    @property
    def largest_body(self) -> int:
        """Bytes that nobody may exceed."""
        return max(self.storefront.body_bytes, self._staff.body_bytes)

    def limits(self, viewer: Actor) -> Limits:
        """How much a viewer may ask for at once."""
        return self.storefront if viewer.kind in _SHOPPERS else self._staff

    async def execute(self, request: GraphQLRequest, info: Info) -> dict[str, Any]:
        """The response to a request, as GraphQL over HTTP has it."""
        try:
            operation, prepared = await self._admitted(request, info)
            result = await self._carry_out(operation, prepared, info)
            await info.disclose()
        except (Rejected, DomainError) as error:
            return {"data": None, "errors": _told(error, info)}
        finally:
            await info.end()
        response: dict[str, Any] = {"data": result.data}
        if result.errors:
            response["errors"] = [present(error, info.request_id) for error in result.errors]
        response["extensions"] = {"cost": {"requested": prepared.cost, "actual": info.spent}}
        return response

    async def follow(self, request: GraphQLRequest, info: Info) -> Topic | None:
        """What a subscription follows; None for what has one answer. It is counted, and then executed as `counted`."""
        try:
            operation, prepared = await self._admitted(request, info)
            if operation.node.operation != OperationType.SUBSCRIPTION:
                return None
            for site in prepared.plan().roots:
                if site.root is not None and site.arguments is not None:
                    return await _topic(site, site.root, info, site.arguments(prepared.variables))
            raise BadRequest(reason="There is nothing to follow in this subscription.")
        except (Rejected, DomainError, GraphQLError) as error:
            raise NotFollowed(_told(error, info)) from error
        finally:
            await info.end()

    async def _admitted(self, request: GraphQLRequest, info: Info) -> tuple[Operation, Prepared]:
        """What there is to carry out, counted against what the caller may ask; what is wrong counts as one request."""
        requests = cost = 1
        try:
            operation, prepared = self._prepare(request, self.limits(info.viewer))
            requests, cost = operation.requests, prepared.cost
            return operation, prepared
        finally:  # that it is too much goes before what is wrong
            if not request.counted:
                await self._admit(info.tenant, info.viewer, requests=requests, cost=cost)

    def _prepare(self, request: GraphQLRequest, limits: Limits) -> tuple[Operation, Prepared]:
        """The operation and its variables; whatever is wrong with them is raised."""
        operation = self.documents.read(request.query, limits).operation(request.operation_name)
        _require_way(operation.node.operation, request)
        given = request.variables or {}
        check_variables(given, limits)
        prepared = operation.prepare(given, hide_suggestions=not self._development)
        limits.check_cost(prepared.cost)
        return operation, prepared

    async def _carry_out(self, operation: Operation, prepared: Prepared, info: Info) -> ExecutionResult:
        reference = partial(Reference.of, self._schema, operation, prepared.variables, info)
        try:
            plan = prepared.plan() if self._compiling else None
        except GraphQLError:  # a condition that is null: there is nothing to select by
            self.tally["unselectable"] += 1
            plan = None
        if plan is None:
            return await reference().whole()
        info.shared = plan.shared
        execution = Execution(plan, prepared.variables, info, reference, self.tally)
        return ExecutionResult(await execution.data(), list(execution.errors))


def _require_way(kind: OperationType, request: GraphQLRequest) -> None:
    """Refuse what must not, or cannot, be answered on the way that it came."""
    if kind == OperationType.SUBSCRIPTION and not request.live:
        raise BadRequest(reason="A subscription has many answers: send it by WebSocket, or accept text/event-stream.")
    if kind == OperationType.MUTATION and request.read_only:
        raise BadRequest(reason="Only queries are served to GET: send this by POST.")


async def _topic(site: RootSite, root: Root, info: Info, arguments: dict[str, Any]) -> Topic:
    """What a root field follows; a refusal says which field it was."""
    try:
        return await topic_of(root, info, arguments)
    except DomainError as refusal:
        raise located_error(refusal, [part.node for part in site.group], [site.key]) from refusal


def _told(error: Rejected | DomainError | GraphQLError, info: Info) -> list[dict[str, Any]]:
    if isinstance(error, DomainError):
        return [refused(error)]
    return [present(one, info.request_id) for one in (error.errors if isinstance(error, Rejected) else (error,))]
