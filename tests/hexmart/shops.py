"""Web shops of brands, and what it takes to list them."""

from hexmart.testing import Client

SHOP = "https://shop.example"
OTHER = "https://other.example"
SET = """
mutation($o: [String!]!) { brandOriginsSet(input: {origins: $o}) { brand { origins } userErrors { code path } } }
"""


async def list_origins(owner: Client, *origins: str) -> list[str] | None:
    payload = (await owner.run(SET, o=list(origins)))["brandOriginsSet"]
    assert payload["userErrors"] == []
    listed: list[str] | None = payload["brand"]["origins"]
    return listed
