import math
import re
import time
from collections import Counter
from itertools import pairwise

import phonenumbers
import pytest

from core.access import ROLES
from core.catalog import CatalogRules, ScaleLabel, scale_label
from hexmart.demo import brands, people, stock
from hexmart.demo.catalogue import products
from hexmart.demo.cities import cities
from hexmart.demo.seeds import BrandSeed, CategorySeed, ProductSeed, StoreSeed, VariantSeed
from hexmart.demo.stores import ALWAYS, brand_stores

THREE = tuple(brands.brands())
BY_NAME = {city.name: city for city in cities()}
each_brand = pytest.mark.parametrize("brand", THREE, ids=brands.BRANDS)


def _all_variants(products: tuple[ProductSeed, ...]) -> list[VariantSeed]:
    return [variant for product in products for variant in product.variants]


def _kilometres(store: StoreSeed) -> float:
    centre = BY_NAME[store.city].places[0]
    east = (store.longitude - centre.longitude) * math.cos(math.radians(centre.latitude))
    return math.hypot(store.latitude - centre.latitude, east) * 111.32


def test_there_are_enough_cities_and_the_large_come_first() -> None:
    assert len(cities()) >= 60
    assert sum(city.is_large for city in cities()) >= 12
    assert [city.tier for city in cities()] == sorted(city.tier for city in cities())
    assert len({city.code for city in cities()}) == len({city.name for city in cities()}) == len(cities())
    assert all(len({place.road for place in city.places}) == len(city.places) for city in cities())


def test_three_brands_have_what_a_demo_needs() -> None:
    assert tuple(brand.slug for brand in THREE) == brands.BRANDS == ("freshmart", "lumi", "kaffa")
    assert sum(len(brand.stores) for brand in THREE) >= 210
    assert len({store.city for brand in THREE for store in brand.stores}) >= 50
    assert sum(len(brand.products) for brand in THREE) >= 1000


def test_everything_is_the_same_every_time_and_differs_by_seed() -> None:
    assert tuple(brands.brands(5)) == tuple(brands.brands(5))
    assert brands.brand("kaffa", seed=2) != brands.brand("kaffa", seed=3)


@each_brand
def test_fewer_are_the_beginning_of_more(brand: BrandSeed) -> None:
    fewer = brands.brand(brand.slug, stores=7, products=7)
    assert brand.stores[:7] == fewer.stores
    assert brand.products[:7] == fewer.products


@each_brand
def test_stores_are_told_apart_and_lie_in_their_city(brand: BrandSeed) -> None:
    for field in ("code", "name", "name_en"):
        assert len({getattr(store, field) for store in brand.stores}) == len(brand.stores)
    for store in brand.stores:
        assert 18 < store.latitude < 54
        assert 73 < store.longitude < 135
        assert _kilometres(store) < 40
        assert store.address.startswith(BY_NAME[store.city].prefix)
        assert phonenumbers.is_valid_number(phonenumbers.parse(store.phone, "CN"))


@each_brand
def test_hours_are_in_order_and_deliveries_have_a_radius(brand: BrandSeed) -> None:
    for store in brand.stores:
        assert {day for day, _, _ in store.hours} == set(range(1, 8))
        assert list(store.hours) == sorted(store.hours)
        assert all(re.fullmatch(r"\d\d:\d\d", text) for _, *times in store.hours for text in times)
        assert all(opens < closes <= "24:00" for _, opens, closes in store.hours)
        assert all(one[0] < two[0] or one[2] < two[1] for one, two in pairwise(store.hours))
        assert ("DELIVERY" in store.fulfilments) == (store.delivery_radius_meters > 0)
        assert set(store.fulfilments) <= {"DELIVERY", "PICKUP", "IN_STORE", "SCAN_AND_GO"}


@each_brand
def test_in_each_large_city_a_store_never_closes(brand: BrandSeed) -> None:
    never = {store.city for store in brand.stores if store.hours == ALWAYS}
    assert never >= {city.name for city in cities() if city.is_large}


def test_brands_keep_different_hours() -> None:
    common = [Counter(store.hours for store in brand.stores if store.hours != ALWAYS).most_common(1) for brand in THREE]
    assert len({hours for [(hours, _)] in common}) == 3


