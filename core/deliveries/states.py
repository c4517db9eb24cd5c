"""How far a shipment is, in the same words whoever carries it; it climbs from rank to rank and never falls back."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    CREATED = "CREATED"  #: the provider is being asked
    DISPATCHING = "DISPATCHING"  #: it looks for a courier
    ACCEPTED = "ACCEPTED"
    ARRIVED_STORE = "ARRIVED_STORE"
    PICKED_UP = "PICKED_UP"
    RETURNING = "RETURNING"  #: it could not be handed over
    DELIVERED = "DELIVERED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    EXCEPTION = "EXCEPTION"  #: something is wrong; it keeps the rank of what it was before


RANKS: Mapping[State, int] = {
    State.CREATED: 0,
    State.DISPATCHING: 10,
    State.ACCEPTED: 20,
    State.ARRIVED_STORE: 30,
    State.PICKED_UP: 40,
    State.RETURNING: 50,
    State.DELIVERED: 60,
    State.RETURNED: 60,
    State.CANCELLED: 60,
}
OVER = (State.DELIVERED, State.RETURNED, State.CANCELLED)
TAKEN = RANKS[State.ACCEPTED]  #: from here on it is in somebody's hands
LEFT = RANKS[State.PICKED_UP]  #: from here on the goods are out of the store
LAST = RANKS[State.DELIVERED]
