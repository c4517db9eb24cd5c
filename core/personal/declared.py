"""A table that holds something of a member: whose its rows are, and what merging, exporting and erasing do to them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.database import tables_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of rows, for people, and the statements that do it."""

    sentence: str
    statements: Sequence[str] = ()  #: $1 is the tenant, $2 the member; where two are merged, $3 is who stays


STAYS = Outcome("It stays with what it is part of.")
KEPT_AS_IT_IS = Outcome("Kept: it names nobody.")
GONE_WITH_ITS_OWNER = Outcome("Deleted with what it is part of.")
FORGOTTEN_BY_TIME = Outcome("Left as it is: it is forgotten soon.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """`PersonalData(table="gift_wrap_wish", holds="Wishes for wrapping", merging=moved("gift_wrap_wish"), ...)`."""

    table: str
    holds: str  #: what it says of a member, a few words
    members: Sequence[str] = ("member_id",)  #: the columns that name one; none where the rows are part of another's
    whose: str | None = None  #: a condition on `t`, the table, that holds for rows of $2; None: one of `members` is $2
    merging: Outcome
    erasing: Outcome
    sealed: Sequence[str] = ()  #: columns that are sealed, at place_of(table, column, id); exported in clear
    withheld: Sequence[str] = ()  #: columns that are not exported: they are hashes, or say something of others
    hindrance: str | None = None  #: a SELECT with $1, $2 and $3 that finds a row where the two cannot be merged yet

    @property
    def condition(self) -> str:
        """Which rows of `t` are the member's who is $2."""
        return self.whose or " OR ".join(f"t.{column} = $2" for column in self.members)

    @property
    def statements(self) -> Sequence[str]:
        """All that are run of it."""
        hindrance = [self.hindrance] if self.hindrance is not None else []
        return [*self.merging.statements, *self.erasing.statements, *hindrance]


def moved(table: str, *columns: str) -> Outcome:
    """The rows become those of the member who stays."""
    statements = [
        f"UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND {column} = $2"
        for column in columns or ("member_id",)
    ]
    return Outcome("All of both are kept.", statements)


def deleted(table: str, *, where: str = "t.member_id = $2") -> Outcome:
    """The rows are no more."""
    return Outcome("Deleted.", [f"DELETE FROM {table} t WHERE t.tenant_id = $1 AND ({where})"])


def blanked(table: str, *columns: str, where: str = "t.member_id = $2", keeps: str = "The rest") -> Outcome:
    """The rows stay, without what these columns said."""
    nothing = ", ".join(f"{column} = NULL" for column in columns)
    statement = f"UPDATE {table} t SET {nothing} WHERE t.tenant_id = $1 AND ({where})"
    return Outcome(f"{keeps} is kept without {' and '.join(columns)}.", [statement])


def faults(declared: Iterable[PersonalData]) -> list[str]:
    """A sentence for each fault of these declarations."""
    known = list(declared)
    twice = [table for table, times in Counter(one.table for one in known).items() if times > 1]
    return [*(f"{table} is declared twice" for table in twice), *(fault for one in known for fault in _of(one))]


def _of(one: PersonalData) -> Iterator[str]:
    if not one.members and one.whose is None:
        yield f"{one.table} says neither which columns name a member nor whose its rows are"
    for statement in one.statements:
        if "$1" not in statement:
            yield f"what is done to {one.table} names no tenant: {statement.strip()}"
    if one.hindrance is not None and tables_of(one.hindrance).written:
        yield f"what finds that members with {one.table} cannot be merged writes"


def foreign_writes(one: PersonalData, plugin: str) -> list[str]:
    """Tables that a plugin's declaration would write and that are not the plugin's."""
    written = {table for statement in one.statements for table in tables_of(statement).written}
    return sorted(table for table in {one.table, *written} if not table.startswith(f"{plugin}_"))
