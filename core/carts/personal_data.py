"""What carts know of members."""

from core.personal import GONE_WITH_ITS_OWNER, STAYS, Outcome, PersonalData, moved

_OF_CART = "t.cart_id IN (SELECT c.id FROM cart c WHERE c.tenant_id = $1 AND c.member_id = $2)"
FORGET_OPEN = "DELETE FROM cart t WHERE t.tenant_id = $1 AND t.member_id = $2 AND t.order_id IS NULL"
FORGET_CONTACTS = """
UPDATE cart t SET address = NULL, contact = NULL WHERE t.tenant_id = $1 AND t.member_id = $2
"""

PERSONAL_DATA = [
    PersonalData(
        table="cart",
        holds="Carts, with where and to whom to deliver",
        merging=moved("cart"),
        erasing=Outcome(
            "Open ones are deleted, ordered ones kept without address and contact.", [FORGET_OPEN, FORGET_CONTACTS]
        ),
        sealed=("address", "contact"),
    ),
    PersonalData(
        table="cart_line",
        holds="What is in the carts",
        members=(),
        whose=_OF_CART,
        merging=STAYS,
        erasing=GONE_WITH_ITS_OWNER,
    ),
    PersonalData(
        table="cart_code",
        holds="Codes on the carts",
        members=(),
        whose=_OF_CART,
        merging=STAYS,
        erasing=GONE_WITH_ITS_OWNER,
    ),
]
