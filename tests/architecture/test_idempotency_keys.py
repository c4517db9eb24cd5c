"""What moves money, stock, coupons or points takes a key, so that it is never done twice."""

import re

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema, get_named_type

from schema.compose import ComposedSchema
from tests.architecture.surface import graphql_of

#: how the names of mutations begin that move something
MOVES = re.compile(
    r"(order|payment|refund|return|stock|pos|transfer|purchase|receipt|count|points|wallet|commission|coupons|groupBuy|scan)"
    r"[A-Z]"
)
_STATE = "it carries what it is about from one state to the next, by a conditional update: a repeat finds it there"
_PLAN = "it changes a campaign or an offer, and moves nothing"
_MARK = "it marks a cart: what it moves is moved by orderPlace"
#: those that take none, each with what keeps it from being done twice
WITHOUT = {
    "orderAccept": _STATE,
    "orderPrepare": _STATE,
    "orderReady": _STATE,
    "orderDispatch": _STATE,
    "orderComplete": _STATE,
    "orderReject": _STATE,
    "orderVerify": "a pickup code is taken once",
    "returnApprove": _STATE,
    "returnReject": _STATE,
    "returnCancel": _STATE,
    "returnSend": _STATE,
    "returnHandOver": _STATE,
    "returnRefund": _STATE,
    "refundRetry": _STATE,
    "transferSend": _STATE,
    "transferCancel": _STATE,
    "purchaseOrderSubmit": _STATE,
    "purchaseOrderCancel": _STATE,
    "stockCountRecord": "it notes a number and moves nothing: the same again is the same",
    "posSaleRecord": (_REFERENCE := "the till's own number of a sale is the key, and is known for ever"),
    "posSalesRecord": _REFERENCE,
    "posConflictSettle": "it notes what somebody has seen, once, and moves nothing",
    "couponsTakeBack": "a gift is taken back by its state: a repeat finds it with who gave it",
    "couponsRevoke": "a coupon is withdrawn by its state: a repeat finds it withdrawn",
    "couponsCampaignCreate": _PLAN,
    "couponsCampaignUpdate": _PLAN,
    "couponsCampaignEnd": _PLAN,
    "couponsWordAdd": "a word is there once",
    "pointsMallCancel": "a service is given back by its state: a repeat finds it given back",
    "pointsMallOfferSave": _PLAN,
    "pointsMallOfferEnd": _PLAN,
    "groupBuyOpen": _MARK,
    "groupBuyJoin": _MARK,
    "groupBuyLeave": _MARK,
    "groupBuyCampaignCreate": _PLAN,
    "groupBuyCampaignUpdate": _PLAN,
    "groupBuyCampaignEnd": _PLAN,
}


def keyless(schema: GraphQLSchema) -> set[str]:
    """Mutations that by their name move something and take no key."""
    assert schema.mutation_type is not None
    moving = {name: field for name, field in schema.mutation_type.fields.items() if MOVES.match(name)}
    return {name for name, field in moving.items() if not any(_has_key(one.type) for one in field.args.values())}


def _has_key(kind: object) -> bool:
    named = get_named_type(kind)  # type: ignore[call-overload]  # of whatever an argument is
    return isinstance(named, GraphQLInputObjectType) and "idempotencyKey" in named.fields


def test_what_moves_something_takes_a_key_or_is_kept_from_a_repeat_otherwise(surface: ComposedSchema) -> None:
    assert keyless(graphql_of(surface)) == set(WITHOUT), "give it idempotencyKey, or say what keeps it from a repeat"


@pytest.mark.parametrize(
    ("given", "found"),
    [("pointsSpend(input: I!)", {"pointsSpend"}), ("pointsSpend(input: K!)", set()), ("roleCreate(input: I!)", set())],
)
def test_one_that_takes_none_would_be_found(given: str, found: set[str]) -> None:
    schema = build_schema(
        f"type Query {{ a: Int }} type Mutation {{ {given}: Int }} "
        "input I { a: Int } input K { idempotencyKey: String! }"
    )
    assert keyless(schema) == found
