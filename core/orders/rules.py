"""What a brand may decide about orders."""

from pydantic import Field

from core.rules import Rules


class OrderRules(Rules):
    lock_minutes: int = Field(15, gt=0, le=10_080, description="How long an unpaid order keeps its stock.")
    payment_minutes: int = Field(
        5, ge=0, le=1_440, description="How long an order keeps its stock at least once somebody begins to pay it."
    )
    longest_lock_minutes: int = Field(
        30, gt=0, le=20_160, description="How long an unpaid order keeps its stock in all, whoever begins to pay it."
    )
    guest_contact_required: bool = Field(True, description="Whether a guest who collects must leave a phone number.")
    transfer_hours: int = Field(
        48, gt=0, le=2_160, description="How long goods from another place are expected to take, where a shopper waits."
    )
    accept_minutes: int = Field(10, gt=0, le=1_440, description="How long a store may take to accept a paid order.")
    most_handed_on: int = Field(
        2, ge=0, le=10, description="To how many other stores an order goes that its stores reject or do not accept."
    )
    hand_on_pickup: bool = Field(
        True, description="Whether an order to be collected may go to another store, where its buyer has agreed."
    )
    most_packages: int = Field(
        1,
        ge=1,
        le=5,
        description="From how many stores a delivery comes at most, where no single one has all of it; 1: from one.",
    )
    lapse_pickup: bool = Field(
        False, description="Whether a store loses an order to be collected that it has not accepted in time."
    )
    complete_days: int = Field(
        7,
        ge=0,
        le=90,
        description="After how many days on its way a delivery counts as delivered; 0: when somebody says so.",
    )
    slot_minutes: int = Field(30, ge=5, le=1_440, description="How long a delivery or pickup slot is.")
    slot_days: int = Field(7, ge=1, le=60, description="For how many days ahead slots are shown.")
    delivery_slot_orders: int = Field(
        0, ge=0, le=100_000, description="How many deliveries a store has in one slot at most; 0: any number."
    )
    pickup_slot_orders: int = Field(
        0, ge=0, le=100_000, description="How many orders are collected in one slot at most; 0: any number."
    )
