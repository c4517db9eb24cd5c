"""Response keys, so given away that fields which meet in one place can be merged."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count

from graphql import GraphQLNamedType, is_abstract_type

#: names of other fields, and words that generated Python might trip over
ALIASES = ("a", "id", "name", "total", "class", "None", "c0", "objects", "_")


@dataclass(frozen=True, slots=True)
class Use:
    """A field behind a key."""

    owner: GraphQLNamedType
    call: str  #: name and arguments
    shape: str  #: what it gives

    def meets(self, other: "Use") -> bool:
        """Whether the two may stand behind one key: the same field, or fields of types that no object has both of."""
        apart = self.owner != other.owner and not is_abstract_type(self.owner) and not is_abstract_type(other.owner)
        return self.shape == other.shape and (self.call == other.call or apart)


class Keys:
    """The keys of a document, wherever they stand: stricter than need be, since most never meet."""

    def __init__(self) -> None:
        self._uses: dict[str, set[Use]] = defaultdict(set)

    def take(self, wanted: str, use: Use) -> str:
        """The key that is wanted, or one like it that is free for this field."""
        keys = (wanted if number == 1 else f"{wanted}{number}" for number in count(1))
        key = next(key for key in keys if all(use.meets(other) for other in self._uses[key]))
        self._uses[key].add(use)
        return key
