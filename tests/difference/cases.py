"""Cases out of bytes: a document, and two requests with it that differ in all else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.actors import ANONYMOUS, ActorKind
from schema.fields import MEMBER, PUBLIC, STAFF, Served
from tenants import Tenant
from tests.architecture.surface import graphql_of
from tests.difference.asking import BRAND, OPERATOR, PLAIN, Request, roots, who_may_do_everything
from tests.difference.choices import Choices
from tests.difference.documents import Author, Document
from tests.difference.fakes import Fakes

BYTES = 256  #: decisions of a case; what comes after them is as simple as can be
REQUESTS = 2  #: with one document, so that what was compiled for the first is used again
WRONG = (0, 0, 0, 0, 0, 0.02, 0.03, 0.04, 0.06, 0.1)  #: of the values that are asked for
GUEST = ActorKind.ANONYMOUS
FOR_OTHERS = {ActorKind.MEMBER: STAFF, ActorKind.STAFF: MEMBER}  #: what is not for a member, or for staff
MISFITS: list[Any] = ["?", 1.5, True, None, {"no": 1}, [["x"]]]


@dataclass(frozen=True, slots=True)
class Case:
    """A document with its requests."""

    serial: bool  #: whether it is a mutation
    requests: Sequence[Request]


class Cases:
    """Makes a case out of every string of bytes."""

    def __init__(self, fakes: Fakes, *, wrong: Sequence[float] = WRONG) -> None:
        self._wrong = wrong
        self._schema = graphql_of(fakes.schema)
        found = roots(fakes)
        self._viewers = {kind: who_may_do_everything(fakes, kind) for kind in FOR_OTHERS} | {GUEST: ANONYMOUS}
        self._elsewhere = {
            tenant: frozenset(name for name, root in found.items() if root.served == where)
            for tenant, where in ((OPERATOR, Served.BY_BRANDS), (BRAND, Served.BY_PLATFORM))
        }
        of_plugins = frozenset(name for name, root in found.items() if root.plugin is not None)
        self._elsewhere[PLAIN] = self._elsewhere[BRAND] | of_plugins
        self._for_others = {
            kind: frozenset(name for name, root in found.items() if root.access == access)
            for kind, access in FOR_OTHERS.items()
        }
        self._for_others[GUEST] = frozenset(name for name, root in found.items() if root.access != PUBLIC)

    def case(self, given: bytes) -> Case:
        """The case that these bytes decide."""
        choices = Choices(given)
        somebody = ActorKind.STAFF if choices.chance(50) else ActorKind.MEMBER
        settings = [
            (choices.below(256), choices.pick(self._wrong), GUEST if choices.chance(6) else somebody)
            for _ in range(REQUESTS)
        ]
        tenant = OPERATOR if choices.chance(8) else PLAIN if choices.chance(8) else BRAND
        closed = self._closed(tenant, {kind for _, _, kind in settings}, choices)
        author = Author(self._schema, choices, closed)
        document = author.document()
        requests = [
            Request(
                document=document.text,
                operation_name=document.operation_name,
                variables=_variables(document, author, choices),
                viewer=self._viewers[kind],
                tenant=tenant,
                number=number,
                wrong=wrong,
            )
            for number, wrong, kind in settings
        ]
        return Case(document.serial, requests)

    def _closed(self, tenant: Tenant, kinds: set[ActorKind], choices: Choices) -> frozenset[str]:
        """Root fields that would only be refused; one such refusal leaves nothing of an answer, so there are few."""
        if choices.chance(3):
            return frozenset()
        refusing = kinds - {GUEST} if choices.chance(30) else kinds
        return self._elsewhere[tenant].union(*(self._for_others[kind] for kind in refusing))


def _variables(document: Document, author: Author, choices: Choices) -> dict[str, Any]:
    """What is sent: most of the variables, few of them wrong."""
    sent = [one for one in document.variables if one.required or not choices.chance(30)]
    return {one.name: choices.pick(MISFITS) if choices.chance(1) else author.inputs.json(one) for one in sent}
