"""Row security is the net; every statement names its tenant itself, so that nothing has to fall into it."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Base, TenantScoped
from hexmart.migrating.comparing import draw
from hexmart.plugins import discover
from tests.architecture.source import files, functions, name_of, parsed

FOLDERS = ("core", "tenants", "plugins")
_WORDS = "ON|WHERE|SET|USING|JOIN|LEFT|INNER|CROSS|GROUP|ORDER|LIMIT|FOR|RETURNING"
#: a table that is read or changed, and the name it goes by
REFERENCE = re.compile(
    rf"\b(?:FROM|JOIN|UPDATE|USING)\s+(?:ONLY\s+)?([a-z_]+)(?:\s+(?:AS\s+)?(?!(?:{_WORDS})\b)([a-z_]+))?",
    re.IGNORECASE,
)
INSERT = re.compile(r"\bINSERT\s+INTO\s+([a-z_]+)(.*)", re.IGNORECASE | re.DOTALL)
TENANT_FIRST = re.compile(r"\s*\(\s*tenant_id\b[^)]*\)\s*(?:VALUES\s*\(|SELECT)\s*\$1\b", re.IGNORECASE)


def tenant_tables() -> set[str]:
    draw(discover())
    return {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantScoped)}


def astray(statement: str, tables: set[str], context: str = "") -> list[str]:
    """Tables that a statement touches without saying whose rows it means; a clause of it may stand in the context."""
    said = f"{statement}\n{context}"
    read = [(name, alias or name) for name, alias in REFERENCE.findall(statement) if name in tables]
    written = [name for name, rest in INSERT.findall(statement) if name in tables and not TENANT_FIRST.match(rest)]
    return [name for name, alias in read if not _bound(alias, said)] + written


def _bound(alias: str, said: str) -> bool:
    """`c.tenant_id = $1`, `c.tenant_id = o.tenant_id` or, where there is but one table, `tenant_id = $1`."""
    own = rf"\b{alias}\.tenant_id = (?:\$1\b|[a-z_]+\.tenant_id\b)|\b[a-z_]+\.tenant_id = {alias}\.tenant_id\b"
    return "= $1" in said and re.search(rf"{own}|(?<![.\w])tenant_id = \$1\b", said) is not None


def constants(path: Path) -> list[str]:
    """The statements that a module keeps, as they are sent."""
    module = importlib.import_module(name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return [value for value in vars(module).values() if isinstance(value, str)]


def pieces(node: ast.AST) -> Iterator[str]:
    """The texts that a function puts together, an f-string as one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in child.values)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        else:
            yield from pieces(child)


def test_the_tables_of_plugins_are_watched_as_those_of_core_are() -> None:
    assert {"cart", "coupons_coupon", "group_buy_seat"} <= tenant_tables()


@pytest.mark.parametrize("path", files(*FOLDERS), ids=name_of)
def test_every_statement_names_its_tenant(path: Path) -> None:
    tables = tenant_tables()
    made = [piece for function in functions(parsed(path)) for piece in pieces(function)]
    found = {text: astray(text, tables) for text in constants(path)}
    found |= {text: astray(text, tables, context="\n".join(made)) for text in made}
    assert not {text: names for text, names in found.items() if names}


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("SELECT id FROM cart WHERE id = $2", ["cart"]),
        ("SELECT 1 FROM cart c JOIN store s ON s.id = c.store_id WHERE c.tenant_id = $1", ["store"]),
        ("SELECT 1 FROM cart c, store s WHERE c.tenant_id = s.tenant_id", ["cart"]),
        ("UPDATE cart SET tenant_id = $2 WHERE id = $1", ["cart"]),
        ("DELETE FROM cart", ["cart"]),
        ("INSERT INTO cart (id, tenant_id) VALUES ($1, $2)", ["cart"]),
        ("INSERT INTO cart (tenant_id, id) SELECT c.tenant_id, $2 FROM cart c WHERE c.tenant_id = $1", ["cart"]),
        ("SELECT 1 FROM cart c JOIN store s ON s.tenant_id = c.tenant_id WHERE c.tenant_id = $1", []),
        ("INSERT INTO cart (tenant_id, id) VALUES ($1, $2) ON CONFLICT (tenant_id, id) DO UPDATE SET id = $2", []),
        ("SELECT id FROM tenant WHERE slug = $1", []),
        ("WITH mine AS (SELECT id FROM cart WHERE tenant_id = $1) SELECT * FROM mine FOR UPDATE", []),
    ],
)
def test_a_statement_without_its_tenant_would_be_found(statement: str, names: list[str]) -> None:
    assert astray(statement, {"cart", "store"}) == names


def test_a_statement_in_pieces_is_read_as_a_whole() -> None:
    tree = ast.parse('def page():\n    sql = f"SELECT id FROM cart c WHERE {clauses} LIMIT {limit}"\n')
    assert [astray(piece, {"cart"}) for piece in pieces(tree)] == [["cart"]]
    assert not astray(next(pieces(tree)), {"cart"}, context="c.tenant_id = $1")
