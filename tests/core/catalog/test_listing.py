"""Pages of products: every order, cut anywhere, with nothing twice and nothing missing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import UUID

import pytest

from core import catalog, inventory
from core.actors import system
from core.catalog import Listing, ProductRow, Sort
from core.catalog.models import Category, Product, Variant
from core.inventory import Correction
from core.work import Work
from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.brands import build_world

pytestmark = pytest.mark.anyio
PRODUCTS = 23
BROWSING = [Sort.NEWEST, Sort.NAME, Sort.PRICE_LOW, Sort.PRICE_HIGH]
TEA = "tea"


@pytest.fixture(scope="module")
async def shop(application: Application) -> World:
    """A brand whose names and prices repeat; English names run against the Chinese ones."""
    world = await build_world(application.platform)
    async with application.platform.open_work(world.tenant, system("test")) as work:
        drinks = await catalog.add_category(work, Category(slug="drinks", name="drinks"))
        teas = await catalog.add_category(work, Category(slug="teas", name="teas", parent_id=drinks))
        for number in range(PRODUCTS):
            product = Product(
                slug=f"p{number}",
                name=f"item {number % 5}" if number else TEA,
                name_en=f"thing {9 - number % 5}" if number % 2 else None,
                description=TEA if number % 4 == 0 else "leaf",
                category_id=teas if number % 2 else drinks,
                images=[],
            )
            variants = [_variant(f"{number}-{size}", 100 * (number % 4 + 1) * size) for size in (1, 3)]
            await catalog.add_product(work, product, variants)
            world.variant_keys |= {variant.sku: variant.id for variant in variants}
    return world


@pytest.fixture(params=["zh", "en"])
async def work(request: pytest.FixtureRequest, application: Application, shop: World) -> AsyncIterator[Work]:
    """A reader of the brand in one of its languages."""
    opened = application.platform.open_work(shop.tenant, system("test"), language=request.param, read_only=True)
    async with opened as reading:
        yield reading


def _variant(sku: str, price: int) -> Variant:
    return Variant(sku=sku, name=sku, options=[], unit="PIECE", priced_per=1, price=price)


async def walk(work: Work, listing: Listing, size: int) -> list[ProductRow]:
    """Every product of a listing, page by page."""
    seen: list[ProductRow] = []
    while page := await catalog.page(work, listing, size):
        seen += page
        assert len(seen) <= PRODUCTS + 3, "the pages go round in a circle"
        listing = replace(listing, after=(catalog.sort_key(listing.sort, page[-1]), page[-1].id))
    return seen


ORDERS: dict[Sort, Callable[[ProductRow], tuple[object, ...]]] = {
    Sort.NEWEST: lambda row: (-row.id.int,),
    Sort.NAME: lambda row: (row.name, row.id),
    Sort.PRICE_LOW: lambda row: (row.lowest_price, row.id),
    Sort.PRICE_HIGH: lambda row: (-row.lowest_price, -row.id.int),
    Sort.RELEVANCE: lambda row: (-row.weight, -row.id.int),
}


@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("sort", BROWSING)
async def test_pages_of_any_size_show_every_product_once_and_in_order(work: Work, sort: Sort, size: int) -> None:
    seen = await walk(work, Listing(sort), size)
    assert len(seen) == len({row.id for row in seen}) == await catalog.count(work, Listing(sort)) == PRODUCTS + 3
    assert seen == sorted(seen, key=ORDERS[sort])


@pytest.mark.parametrize("size", [1, 4, 100])
async def test_a_search_shows_the_best_found_first(work: Work, size: int) -> None:
    listing = Listing(Sort.RELEVANCE, search=TEA)
    seen = await walk(work, listing, size)
    assert [row.weight for row in seen] == [8, 1, 1, 1, 1, 1]  # in its name, then in descriptions
    assert seen == sorted(seen, key=ORDERS[Sort.RELEVANCE])
    assert await catalog.count(work, listing) == 6


@pytest.mark.parametrize("sort", BROWSING)
async def test_a_search_can_be_sorted_otherwise(work: Work, sort: Sort) -> None:
    seen = await walk(work, Listing(sort, search=TEA), 2)
    assert len(seen) == 6
    assert seen == sorted(seen, key=ORDERS[sort])


@pytest.mark.parametrize(("words", "found"), [("tea leaf", 0), ("item leaf", 17), ("coffee", 0), ("!", 0)])
async def test_a_product_must_have_every_word_of_a_search(work: Work, words: str, found: int) -> None:
    assert await catalog.count(work, Listing(Sort.RELEVANCE, search=words)) == found


async def test_a_category_has_what_is_in_those_below_it(work: Work) -> None:
    keys = {row.slug: row.id for row in await catalog.categories(work)}
    slugs = {name: {row.slug for row in await walk(work, Listing(category_id=key), 5)} for name, key in keys.items()}
    assert slugs["teas"] == {f"p{n}" for n in range(PRODUCTS) if n % 2}
    assert slugs["drinks"] == {f"p{n}" for n in range(PRODUCTS)}
    assert slugs["food"] == {"milk", "apple", "bread"}
    assert await catalog.count(work, Listing(category_id=UUID(int=0))) == 0


@pytest.mark.parametrize(
    ("bounds", "multiples"),
    [
        (Listing(price_from=400, price_to=899), {2, 3, 4}),  # a product costs from 100 to 300 times its multiple
        (Listing(price_to=100), {1}),
        (Listing(price_to=99), set()),
        (Listing(price_from=1_000, price_to=1_200), {4}),
        (Listing(price_from=1_201, price_to=1_201), set()),
    ],
)
async def test_a_price_filter_finds_products_with_a_variant_about_that_price(
    work: Work, bounds: Listing, multiples: set[int]
) -> None:
    seen = [row for row in await walk(work, bounds, 5) if row.slug.startswith("p")]
    assert {row.slug for row in seen} == {f"p{n}" for n in range(PRODUCTS) if n % 4 + 1 in multiples}


async def test_only_what_a_store_has_on_its_shelf_is_in_stock_there(application: Application, shop: World) -> None:
    store = shop.store_keys["S3"]
    async with application.platform.open_work(shop.tenant, system("test")) as work:
        await inventory.correct(work, store, shop.variant_keys["7-3"], Correction("OPENING", delta=1))
        await inventory.correct(work, store, shop.variant_keys["8-1"], Correction("OPENING", delta=1))
        assert {row.slug for row in await walk(work, Listing(in_stock_at=store), 1)} == {"p7", "p8"}
        await inventory.correct(work, store, shop.variant_keys["8-1"], Correction("COUNT", counted=0))
        assert [row.slug for row in await walk(work, Listing(in_stock_at=store), 1)] == ["p7"]
