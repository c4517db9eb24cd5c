"""Pages of the reference that the code writes about itself: `python -m hexmart.reference` renews them in docs/."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import TypeVar

import pluggy
from pydantic.fields import FieldInfo

import core
import schema
import tenants
from core.access import OPERATOR, ROLES
from core.errors import DomainError, Fault
from core.hookset import HookSet
from core.permission import Permission
from core.personal import PersonalData
from core.rules import Level, Rule, Rules, Subject, catalogue, subject_of
from hexmart import machines
from hexmart.plugins import plugin_manager, surface

Class = TypeVar("Class")

HOUSE = ("core", "tenants", "schema", "plugins", "hexmart")
DOCS = Path(__file__).parent.parent / "docs"
ERRORS = """\
# Errors

What can go wrong by the caller's doing. A **refusal** is something the caller can put right: a mutation lists it in
`userErrors` and has written nothing; a query answers it with `BAD_REQUEST`, or with null where it is `NOT_FOUND`. A
**fault** stops the whole request and stands in the response's `errors`, with its code in `extensions.code`. A document
that is wrong in itself is a `BAD_REQUEST`; what is wrong with Hexmart is `INTERNAL`, and says no more than a
`requestId` to look for in the log.

A message is filled with the facts in its braces; the facts beside it are what the refusal carries besides. Written by
`make docs`.
"""
RULES = """\
# Rules

What a brand may decide, by key; [Setting rules](setting-rules.md) tells how. The domain or plugin that reads a rule
declares it, with its default, its bounds and what it means. The nearest value counts: the store's, else its region's,
else the brand's, else the platform's, which is the default where the platform says nothing; how near a rule may be set
stands beside it. A condition is an expression in [CEL](https://cel.dev) over the variables below the table; where it
cannot be told whether it holds, it does not. Written by `make docs`.
"""
PERMISSIONS = """\
# Permissions

What roles and apps can be allowed to do, by name: what comes before the dot is the domain or plugin that asks for it.
A plugin's permissions are there where the plugin is on. The owner of a brand may do all of a brand's; who else begins
with one stands beside it, and [roles are the brand's own data](access.md). Written by `make docs`.
"""
PERSONAL_DATA = """\
# Personal data

What is kept about a member, as the domain or plugin declares it that keeps it ([the hook](hooks.md)). The same
declarations merge two members, export everything of one and erase one; a test fails at a table that is not among them.
Written by `make docs`.
"""
_SET_FOR = {
    Level.PLATFORM: "the platform, by its settings alone",
    Level.BRAND: "the brand",
    Level.REGION: "the brand, a region",
    Level.STORE: "the brand, a region, a store",
}
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def errors() -> str:
    """docs/errors.md."""
    kinds = sorted(below(DomainError), key=lambda kind: kind.code)
    refusals = [_error(kind) for kind in kinds if not issubclass(kind, Fault)]
    faults = [_error(kind) for kind in kinds if issubclass(kind, Fault) and kind is not Fault]
    head = ["| Code | Message | Other facts |", "|---|---|---|"]
    return "\n".join([ERRORS, "## Refusals", "", *head, *refusals, "", "## Faults", "", *head, *faults, ""])


def rules() -> str:
    """docs/rules.md."""
    found = catalogue(below(Rules))
    head = ["| Key | Kind | Default | Bounds | Set for | What it means |", "|---|---|---|---|---|---|"]
    rows = [_rule(found[key]) for key in sorted(found)]
    subjects = sorted({mark for rule in found.values() if (mark := subject_of(rule))}, key=lambda one: one.name)
    return "\n".join([RULES, *head, *rows, "", *[line for one in subjects for line in _subject(one)]])


def permissions(manager: pluggy.PluginManager) -> str:
    """docs/permissions.md."""
    every = frozenset(name for name, _ in manager.list_name_plugin())
    found = HookSet(manager, every).permissions
    head = ["| Permission | What it lets its holder do | Roles that begin with it |", "|---|---|---|"]
    return "\n".join([PERMISSIONS, *head, *[_permission(found[name]) for name in sorted(found)], ""])


def personal_data(manager: pluggy.PluginManager) -> str:
    """docs/personal-data.md."""
    found = HookSet(manager, frozenset()).personal_data
    head = [
        "| Table | What it holds | When two are merged | When one is erased | Not exported |",
        "|---|---|---|---|---|",
    ]
    rows = [_kept(one) for one in sorted(found, key=lambda one: one.table)]
    return "\n".join([PERSONAL_DATA, *head, *rows, ""])


def _kept(one: PersonalData) -> str:
    withheld = ", ".join(f"`{column}`" for column in one.withheld)
    return f"| `{one.table}` | {one.holds} | {one.merging.sentence} | {one.erasing.sentence} | {withheld} |"


def _permission(one: Permission) -> str:
    first = [seed.name for seed in (OPERATOR, *ROLES.values()) if one.name in seed.permissions]
    roles = [*first, *one.given_to]
    return f"| `{one.name}` | {one.label} | {', '.join(f'`{role}`' for role in roles)} |"


def pages() -> dict[Path, str]:
    """Every generated page by its place; all of Hexmart is loaded first, since each part has errors and rules."""
    manager = plugin_manager()
    surface(manager)
    for package in (core, tenants, schema):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return {
        DOCS / "errors.md": errors(),
        DOCS / "rules.md": rules(),
        DOCS / "permissions.md": permissions(manager),
        DOCS / "personal-data.md": personal_data(manager),
        DOCS / "order-machine.md": machines.page(),
    }


def below(kind: type[Class]) -> Iterator[type[Class]]:
    """Every class of Hexmart that is derived from a class; tests and strangers' plugins declare some as well."""
    for subclass in kind.__subclasses__():
        package, *inside = subclass.__module__.split(".")
        if package in HOUSE and "tests" not in inside:
            yield subclass
        yield from below(subclass)


def _error(kind: type[DomainError]) -> str:
    message = inspect.cleandoc(kind.__doc__ or "")
    named = {name for _, name, _, _ in Formatter().parse(message) if name}
    taken = list(inspect.signature(kind).parameters)
    others = ["retryAfter"] if kind.retry_after is not None else []
    others += [_camel(name) for name in taken if name not in {"path", "facts", *named}]
    return f"| `{kind.code}` | {message} | {', '.join(f'`{name}`' for name in others)} |"


def _rule(rule: Rule) -> str:
    kind = inspect.formatannotation(rule.info.annotation).replace("|", "\\|")  # a bar would begin the next column
    subject = subject_of(rule)
    said = f"condition on a [{subject.name}](#{subject.name})" if subject else f"`{kind}`"
    bounds = [f"{sign} {bound}" for name, sign in _BOUNDS.items() if (bound := _bound(rule.info, name)) is not None]
    cells = (f"`{rule.key}`", said, f"`{json.dumps(rule.info.default)}`", ", ".join(bounds), _SET_FOR[rule.settable])
    return f"| {' | '.join(cells)} | {rule.description} |"


def _subject(subject: Subject) -> list[str]:
    """What conditions may speak of."""
    head = [f"## {subject.name}", "", "| Variable | Type | What it is |", "|---|---|---|"]
    return [*head, *[f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in subject.variables], ""]


def _bound(rule: FieldInfo, name: str) -> object:
    return next((getattr(one, name) for one in rule.metadata if hasattr(one, name)), None)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


if __name__ == "__main__":
    for place, text in pages().items():
        place.write_text(text, encoding="utf-8")
