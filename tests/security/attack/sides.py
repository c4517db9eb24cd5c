"""The two sides of the attack: whoever calls, and whose things are called for."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any, TypeAlias

from hexmart.testing import Client, World

Things: TypeAlias = Mapping[str, Any]  #: what calls can name, by kind
SHOPPERS = ("guest", "member")


@dataclass
class Side:
    """A brand, or a part of one, with somebody of each kind who calls and everything that calls can name."""

    world: World
    mark: str  #: a word that stands in all of its texts, and nowhere else
    store: str  #: the code, as tests know it, of the store where all of it happens
    callers: dict[str, Client]
    standing: dict[str, Any] = field(default_factory=dict)  #: things that no call uses up
    own: dict[str, dict[str, Any]] = field(default_factory=dict)  #: things of each caller
    _scenes: dict[tuple["Scene", str], Things] = field(default_factory=dict)

    @property
    def store_id(self) -> str:
        return self.world.stores[self.store]

    async def things(self, scene: "Scene", caller: str) -> Things:
        """What a call can name: what always stands, what the caller is, and what the scene has prepared."""
        key = scene, _buyer(caller)
        if key not in self._scenes:
            self._scenes[key] = await scene(self, self.callers[key[1]])
        return self.standing | self.own.get(caller, {}) | self._scenes[key]

    def use_up(self, scene: "Scene", caller: str) -> None:
        """Have the scene set anew before it is played again."""
        self._scenes.pop((scene, _buyer(caller)), None)


Scene: TypeAlias = Callable[[Side, Client], Awaitable[Things]]  #: sets the scene for a call; given who buys in it


def _buyer(caller: str) -> str:
    """Staff have nothing of their own to buy with: they deal with what a guest has bought."""
    return caller if caller in SHOPPERS else SHOPPERS[0]


def new_mark() -> str:
    """A word that nobody else has."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(12))
