"""What a plugin has to answer to each decision; anything else is nonsense, and no answer."""

from collections.abc import Sequence
from typing import TypeVar

from core.errors import DomainError
from core.extensions import Nonsense
from core.extensions.asking import Check
from core.matching import RankReason
from core.pricing import Adjustment, Declined, Offer
from core.verification.handler import Taken

MOST_OFFERS = 100  #: of one plugin for one basket
LONGEST_LABEL = 200
Value = TypeVar("Value")


def one_each(kind: type[Value], size: int) -> Check[Sequence[Value | None]]:
    """An answer to each of so many, of a kind, or None."""

    def check(answer: object) -> Sequence[Value | None]:
        if not isinstance(answer, Sequence) or len(answer) != size:
            raise Nonsense(f"{size} answers are wanted")
        if not all(one is None or isinstance(one, kind) for one in answer):
            raise Nonsense(f"each answer is a {kind.__name__} or None")
        return answer

    return check


def offers(plugin: str, size: int) -> Check[Sequence[Sequence[Offer]]]:
    """What a plugin offers for each of so many baskets."""

    def check(answer: object) -> Sequence[Sequence[Offer]]:
        if not isinstance(answer, Sequence) or len(answer) != size:
            raise Nonsense(f"offers for {size} baskets are wanted")
        if not all(isinstance(some, Sequence) and len(some) <= MOST_OFFERS for some in answer):
            raise Nonsense(f"at most {MOST_OFFERS} offers are wanted for a basket")
        for offer in (offer for some in answer for offer in some):
            if not isinstance(offer, Adjustment | Declined):
                raise Nonsense("an offer is an Adjustment or Declined")
            if isinstance(offer, Adjustment) and offer.source.split(".")[0] != plugin:
                raise Nonsense(f"a source begins with {plugin}")
        return answer

    return check


def reasons(plugin: str, size: int) -> Check[Sequence[RankReason | None]]:
    """What a plugin says of each of so many stores."""
    check_each = one_each(RankReason, size)

    def check(answer: object) -> Sequence[RankReason | None]:
        found = check_each(answer)
        if any(one is not None and one.factor.split(".")[0] != plugin for one in found):
            raise Nonsense(f"a factor begins with {plugin}")
        return [one and one.bounded for one in found]

    return check


def label(answer: object) -> str | None:
    """What a code is called."""
    if answer is not None and (not isinstance(answer, str) or len(answer) > LONGEST_LABEL or "\x00" in answer):
        raise Nonsense(f"the name of a code is a text of at most {LONGEST_LABEL} characters")
    return answer


def taken(answer: object) -> Taken | None:
    """What was taken for a code."""
    if answer is not None:
        if not isinstance(answer, Taken) or not answer.kind.isidentifier():
            raise Nonsense("a Taken of one word, or None, is wanted")
        label(answer.label)
    return answer


def refusal(answer: object) -> DomainError | None:
    """Why something cannot be, or None."""
    if answer is not None and not isinstance(answer, DomainError):
        raise Nonsense("a DomainError or None is wanted")
    return answer


def nothing(answer: object) -> None:
    """No answer at all."""
    if answer is not None:
        raise Nonsense("nothing is wanted")
