"""Holding plugins to their contract before anything starts: one sentence for each fault, with the plugin's name."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from types import ModuleType
from typing import Any

import pluggy
from sqlalchemy import Table

from core import books, events, jobs, personal
from core.books import Invariant
from core.books.invariant import foreign_writes
from core.consents.purpose import faults as consent_faults
from core.database import TenantScoped
from core.database.base import Base
from core.extensions import plugin_of
from core.extensions.settings import faults_of
from core.hooks import PROJECT
from core.notices.kind import faults as notice_faults
from core.personal import PersonalData
from core.personal.declared import foreign_writes as foreign_tables
from core.rules.declared import rules_of
from hexmart.plugins.discovery import Installed
from schema.compose import ComposedSchema
from schema.contributions import Contribution, faults
from schema.errors import refusals

Names = Callable[[Any], Iterable[str]]
#: hooks that return named things, and the names in each, which begin with the plugin's
_NAMES: dict[str, Names] = {
    "register_permissions": lambda one: [one.name],
    "register_rules": lambda kind: [rule.key for rule in rules_of(kind).values()],
    "register_jobs": lambda one: [one.name],
    "register_codes": lambda one: [one.kind],
    "register_invariants": lambda one: [one.key],
    "register_consents": lambda purpose: [purpose.code],
    "register_notices": lambda kind: [kind.code],
}


def check_hooks(manager: pluggy.PluginManager, found: Iterable[Installed]) -> list[str]:
    """What plugins say of themselves, and the hooks that they answer, before any is registered."""
    return [
        f"{one.name}: {fault}" for one in found for fault in [*one.plugin.faults(), *_hook_faults(manager, one.module)]
    ]


def check(manager: pluggy.PluginManager, found: Sequence[Installed]) -> list[str]:
    """What they register: names, and that nobody registers what another has."""
    faults = [f"{one.name}: {fault}" for one in found for fault in [*_registration_faults(one), *_class_faults(one)]]
    return faults or [*_twice(manager), *_registered_faults(manager), *_table_faults(found)]


def check_surface(schema: ComposedSchema, brought: Iterable[Contribution]) -> list[str]:
    """What they bring into the schema."""
    types = schema.graphql.type_map
    return [f"{one.plugin.name}: {fault}" for one in brought for fault in faults(types, one.plugin)]


def _hook_faults(manager: pluggy.PluginManager, module: ModuleType) -> Iterator[str]:
    """Functions marked as hooks that no hook is called by, and arguments that a hook does not have."""
    known = {name: caller for name, caller in vars(manager.hook).items() if not name.startswith("_")}
    for name, function in inspect.getmembers(module, callable):
        if not hasattr(function, f"{PROJECT}_impl"):
            continue
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"there is no hook {name}{f'; did you mean {near[0]}?' if near else ''}"
            continue
        wanted, given = inspect.signature(function).parameters, known[name].spec.argnames
        yield from (
            f"{name} has no argument {argument}; it has {', '.join(given) or 'none'}"
            for argument in wanted
            if argument not in given
        )
        if inspect.iscoroutinefunction(known[name].spec.function) != inspect.iscoroutinefunction(function):
            yield f"{name} has to be {'async' if given else 'an ordinary function'}"


def _registration_faults(one: Installed) -> Iterator[str]:
    for hook in sorted(name for name in dir(one.module) if name.startswith("register_")):
        function = getattr(one.module, hook)
        if not hasattr(function, f"{PROJECT}_impl"):
            continue
        try:
            brought = function()
        except Exception as error:  # noqa: BLE001 - a plugin may fail in any way
            yield f"{hook} fails: {type(error).__name__}: {error}"
            continue
        if hook == "register_settings":
            yield from faults_of(brought)
            continue
        names = [name for thing in brought for name in _NAMES.get(hook, _no_names)(thing)]
        if hook == "register_invariants":
            yield from _mending_faults(brought, one)
        if hook == "register_personal_data":
            yield from _personal_faults(brought, one)
        yield from (f"{hook}: {name} has to begin with {one.name}." for name in names if not _is_below(name, one))


def _mending_faults(brought: Iterable[Invariant], one: Installed) -> Iterator[str]:
    for invariant in brought:
        foreign = foreign_writes(invariant, one.name)
        if foreign:
            yield f"what mends {invariant.key} writes {', '.join(foreign)}: a plugin writes its own tables"


def _personal_faults(brought: Iterable[PersonalData], one: Installed) -> Iterator[str]:
    for declared in brought:
        foreign = foreign_tables(declared, one.name)
        if foreign:
            yield f"what it declares of {declared.table} writes {', '.join(foreign)}: a plugin speaks of its own tables"


def _no_names(_: object) -> Iterable[str]:
    return ()


def _is_below(name: str, one: Installed) -> bool:
    return name.startswith(f"{one.name}.")


def _class_faults(one: Installed) -> Iterator[str]:
    """Refusals and tables that a plugin's modules declare."""
    code = f"{one.name.upper()}_"
    for kind in refusals():
        if plugin_of(kind.__module__) == one.name and not kind.code.startswith(code):
            yield f"the refusal {kind.__name__} has to begin with {_camel(one.name)}, for its code to begin with {code}"
    for mapper in Base.registry.mappers:
        if plugin_of(mapper.class_.__module__) == one.name:
            table = mapper.local_table
            if isinstance(table, Table) and not table.name.startswith(f"{one.name}_"):
                yield f"the table {table.name} has to begin with {one.name}_"
            if not issubclass(mapper.class_, TenantScoped):
                yield f"{mapper.class_.__name__} is no tenant's: a plugin's tables are TenantScoped"


