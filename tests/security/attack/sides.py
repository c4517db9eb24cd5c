"""The two sides of the attack: whoever calls, and whose things are called for."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any, TypeAlias

from hexmart.testing import Client, World
from hexmart.testing.openid import Provider

Things: TypeAlias = dict[str, Any]  #: what calls can name, by kind
SHOPPERS = ("guest", "member")
CALLER = "caller"  #: among the things of a scene: who calls in it, instead of the one who always does


@dataclass(frozen=True, slots=True)
class Scene:
    """What has to have happened before a call means something; given who is going to call."""

    play: Callable[["Side", str], Awaitable[Things]]
    personal: bool = False  #: whether it is about the caller, and not about what is bought
    fragile: bool = False  #: whether a call that is refused uses it up too
    lasting: bool = False  #: whether no call uses it up

    def key(self, caller: str) -> tuple["Scene", str]:
        """Callers who can share it: staff and apps have bought nothing, and deal with what a guest has."""
        return self, caller if self.personal or caller in SHOPPERS else SHOPPERS[0]


@dataclass
class Side:
    """A brand, or a part of one, with somebody of each kind who calls and everything that calls can name."""

    world: World
    mark: str  #: a word that stands in all of its texts, and nowhere else
    store: str  #: the code, as tests know it, of the store where all of it happens
    callers: dict[str, Client]
    provider: Provider  #: by which its staff may sign in
    turns: int = 0  #: how often each of its carts is changed
    standing: dict[str, Any] = field(default_factory=dict)  #: things that no call uses up
    own: dict[str, dict[str, Any]] = field(default_factory=dict)  #: things of each caller
    keys: dict[tuple[str, str], str] = field(default_factory=dict)  #: that were used up, by call and caller
    cursors: dict[tuple[str, str], str] = field(default_factory=dict)  #: by call and caller
    _played: dict[tuple[Scene, str], Things] = field(default_factory=dict)

    @property
    def store_id(self) -> str:
        return self.world.stores[self.store]

    def buyer(self, caller: str) -> Client:
        """Who buys what the caller deals with."""
        return self.callers[caller if caller in SHOPPERS else SHOPPERS[0]]

    async def things(self, scene: Scene, caller: str) -> Things:
        """What a call can name: what always stands, what the caller is, and what the scene has prepared."""
        key = scene.key(caller)
        if key not in self._played:
            self._played[key] = await scene.play(self, key[1])
        return self.standing | self.own.get(caller, {}) | self._played[key]

    def use_up(self, scene: Scene, caller: str) -> None:
        """Have the scene played anew before it is built upon again, unless it lasts."""
        if not scene.lasting:
            self._played.pop(scene.key(caller), None)


def new_mark() -> str:
    """A word that nobody else has."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(12))
