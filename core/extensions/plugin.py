"""What a plugin says of itself: the first thing that its module `plugin.py` declares."""

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

PLUGIN_API = "1.0"  #: of the hooks and what they are handed: a new minor adds, a new major takes away or changes
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_NAME = 30  # it begins the names of tables, of which PostgreSQL reads 63 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """`PLUGIN = Plugin(name="gift_wrap", version="1.0.0", plugin_api=">=1.0,<2", summary="...")`."""

    name: str  #: snake_case; its tables, root fields, types, permissions, rules and error codes begin with it
    version: str  #: its own (PEP 440)
    plugin_api: str  #: the versions of the hooks that it was written for (a PEP 440 range)
    summary: str  #: one sentence, for whoever decides whether to switch it on
    requires: tuple[str, ...] = ()  #: plugins that must be installed and switched on as well
    core_revision: str | None = None  #: the migration of core that its own migrations refer to
    marks_carts: bool = False  #: it has a say in the carts alone that it has marked, or on which is a code that it knew

    def faults(self) -> list[str]:
        """What is wrong with this by itself, a sentence each."""
        found = []
        if not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST_NAME:
            found.append(f"a plugin's name is snake_case of at most {_LONGEST_NAME} characters, not {self.name!r}")
        if not self.summary.strip():
            found.append("it has no summary: say in a sentence what it is for")
        if not _is_version(self.version):
            found.append(f"its version {self.version!r} is none (PEP 440)")
        if not _is_range(self.plugin_api):
            found.append(f"its plugin_api {self.plugin_api!r} is no range of versions; one is '>=1.0,<2'")
        elif PLUGIN_API not in SpecifierSet(self.plugin_api):
            found.append(f"it was written for the plugin API {self.plugin_api}, and this is {PLUGIN_API}")
        return found

    @property
    def prefix(self) -> str:
        """How the names in GraphQL begin: `giftWrap` for fields, `GiftWrap` for types."""
        first, *rest = self.name.split("_")
        return first + "".join(word.capitalize() for word in rest)


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _is_range(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return bool(text.strip())