def _twice(manager: pluggy.PluginManager) -> Iterator[str]:
    """Names that two have registered."""
    for hook, names_in in _NAMES.items():
        answers = getattr(manager.hook, hook).get_hookimpls()
        names = Counter(name for one in answers for thing in one.function() for name in names_in(thing))
        yield from (f"{hook}: {name} is registered twice" for name, times in names.items() if times > 1)
    codes = Counter(kind.code for kind in refusals() if plugin_of(kind.__module__) is not None)
    yield from (f"two refusals have the code {code}" for code, times in codes.items() if times > 1)


def _registered_faults(manager: pluggy.PluginManager) -> list[str]:
    """What the worker could not deliver or run, and what could not be proven."""
    subscriptions = [one for group in manager.hook.register_subscribers() for one in group]
    known = [job for group in manager.hook.register_jobs() for job in group]
    kept = [one for group in manager.hook.register_invariants() for one in group]
    told = [one for group in manager.hook.register_personal_data() for one in group]
    noticed = [one for group in manager.hook.register_notices() for one in group]
    agreed = [one for group in manager.hook.register_consents() for one in group]
    return [
        *events.faults(subscriptions, _is_installed),
        *jobs.faults(known),
        *books.faults(kept),
        *personal.faults(told),
        *notice_faults(noticed),
        *consent_faults(agreed),
    ]


def _is_installed(module: str) -> bool:
    return module.startswith("core.") or plugin_of(module) is not None


def _table_faults(found: Sequence[Installed]) -> Iterator[str]:
    """A plugin whose name begins another's would take the other's tables for its own."""
    for one in found:
        for other in found:
            if other.name.startswith(f"{one.name}_"):
                yield f"{one.name}: its name begins the name of {other.name}, and so do the names of its tables"
        own = [name for name in (*_core_tables(), "alembic_version") if name.startswith(f"{one.name}_")]
        if own:
            yield f"{one.name}: its name begins the names of tables of core: {', '.join(sorted(own))}"


def _core_tables() -> list[str]:
    mappers = [mapper for mapper in Base.registry.mappers if plugin_of(mapper.class_.__module__) is None]
    return [mapper.local_table.name for mapper in mappers if isinstance(mapper.local_table, Table)]


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
