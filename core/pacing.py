"""A few at a time: a crowd that comes at the same moment must not hold up what is under way."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial


class Doorway:
    """Lets a few through in each round of the event loop, in the order in which they came.

    In a round of hundreds, a transaction waits for all of them before it hears what its statement gave; and it has a
    dozen statements.
    """

    def __init__(self, few: int) -> None:
        self._few = few
        self._room = few  #: for so many more in this round; none while anybody waits
        self._waiting: deque[Callable[[], None]] = deque()
        self._counting = False  #: whether another round is to come

    async def enter(self) -> None:
        """Come in: at once, or after those who came before."""
        if self._room:
            self._take()
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(partial(_open, turn))
        await turn

    def let(self, call: Callable[[], None]) -> None:
        """Call it: at once, or after those who came before."""
        if self._room:
            self._take()
            call()
        else:
            self._waiting.append(call)

    def _take(self) -> None:
        self._room -= 1
        if not self._counting:
            self._counting = True
            asyncio.get_running_loop().call_soon(self._begin_round)

    def _begin_round(self) -> None:
        self._counting, self._room = False, self._few
        while self._waiting and self._room:
            self._take()
            self._waiting.popleft()()


def _open(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
