"""What the attack gives for every argument and every field of an input: a thing of some kind, or a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock
from tests.schema.openid_visits import BACK
from tests.schema.shop import PEOPLES_SQUARE
from tests.security.attack.made_up import CODE

#: slots are shown for a week; by the hour, so that the same are shown whenever they are asked for
TOMORROW = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0).isoformat()


@dataclass(frozen=True, slots=True)
class Of:
    """Something that is somebody's: an id or a natural key of this kind, by which `things` know it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Omitted:
    """An argument that is never given, and why."""

    because: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the very list that is asked for ends."""


CURSOR = Cursor()
PASSWORD = "hexmart-demo"  #: of everybody in tests
ANOTHER = "violet otters hum"
NORTH = {"latitude": 31.2654, "longitude": 121.4737}  #: where some stores deliver, and the one of the carts does not
#: kinds of which every call has a new one, and how it looks; `{letters}` are no digits, so that it may be shown to all
MADE_UP: Mapping[str, str] = {
    "key": "{mark}-{new}",
    "till.reference": "{mark}-{new}",
    "role.new": "{mark}_{new}",
    "email.new": "{new}@new.example",
    "warehouse.new": "{mark}-{new}",
}
KEY, CART, ORDER, STORE, VARIANT, PHONE = map(Of, ("key", "cart", "order", "store", "variant", "member.phone"))

#: types that are nodes, and the kind of thing that is one
NODES: Mapping[str, Of] = {
    "Cart": Of("cart.short"),
    "Category": Of("category"),
    "Fulfilment": Of("fulfilment.delivered"),
    "Location": Of("warehouse"),
    "Member": Of("member"),
    "Order": Of("order.delivered"),
    "PartnerApp": Of("app"),
    "Product": Of("product"),
    "ProductVariant": VARIANT,
    "Region": Of("region"),
    "StaffUser": Of("staff"),
    "Store": STORE,
    "Transfer": Of("transfer"),
}
#: types that have ids and are no nodes: their ids name nothing by themselves
PARTS: Mapping[str, Of] = {
    "CartLine": Of("cart.line"),
    "OrderLine": Of("order.line"),
    "Payment": Of("payment"),
    "Refund": Of("refund"),
    "DeadLetter": Of("letter"),
}

SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.node": {"id": Of("node")},  # one call for each of NODES
    "Query.storesNear": {},
    "StoresNearInput": {"radiusMeters": 5_000, "fulfilment": "PICKUP", "first": 5},
    "GeoPointInput": PEOPLES_SQUARE,
    "ItemInput": {"variantId": VARIANT, "quantity": 1},
    "Query.stores": {"first": 5, "after": CURSOR},
    "StoreWhere": {"city": Of("city"), "regionId": Of("region"), "fulfilment": "PICKUP"},
    "Query.store": {"id": STORE, "code": Of("store.code")},
    "Query.products": {"first": 5, "after": CURSOR, "search": Of("word"), "sort": "NAME"},
    "ProductWhere": {"categoryId": Of("category"), "inStockAt": STORE, "priceFrom": 1, "priceTo": 1_000_000},
    "Query.product": {"id": Of("product"), "slug": Of("product.slug")},
    "Query.variant": {"id": VARIANT, "sku": Of("variant.sku"), "barcode": Of("variant.barcode")},
    "Query.cart": {"id": Of("cart.ordered")},
    "Query.priceExplain": {"cartId": CART, "orderId": ORDER},
    "Query.order": {"id": ORDER, "number": Of("order.number")},
    "Query.orders": {"first": 5, "after": CURSOR},
    "OrderWhere": {"storeId": STORE, "statuses": ["PAID", "ACCEPTED", "READY", "COMPLETED"]},
    "Query.members": {"first": 5, "after": CURSOR, "search": PHONE},
    "Query.staff": {"first": 5, "after": CURSOR, "search": Of("staff.email")},
    "Query.whyDenied": {"permission": "orders.read", "storeId": STORE, "staffId": Of("colleague")},
    "Query.auditLog": {"first": 5, "after": CURSOR},
    "AuditWhere": {
        "actorId": Of("owner"),
        "subjectId": Of("colleague"),
        "storeId": STORE,
        "actions": ["role.assigned", "role.withdrawn"],
        "since": "2020-01-01T00:00:00Z",
        "until": "2990-01-01T00:00:00Z",
    },
    "Query.slots": {
        "storeId": STORE,
        "fulfilment": "PICKUP",
        "from": TOMORROW,
        "first": 5,
    },
    "Query.rules": {"storeId": STORE},
    "Query.ruleHistory": {
        "key": (fee := "pricing.delivery_fee"),
        "storeId": STORE,
        "first": 5,
        "after": Omitted("it is a number, the same in every brand"),
    },
    "RulePreviewInput": {
        "key": fee,
        "value": 500,
        "storeId": STORE,
        "regionId": (region := Of("region")),
        "cartId": CART,
    },
    "RuleSetInput": {
        "key": fee,
        "value": 600,
        "storeId": STORE,
        "regionId": region,
        "effectiveFrom": "2990-01-01T00:00:00Z",
        "reason": "fuel",
    },
    "RuleRollbackInput": {"key": fee, "version": 1, "reason": "fuel"},
    "Query.deadLetters": {"first": 5, "after": CURSOR},
    "DeadLetterWhere": {"plugin": Of("word"), "subscriber": Of("word"), "event": Of("word")},
    "DeadLetterReplayInput": {"ids": [Of("letter")]},
    "GeoPoint.cell": {"resolution": 9},
    "Member.orders": {"first": 5, "after": Of("member.orders.cursor")},
    "ProductVariant.price": {"storeId": STORE},
    "ProductVariant.listPrice": {"storeId": STORE},
    "ProductVariant.stock": {"storeId": STORE},
    "ProductVariant.placement": {"storeId": STORE},
    "ProductVariant.nearbyStock": {"first": 2},
    "CartCreateInput": {"storeId": STORE, "fulfilment": "PICKUP"},
    "CartLineAddInput": {"cartId": CART, "variantId": VARIANT, "quantity": 1},
    "CartScanInput": {"cartId": CART, "storeId": STORE, "barcode": Of("variant.barcode"), "quantity": 1},
    "CartLineUpdateInput": {"cartId": CART, "lineId": Of("cart.line"), "quantity": 2},
    "CartFulfilmentSetInput": {
        "cartId": CART,
        "fulfilment": "DELIVERY",
        "storeId": STORE,
        "slotStart": "2990-01-05T10:00:00+08:00",
    },
    "AddressInput": {"recipient": "王芳", "phone": PHONE, "line": "人民大道200号", "city": "上海"},
    "ContactInput": {"name": "小王", "phone": PHONE},
    "CartClaimInput": {"cartId": CART},
    "CartCodeInput": {"cartId": CART, "code": CODE},
    "OrderPlaceInput": {
        "cartId": CART,
        "cartVersion": Of("cart.version"),
        "note": "fast",
        "acceptTransfer": False,
        "acceptSplit": False,
        "acceptOtherStore": False,
        "idempotencyKey": KEY,
    },
    "OrderCancelInput": {"orderId": ORDER, "reason": "too late", "idempotencyKey": KEY},
    "OrderActionInput": {"orderId": ORDER, "fulfilmentId": Of("fulfilment"), "note": "done"},
    "OrderDispatchInput": {"orderId": ORDER, "fulfilmentId": Of("fulfilment"), "provider": "mule"},
    "OrderVerifyInput": {"code": Of("order.code"), "storeId": STORE},
    "VerifyInput": {"code": Of("order.code"), "storeId": STORE, "spend": "50"},
    "Order.pickupQr": {"format": "PNG"},
    "PaymentStartInput": {
        "orderId": ORDER,
        "provider": "sandbox",
        "details": {"code": "a"},
        "amount": Omitted("it is for brands that take parts"),
        "idempotencyKey": KEY,
    },
    "RefundCreateInput": {
        "orderId": ORDER,
        "amount": "0.01",
        "reason": "broken",
        "restock": True,
        "idempotencyKey": KEY,
    },
    "RefundRetryInput": {"refundId": Of("refund.failed")},
    "RefundLineInput": {"orderLineId": Of("order.line"), "quantity": 1},
    "StockAdjustInput": {
        "locationId": Of("location"),
        "variantId": VARIANT,
        "delta": 1,
        "reason": "found",
        "countedTo": 500,
        "expectedOnHand": Omitted("it is a number of the shelf's, which every call changes"),
        "idempotencyKey": KEY,
    },
    "MemberOtpRequestInput": {"phone": PHONE},
    "MemberSignInInput": {"phone": Of("phone.with_code"), "code": "000000", "invitationCode": "x"},
    "StaffSignInInput": {"email": Of("staff.email"), "password": PASSWORD, "totpCode": "123456"},
    "TokenRefreshInput": {"refreshToken": Of("token.refresh")},
    "TenantCreateInput": {
        "slug": "a-new-brand",
        "name": "New",
        "currency": "CNY",
        "timeZone": "Asia/Shanghai",
        "locale": "zh-CN",
        "plan": "standard",
        "ownerEmail": "owner@new.example",
    },
    "TenantSuspendInput": {"slug": Of("brand.slug"), "reason": "unpaid"},
    "TenantPlanSetInput": {"slug": Of("brand.slug"), "plan": "free"},
    "IdentityProviderSetInput": {
        "name": Of("provider.other"),
        "issuer": "https://login.example",
        "clientId": "hexmart",
        "clientSecret": "a secret between the two",
    },
    "IdentityProviderRemoveInput": {"name": Of("provider.unused")},
    "StaffOpenIdStartInput": {"provider": Of("provider"), "redirectUri": BACK},
    "StaffOpenIdFinishInput": {
        "state": Of("openid.state"),
        "code": Of("openid.code"),
        "iss": Of("openid.issuer"),
        "totpCode": "123456",
    },
    "BrandOriginsSetInput": {"origins": [Of("origin")]},
    "PluginEnableInput": {"name": "sandbox", "settings": {}},
    "PluginDisableInput": {"name": "nothing"},  # without a payment provider nothing that follows could be paid
    "AppCreateInput": {
        "name": "App",
        "scopes": ["orders.read"],
        "redirectUris": ["https://app.example/back"],
        "confidential": True,
    },
    "AppUpdateInput": {
        "id": (app := Of("app.other")),
        "name": "App",
        "scopes": ["orders.read"],
        "redirectUris": ["https://app.example/back"],
    },
    "AppSecretRotateInput": {"id": app},
    "AppActivateInput": {"id": app},
    "AppDeactivateInput": {"id": app},
    "StaffInviteInput": {"email": Of("email.new"), "name": "Somebody"},
    "StaffUpdateInput": {"staffId": (somebody := Of("staff.other")), "name": "Somebody"},
    "StaffActionInput": {"staffId": somebody},
    "StaffInvitationAcceptInput": {"token": Of("token.invitation"), "password": ANOTHER, "name": "Somebody"},
    "StaffPasswordResetRequestInput": {"email": Of("staff.email")},
    "StaffPasswordResetInput": {"token": Of("token.reset"), "password": ANOTHER},
    "StaffPasswordChangeInput": {"currentPassword": PASSWORD, "newPassword": ANOTHER},
    "StaffTotpConfirmInput": {"code": (code := Of("totp.code"))},
    "StaffTotpDisableInput": {"code": code},
    "RoleCreateInput": {"name": Of("role.new"), "label": "Role", "permissions": ["orders.read"]},
    "RoleUpdateInput": {"name": (role := Of("role.unused")), "label": "Role", "permissions": ["orders.read"]},
    "RoleDeleteInput": {"name": role},
    "RoleAssignInput": (
        places := {
            "staffId": somebody,
            "role": Of("role.other"),
            "storeIds": [STORE],
            "regionIds": [Of("region")],
            "everywhere": True,
        }
    ),
    "RoleWithdrawInput": places,
}

#: arguments that exclude each other: a call is made with each of them
ALTERNATIVES: Mapping[str, tuple[str, ...]] = {
    "Query.store": ("id", "code"),
    "Query.products": ("search", "sort"),
    "Query.product": ("id", "slug"),
    "Query.variant": ("id", "sku", "barcode"),
    "Query.order": ("id", "number"),
    "Query.priceExplain": ("cartId", "orderId"),
    "Query.members": ("after", "search"),
    "Query.staff": ("after", "search"),
    "AuditWhere": ("actorId", "subjectId", "storeId"),
    "RoleAssignInput": ("storeIds", "regionIds", "everywhere"),
    "RoleWithdrawInput": ("storeIds", "regionIds", "everywhere"),
    "RulePreviewInput": ("storeId", "regionId"),
    "RuleSetInput": ("storeId", "regionId"),
    "RefundCreateInput": ("lines", "amount"),
    "StockAdjustInput": ("delta", "countedTo"),
}

#: further calls, with other plain values: what they are refused for or remarked on shows more than their success
VARIATIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "whyDenied": {"by region": {"permission": "stock.read"}, "elsewhere": {"permission": "members.read"}},
    "cartLineAdd": {"too much": {"input": {"quantity": 100_000}}},
    "cartScan": {"too much": {"input": {"quantity": 100_000}}},
    "cartFulfilmentSet": {"too far": {"input": {"address": {"location": NORTH}}}},
    "orderAccept": {"again": {}},
    "memberOtpRequest": {"no phone": {"input": {"phone": "1"}}},
    "staffPasswordResetRequest": {"no address": {"input": {"email": "1"}}},
    "staffTotpEnrol": {"again": {}},
    "brandOriginsSet": {"no origin": {"input": {"origins": ["1"]}}},
}
