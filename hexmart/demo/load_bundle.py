"""A bundle: three things of the brand's, together for less."""

from core import catalog
from core.catalog.models import Product, Variant
from core.work import Work
from hexmart.demo.profiles import Profile

SKU = "BOX-1"
PERCENT = 90  #: of what its parts cost
NUMBER = 599_999  #: the last of the brand's own barcodes

# One of each product, in a brand of any size.
PARTS = """
SELECT DISTINCT ON (product_id) id, price FROM variant
WHERE tenant_id = $1 AND unit = 'PIECE' AND NOT bundle ORDER BY product_id, position LIMIT 3
"""


async def add_bundle(work: Work, who: Profile) -> None:
    """Sell it, unless the brand does already."""
    if await catalog.variant_by_sku(work, SKU) is not None:
        return
    parts = await work.fetch(PARTS)
    if len(parts) < 2:
        return
    price = sum(part["price"] for part in parts) * PERCENT // 100 // 10 * 10
    names = {"name": "尝鲜礼盒", "name_en": "Tasting Box"}
    description, in_english = "三样好物合成一盒。", "Three of our favourites, together for less."
    product = Product(slug="tasting-box", **names, description=description, description_en=in_english, images=[])
    barcode = str(who.barcodes + NUMBER)
    barcode += catalog.check_digit(barcode)
    box = Variant(sku=SKU, barcode=barcode, **names, options=[], unit="PIECE", priced_per=1, price=price)
    await catalog.add_product(work, product, [box])
    await work.session.flush()  # components refer to it
    await catalog.set_bundle(work, box.id, [(part["id"], 1) for part in parts])
