"""What buyers are told of their orders."""

from core.notices import NoticeKind, Variable, Words

READY = "orders.ready"
DISPATCHED = "orders.dispatched"
_BRAND = Variable("brand", "The brand's short name.", "freshmart")
_STORE = Variable("store", "The store's name.", "Hexmart People's Square")
_NUMBER = Variable("number", "The order's number.", "P-7Q2M")

KINDS = [
    NoticeKind(
        code=READY,
        description="An order can be collected.",
        variables=(_BRAND, _STORE, _NUMBER, Variable("code", "What is shown when collecting.", "1234 5678")),
        words={
            "en": Words("Ready to collect", "Order {number} is ready at {store}. Show this code: {code}"),
            "zh": Words("可以取货了", "订单 {number} 已在 {store} 备好，取货码：{code}"),
        },
    ),
    NoticeKind(
        code=DISPATCHED,
        description="An order is on its way.",
        variables=(_BRAND, _STORE, _NUMBER),
        words={
            "en": Words("On its way", "Order {number} has left {store} and is on its way to you."),
            "zh": Words("正在配送", "订单 {number} 已从 {store} 发出，正在配送途中。"),
        },
    ),
]
