"""The generated Python of a selection set: what it loads for a column of objects, and how it writes their responses."""

from collections.abc import Callable
from typing import Any

from schema.engine.leaves import Write
from schema.engine.trees import Load, Site


class Source:
    """The function of one selection set, while it is being written.

    async def complete(objects, request):
        check(objects)
        v1 = await request.load(site1, objects)
        p2 = await tree2([o.unit_price for o in objects], request)
        def project():
            return [{"sku": c0, "price": c1} for c0, c1 in zip(write0([o.sku for o in objects]), p2())]
        return project
    """

    def __init__(self, check: Callable[[Any], None]) -> None:
        self._names: dict[str, Any] = {"check": check}
        self._lines = ["check(objects)"]
        self._columns: list[str] = []
        self._cells: list[str] = []

    def constant(self, key: str, value: str) -> None:
        """A cell that is the same for all objects."""
        self._cells.append(f"{key!r}: {value!r}")

    def attribute(self, name: str) -> str:
        """The column of an attribute."""
        return f"[o.{name} for o in objects]"

    def load(self, site: Site) -> str:
        """The column that a batched field gives."""
        column = f"v{len(self._lines)}"
        self._lines.append(f"{column} = await request.load({self._name('site', site)}, objects)")
        return column

    def leaf(self, key: str, values: str, write: Write) -> None:
        """A cell with a column of leaves, written when all is loaded."""
        self._cell(key, f"{self._name('write', write)}({values})")

    def tree(self, key: str, values: str, load: Load) -> None:
        """A cell with a column of objects or lists of them."""
        project = f"p{len(self._lines)}"
        self._lines.append(f"{project} = await {self._name('tree', load)}({values}, request)")
        self._cell(key, f"{project}()")

    def function(self) -> Load:
        """Make it so."""
        text = str(self)
        exec(compile(text, "<selection>", "exec"), self._names)  # noqa: S102 - we wrote it, out of names and constants
        complete: Load = self._names["complete"]
        return complete

    def __str__(self) -> str:
        """What is compiled."""
        lines = "\n    ".join(self._lines)
        return (
            f"async def complete(objects, request):\n    {lines}\n"
            f"    def project():\n        return {self._rows()}\n    return project\n"
        )

    def _rows(self) -> str:
        names = [f"c{number}" for number in range(len(self._columns))]
        cells = f"{{{', '.join(self._cells)}}}"
        if not names:
            return f"[{cells} for _ in objects]"
        if len(names) == 1:
            return f"[{cells} for c0 in {self._columns[0]}]"
        return f"[{cells} for {', '.join(names)} in zip({', '.join(self._columns)})]"

    def _cell(self, key: str, column: str) -> None:
        self._cells.append(f"{key!r}: c{len(self._columns)}")
        self._columns.append(column)

    def _name(self, kind: str, value: Any) -> str:
        name = f"{kind}{len(self._names)}"
        self._names[name] = value
        return name
