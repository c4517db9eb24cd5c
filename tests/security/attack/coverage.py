"""What of the schema no call has reached, and the reasons that are good enough."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatch

from graphql import GraphQLSchema

from tests.security.attack import tables
from tests.security.attack.cases import Case
from tests.security.attack.selections import edges
from tests.security.attack.siege import Report

#: by root field, by call and slot, or by type and field
REASONS: Mapping[str, str] = {
    **tables.REASONS,
    "tenant*": "it is served at the operator's tenant alone, where no brand's token is good",
    "TenantPayload.*": "the same",
    "pluginDisable": "its answer is that of pluginEnable, and what it switches off the rest of the attack needs",
    "Transfer.order": "all shelves are full here, so no order waits; it is read as the node of an order is",
    "SignOutPayload.userErrors": "it is never refused",
    **dict.fromkeys(
        (f"{name}Payload.userErrors" for name in ("Consent*", "MemberLocation", "NoticeTemplate", "ValueTopUp")),
        "nothing is named in it that is anybody's, so that it is not refused",
    ),
    "InboxMessage.subjectId": "what the member of the attack was told is about nothing that has an id",
    "*Payload.warnings": "few things are remarked on; those of carts and orders are reached",
}
REMARKED = {("CartPayload", "warnings"), ("OrderPayload", "warnings")}


def uncovered(report: Report, cases: Iterable[Case], schema: GraphQLSchema) -> list[str]:
    """Root fields, slots and edges that no call that counts has reached, and that have no reason."""
    missed = [name for name in _missed(report, cases, schema) if not _excused(name)]
    return missed + [".".join(edge) for edge in sorted(REMARKED - report.edges)]


def needless(report: Report, cases: Iterable[Case], schema: GraphQLSchema) -> list[str]:
    """Reasons for what is reached after all, or is not there."""
    missed = _missed(report, cases, schema)
    return [pattern for pattern in REASONS if not any(fnmatch(name, pattern) for name in missed)]


def _missed(report: Report, cases: Iterable[Case], schema: GraphQLSchema) -> list[str]:
    fields = {case.root for case in cases}
    slots = {(case.name, str(slot)) for case in cases if not case.variation for slot in case.slots}
    slots |= {("", str(slot)) for case in cases for slot in case.below}
    return [
        *sorted(fields - report.fields),
        *(" ".join(slot).strip() for slot in sorted(slots - report.slots)),
        *(".".join(edge) for edge in sorted(edges(schema) - report.edges)),
    ]


def _excused(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in REASONS)
