"""docs/order-machine.md: the tables that services, `allowedActions` and tests go by, as people read them."""

from collections.abc import Iterator

from core.fulfilment.machine import FULFILMENT
from core.machine import EVERY_KIND, Machine, Transition
from core.orders.machine import ORDER, STANDS
from core.payments.machine import PAYMENT, REFUNDING
from core.returns.machine import EVERY_RETURN, RETURNING

ABOUT = """\
# The order machine

An order is several machines: the order itself, its payments and refunds, its fulfilments, which are the stores' parts
of it, and its returns. Each is a table in the `machine.py` of its domain. What a service allows, what
`Order.allowedActions` and `Return.allowedActions` offer and what is written below are read from that one table. Every
transition is a compare-and-set: of two that want to lead away from one state the first wins, and the other is refused
with `ORDER_STATE` (`RETURN_STATE`). Whoever repeats a step of their own is told `ALREADY_DONE`, and nothing happens.

A hand is the `buyer` (the member, or the guest who holds the order's id), whoever has a permission that reaches the
order's store (a return's: the store that takes the goods), or the system: a payment's `provider`, the `clock`, a
`plugin`, a `rule` of the brand's. An order that something holds (`Order.holds`) may only be done what says so. An
action in one word with a capital is a mutation; the others are the system's own. Kinds are those of orders, and of
returns. Written by `make docs`.
"""
FOLLOWS = """\
## Where a paid order stands

Once it is paid, an order stands where the least advanced of its parts does; parts that were given up count for nothing.
It is `CANCELLED` where none is left, and `REFUNDED` where all of its money went back.

| Least advanced part | Order |
|---|---|
"""
HANDING_ON = """\
## Stores that do not take an order on

A paid order has a deadline (`Fulfilment.acceptBy`, by the rule `orders.accept_minutes`). Whether its store rejects it
or lets the deadline pass, the next best store gets it: one that has all of it on its shelf, offers the kind, is open
(or the buyer has chosen a time) and, for a delivery, delivers to the address. Its stock moves in the same
transaction: set free in the one store and kept in the other, or nothing of it. Whoever has had the order is not asked
again, and at most `orders.most_handed_on` others are; then the order is cancelled and paid back. While something
holds an order it is not handed on.

- **A delivery** goes on in both cases.
- **An order to be collected** goes on where its buyer has said so (`acceptOtherStore`) and the brand allows it
  (`orders.hand_on_pickup`), to a store no farther away than one looks for stores (`stores.near_radius`). Its code
  stays, and is good at the new store alone. That nobody has accepted it in time ends it only where the brand wants
  that (`orders.lapse_pickup`): many shops hand over without accepting.
- **Scan-and-go** has no deadline: the goods are in the shopper's hands.

A store's time does not run while it is closed; it begins anew when the store opens. The worker finds deadlines that
are over (the job `fulfilment.find_lapsed`) and looks at each order in a transaction of its own. Between a store that
accepts and its deadline one conditional update decides: what is accepted by then stays. The timeline says `rejected`
or `not_accepted`, then `handed_on`; the event is `orders.OrderHandedOn`. The store that had the order still sees it,
its own part `REJECTED`, contact and address masked, and can do nothing with it. Since an order that was handed on has
several parts, `orderReject` then has to name the one that it means.
"""
SLOTS = """\
## Several packages

A delivery that no single store has all of may come from several, where its buyer takes it so (`orderPlace` with
`acceptSplit`) and the brand allows it (`orders.most_packages`, 1 at first). The cart's own store gives whatever it has,
and has to have some; the rest comes from the stores that have most of it, deliver to the address and are open (or the
buyer has chosen a time), the nearest first. A line is never split, and lines that take of the same goods (a bundle and
what it is made of) go into one package. The stock of every store is kept in the transaction that places the order.
There is one payment and one delivery fee.

Once it is paid, each store has a part of its own (`Order.fulfilments`, `OrderLine.store`). Staff of every store
that has one see the order and its address, and act on their own part; who works for several names it (`fulfilmentId`).
A package is called for as soon as it is ready. One that its store rejects or does not accept in time goes to another
store like an order, by itself; where nobody takes it, its goods are paid back and the others go on (`package_ended` in
the timeline). An order of which a package has left cannot be cancelled any more: what is left of it can be rejected or
paid back. What is paid back goes to the shelf that it came from.

## Slots

`slots` lists when a store's orders can be collected or brought: its opening hours, by its own wall clock, cut into
spans of `orders.slot_minutes`, for `orders.slot_days` ahead. A cart takes one by `cartFulfilmentSet`; an order is
placed only for a time at which a slot begins that has not begun yet. How many orders one takes is a rule for each
kind (`orders.delivery_slot_orders`, `orders.pickup_slot_orders`; 0 is any number). It is decided in the transaction
that places the order: whoever counts the orders of a slot holds its row until the order is written, and the order
after that is `SLOT_FULL`. What a slot has is read from the orders themselves, so that one that is cancelled, runs out
of time or is paid back leaves its slot by that alone. An order that is handed on, or paid late, needs room in the
slot as well.
"""
_HEAD = ["| Action | From | To | By | Kinds | While held | Timeline |", "|---|---|---|---|---|---|---|"]


def page() -> str:
    """The whole page."""
    follows = FOLLOWS + "".join(f"| `{part}` | `{order}` |\n" for part, order in STANDS.items())
    tables = ["\n".join(_table(machine)) for machine in (ORDER, FULFILMENT, PAYMENT, REFUNDING, RETURNING)]
    return "\n".join([ABOUT, *tables, follows, HANDING_ON, SLOTS])


def _table(machine: Machine) -> Iterator[str]:
    yield from [f"## The {machine.name}", "", *_HEAD]
    yield from (_row(one) for one in machine.transitions)
    yield ""


def _row(one: Transition) -> str:
    kinds = "every" if one.kinds in (EVERY_KIND, EVERY_RETURN) else _listed(one.kinds)
    held = "yes" if one.while_held else ""
    cells = (f"`{one.action}`", _listed(one.after), f"`{one.to}`", _listed(one.by), kinds, held, one.told or "")
    return f"| {' | '.join(cells)} |"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
