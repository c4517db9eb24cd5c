"""Cases out of bytes: a document, and two requests with it that differ in all else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.actors import ANONYMOUS
from schema.fields import Served
from tests.architecture.surface import graphql_of
from tests.difference.asking import BRAND, OPERATOR, Request, roots, who_may_do_everything
from tests.difference.choices import Choices
from tests.difference.documents import Author, Document
from tests.difference.fakes import Fakes

BYTES = 256  #: decisions of a case; what comes after them is as simple as can be
REQUESTS = 2  #: with one document, so that what was compiled for the first is used again
WRONG = (0, 0, 0, 0, 0, 0.02, 0.03, 0.04, 0.06, 0.1)  #: of the values that are asked for
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
        self._viewer = who_may_do_everything(fakes)
        served = {name: root.served for name, root in roots(fakes).items()}
        self._closed = {
            OPERATOR: frozenset(name for name, where in served.items() if where == Served.BY_BRANDS),
            BRAND: frozenset(name for name, where in served.items() if where == Served.BY_PLATFORM),
        }

    def case(self, given: bytes) -> Case:
        """The case that these bytes decide."""
        choices = Choices(given)
        settings = [(choices.below(256), choices.pick(self._wrong), choices.chance(6)) for _ in range(REQUESTS)]
        tenant = OPERATOR if choices.chance(8) else BRAND
        closed = frozenset[str]() if choices.chance(3) else self._closed[tenant]
        author = Author(self._schema, choices, closed)
        document = author.document()
        requests = [
            Request(
                document=document.text,
                operation_name=document.operation_name,
                variables=_variables(document, author, choices),
                viewer=ANONYMOUS if guest else self._viewer,
                tenant=tenant,
                number=number,
                wrong=wrong,
            )
            for number, wrong, guest in settings
        ]
        return Case(document.serial, requests)


def _variables(document: Document, author: Author, choices: Choices) -> dict[str, Any]:
    """What is sent: most of the variables, few of them wrong."""
    sent = [one for one in document.variables if one.required or not choices.chance(30)]
    return {one.name: choices.pick(MISFITS) if choices.chance(1) else author.inputs.json(one) for one in sent}