def test_ten_thousand_stores_are_quickly_spread_over_all_cities() -> None:
    start = time.process_time()
    stores = brand_stores("freshmart", 10_000, seed=1)
    assert time.process_time() - start < 2
    assert len({store.code for store in stores}) == len({store.name for store in stores}) == 10_000
    assert {store.city for store in stores} == set(BY_NAME)
    assert max(map(_kilometres, stores)) < 40


def _assert_parents_come_first(categories: tuple[CategorySeed, ...]) -> None:
    seen: set[str | None] = {None}
    for category in categories:
        assert category.parent in seen
        seen.add(category.slug)
    assert len(seen) == len(categories) + 1


@each_brand
def test_products_are_told_apart_and_stand_on_a_shelf(brand: BrandSeed) -> None:
    _assert_parents_come_first(brand.categories)
    shelves = {category.slug for category in brand.categories}
    for field in ("slug", "name", "name_en"):
        assert len({getattr(product, field) for product in brand.products}) == len(brand.products)
    for product in brand.products:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", product.slug)
        assert product.category in shelves
        assert product.images == (f"/media/{product.slug}.jpg",)
        assert len({variant.options for variant in product.variants}) == len(product.variants) > 0


@each_brand
def test_prices_are_positive_and_once_were_higher(brand: BrandSeed) -> None:
    for variant in _all_variants(brand.products):
        assert variant.price > 0
        assert variant.list_price is None or variant.list_price > variant.price
        assert (variant.unit == "PIECE") == (variant.priced_per == 1)


def test_groceries_are_also_weighed_and_poured() -> None:
    units = {(variant.unit, variant.priced_per) for variant in _all_variants(THREE[0].products)}
    assert units == {("PIECE", 1), ("GRAM", 500), ("MILLILITRE", 500)}


def test_barcodes_are_ean_13_and_skus_of_one_brand_only() -> None:
    variants = [variant for brand in brands.brands(7) for variant in _all_variants(brand.products)]
    makers = [variant.barcode for variant in variants if variant.unit != "GRAM"]
    assert len({variant.sku for variant in variants}) == len(variants)
    assert len(set(makers)) == len(makers)
    assert {barcode[:2] for barcode in makers} == {"69"}
    for variant in variants:
        digits = [int(digit) for digit in variant.barcode]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_what_is_weighed_is_filed_under_what_scales_print() -> None:
    weighed = [variant for variant in _all_variants(THREE[0].products) if variant.unit == "GRAM"]
    assert len({variant.barcode for variant in weighed}) == len(weighed) > 0
    for variant in weighed:
        label = scale_label(variant.barcode, CatalogRules())
        assert label == ScaleLabel(variant.barcode, 0, priced=False)


def test_a_catalogue_may_be_repeated_in_editions() -> None:
    many = products("brand-0004", 5_000, seed=1)
    for field in ("slug", "name", "name_en"):
        assert len({getattr(product, field) for product in many}) == 5_000
    variants = _all_variants(many)
    assert len({variant.barcode for variant in variants}) == len({variant.sku for variant in variants}) == len(variants)


def test_further_brands_are_small_and_have_names_of_their_own() -> None:
    further = list(brands.brands(70))[3:]
    assert further[0].slug == "brand-0004"
    assert len({brand.name for brand in further}) == len(further)
    assert all(0 < len(brand.stores) < 10 and 0 < len(brand.products) < 100 for brand in further)


def test_stock_is_steady_with_some_sold_out() -> None:
    pieces = [stock.quantity(f"FM-SHA-{n // 100:03d}", f"FM-{n % 100:05d}-01", "PIECE", 1) for n in range(20_000)]
    grams = [stock.quantity("FM-SHA-001", f"FM-{n:05d}-01", "GRAM", 1) for n in range(1_000)]
    assert 0.05 < pieces.count(0) / len(pieces) < 0.07
    assert {min(filter(None, pieces)), max(pieces)} == {5, 120}
    assert min(filter(None, grams)) >= 3000
    assert stock.quantity("FM-SHA-001", "FM-00001-01", "PIECE", 1) == pieces[101]
    assert re.fullmatch(r"[A-H][1-9]-(0[1-9]|1[0-2])", stock.placement("FM-SHA-001", "FM-00001-01"))


def test_people_have_roles_phones_and_names() -> None:
    assert {one.role for one in people.staff("lumi")} == set(ROLES)
    assert people.staff("freshmart")[0].email == "owner@freshmart.example"
    members = people.members(1_000)
    assert members[0].phone == "13800000001"
    assert len({member.phone for member in members}) == len({member.name for member in members}) == 1_000
