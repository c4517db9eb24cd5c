"""A client's operations, out of three kinds of files; all of them, or the first that is wrong."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema

from hexmart.manifests import ManifestWrong, check, name_of, operations
from tests.architecture.surface import served

SHOP = """
# what the shop's front page asks
query Front($search: String) { products(search: $search) { nodes { ...Card } } }
mutation Cart($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } } }
fragment Card on Product { name ...Slug }
fragment Slug on Product { slug }
fragment Unused on Store { code }
query Name { brand { name } }
"""
FRONT = """\
query Front($search: String) {
  products(search: $search) {
    nodes {
      ...Card
    }
  }
}

fragment Card on Product {
  name
  ...Slug
}

fragment Slug on Product {
  slug
}"""
BRAND = "query Name { brand { name } }"


@pytest.fixture(scope="module")
def surface() -> GraphQLSchema:
    return served().graphql


def written(folder: Path, name: str, content: str | bytes | object) -> Path:
    """A file with a text in it, or with a value as JSON."""
    path = folder / name
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def apollo(*listed: object, **changes: object) -> dict[str, object]:
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": list(listed)} | changes


def operation(**changes: object) -> dict[str, object]:
    return {"id": "a1", "name": "Name", "type": "query", "body": BRAND} | changes


def test_every_operation_is_a_document_with_the_fragments_it_uses(tmp_path: Path, surface: GraphQLSchema) -> None:
    found = operations(written(tmp_path, "shop.graphql", SHOP))
    assert [name_of(text) for text in found.values()] == ["Front", "Cart", "Name"]
    assert next(iter(found.values())) == FRONT
    assert all("fragment" not in text for text in list(found.values())[1:])
    assert list(found) == [sha256(text.encode()).hexdigest() for text in found.values()]
    check(found, surface)


def test_comments_and_layout_do_not_change_an_id(tmp_path: Path) -> None:
    first = operations(written(tmp_path, "a.graphql", "{ brand { name } }"))
    second = operations(written(tmp_path, "b.gql", "\ufeff# the name\nquery{brand{name,}}"))
    assert first == second
    assert [name_of(text) for text in first.values()] == ["(anonymous)"]


@pytest.mark.parametrize("manifest", [apollo(operation()), {"a1": BRAND}], ids=["apollo", "relay"])
def test_a_manifest_keeps_its_ids_and_its_texts_to_the_letter(
    tmp_path: Path, surface: GraphQLSchema, manifest: object
) -> None:
    found = operations(written(tmp_path, "manifest.json", manifest))
    assert found == {"a1": BRAND}
    check(found, surface)


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    assert operations(written(tmp_path, "a.json", "\ufeff" + json.dumps({"a1": BRAND}))) == {"a1": BRAND}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("shop.txt", BRAND, "shop.txt: a manifest is a .graphql, .gql or .json file."),
        ("a.graphql", b"\xff", "a.graphql is not UTF-8."),
        ("a.graphql", "# nothing", "Line 1: Syntax Error: Unexpected <EOF>."),
        ("a.graphql", "query A {\n brand {\n", "Line 3: Syntax Error: Expected Name, found <EOF>."),
        ("a.graphql", "fragment A on Brand { name }", "a.graphql has no operation in it."),
        (
            "a.graphql",
            "type A { b: Int } { brand { name } }",
            "object type definition: it is neither an operation nor a fragment.",
        ),
        ("a.graphql", f"{BRAND} query Name {{ brand {{ slug }} }}", "Name: two operations have this name."),
        ("a.json", "{", "This is not JSON: "),
        ("a.json", "{}", "a.json has no operation in it."),
        ("a.json", apollo(), "a.json has no operation in it."),
        ("a.json", [], "A manifest in JSON is Apollo's, or an object of texts by id."),
        ("a.json", '{"a1": "{ a }", "a1": "{ b }"}', "a1 stands twice in one object."),
        ("a.json", {"a1": 5}, "a1: what stands under an id is a document's text."),
        ("a.json", apollo(format="other"), "A manifest of Apollo's has the format"),
        ("a.json", apollo(version=2), "A manifest of Apollo's has the format"),
        ("a.json", apollo(operations={}), "operations is a list."),
        ("a.json", apollo(5), "Operation 1: name is a text."),
        ("a.json", apollo(operation(), operation(id=5)), "Name: id is a text."),
        ("a.json", apollo(operation(body=None)), "Name: body is a text."),
        ("a.json", apollo(operation(name=None)), "Operation 1: name is a text."),
        ("a.json", apollo(operation(body="{")), "Name: Syntax Error: Expected Name, found <EOF>."),
        ("a.json", apollo(operation(), operation(name="Other")), "Other: its id a1 is another operation's too."),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, name: str, content: Any, sentence: str) -> None:
    with pytest.raises(ManifestWrong) as refusal:
        operations(written(tmp_path, name, content))
    assert str(refusal.value).startswith(sentence)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestWrong, match=r"^a\.graphql cannot be read: No such file or directory\.$"):
        operations(tmp_path / "a.graphql")


@pytest.mark.parametrize(
    ("document_id", "text", "sentence"),
    [
        ("a1", "{", "a1: Syntax Error: Expected Name, found <EOF>."),
        ("a1", "query A { brand { nme } }", "A: Cannot query field 'nme' on type 'Brand'. Did you mean 'name'?"),
        ("a1", "query A { brand { ...B } }", "A: Unknown fragment 'B'."),
        ("a1", "subscription A { b }", "A: Cannot query field 'b' on type 'Subscription'."),
        ("a1", "{ brand { nme } }", "a1: Cannot query field"),
        (
            "a1",
            "query A { brand { name } } query B { brand { name } }",
            "A: a trusted document has one operation, not 2.",
        ),
        ("a1", "fragment A on Brand { name }", "a1: a trusted document has one operation, not 0."),
        ("a1", 'query A { store(code: "\\u0000") { id } }', "A: a text cannot hold the character NUL."),
        ("a1", 'query A { store(code: """\0""") { id } }', "A: a text cannot hold the character NUL."),
        ("", BRAND, "Name: an id has 1 to 200 letters"),
        ("a 1", BRAND, "Name: an id has 1 to 200 letters"),
        ("ü", BRAND, "Name: an id has 1 to 200 letters"),
        ("a" * 201, BRAND, "Name: an id has 1 to 200 letters"),
    ],
)
def test_a_document_that_could_not_be_answered_is_refused(
    surface: GraphQLSchema, document_id: str, text: str, sentence: str
) -> None:
    with pytest.raises(ManifestWrong) as refusal:
        check({"good": BRAND, document_id: text}, surface)
    assert str(refusal.value).startswith(sentence)


def test_the_examples_are_valid_where_nothing_is_planted(surface: GraphQLSchema) -> None:
    check({"a1": BRAND, "a" * 200: 'query A { store(code: "S1") { id } }'}, surface)
