"""Why somebody cannot buy with a group."""

from core.errors import DomainError


class GroupBuyOver(DomainError):
    """This group purchase is not on: it has not begun, or it is over."""


class GroupBuyClosed(DomainError):
    """This team takes nobody any more: its time is up, or it is complete."""


class GroupBuyFull(DomainError):
    """This team is full: join another one, or open one of your own."""


class GroupBuySeated(DomainError):
    """You are in this team already."""


class GroupBuyLimit(DomainError):
    """You have bought as often in this group purchase as one may: {most} times."""


class GroupBuyQuantity(DomainError):
    """An order in this group purchase is for 1 to {most}."""


class GroupBuySoldOut(DomainError):
    """Of this group purchase only {left} are left."""


class GroupBuyNewMembers(DomainError):
    """This team is for people who have never bought here: open one of your own."""


class GroupBuyElsewhere(DomainError):
    """This group purchase is not to be had at this store."""


class GroupBuyAlone(DomainError):
    """A group purchase is an order of its own: leave nothing else in the cart."""


class GroupBuyMember(DomainError):
    """A group purchase is ordered by the member who has asked for it."""


class GroupBuyOverlap(DomainError):
    """One of these variants has a group's price in one of these stores at that time: in {name}."""
