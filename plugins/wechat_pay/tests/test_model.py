"""In whatever order things happen, and however often, books, WeChat and a small model say the same in the end."""

import os
import random
from collections import Counter as Tally
from itertools import permutations

import pytest

from core.payments import capturing
from plugins.wechat_pay.tests.counter import Counter
from plugins.wechat_pay.tests.model import STEPS, play
from tests.faults.audit import audit

pytestmark = pytest.mark.anyio

SEQUENCES = 2_000 if "HEXMART_PROOF_SCALE" in os.environ else 40
AT_ONCE = 100
LENGTH = 10
#: things come to pass rather more often than they go wrong
WEIGHTS = dict(zip(STEPS, (3, 3, 3, 1, 1, 1, 1, 2), strict=True))


async def test_all_orders_of_create_pay_close_and_refund_with_repetitions_agree(counter: Counter) -> None:
    """A payment is told of as often as it is repeated."""
    sequences = []
    for order in permutations(("create", "pay", "close", "refund")):
        for times in (1, 2, 3):
            repeated = [[step] * times + (["tell", "tell again"] * times if step == "pay" else []) for step in order]
            sequences.append([step for steps in repeated for step in steps])
    made = await play(counter, sequences, frozenset(range(0, 30, 2)))
    assert made.divergences == []
    print(f"pay: permutations {len(sequences)} ok, steps {made.done.total()}, 0 divergences")  # noqa: T201
    assert not await audit(counter.platform, counter.world.tenant)


async def test_generated_sequences_agree(counter: Counter) -> None:
    chance, done = random.Random(20261130), Tally[str]()
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    for begin in range(0, SEQUENCES, AT_ONCE):
        count = min(AT_ONCE, SEQUENCES - begin)
        sequences = [chance.choices(names, weights, k=LENGTH) for _ in range(count)]
        made = await play(counter, sequences, frozenset(chance.sample(range(LENGTH), 4)))
        assert made.divergences == []
        done += made.done
    print(f"pay: sequences {SEQUENCES} ok, steps {done.total()}, 0 divergences")  # noqa: T201
    assert not await audit(counter.platform, counter.world.tenant)


async def test_money_that_is_credited_without_being_kept_in_mind_would_be_found(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: money that comes for an order that is over is kept."""

    async def kept(*_: object) -> None:
        return

    monkeypatch.setattr(capturing, "_return", kept)
    made = await play(counter, [["create", "pay", "close", "tell"]], frozenset({1, 3}))
    assert made.divergences
