"""A small schema with every shape of a value in it; what its fields give is what a test puts there."""

from tests.difference.zoo.boxes import BoxRow
from tests.difference.zoo.executing import Zoo, paths
from tests.difference.zoo.nests import NestRow
from tests.difference.zoo.pets import CatRow, DogRow, FishRow

__all__ = ["BoxRow", "CatRow", "DogRow", "FishRow", "NestRow", "Zoo", "paths"]
