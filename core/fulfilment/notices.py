"""What buyers are told of their orders."""

from core.notices import NoticeKind, Variable, Words

READY = "orders.ready"
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
]
