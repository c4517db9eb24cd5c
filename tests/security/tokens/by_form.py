"""Tokens under a signature that is not theirs, and good ones with something that does not belong to them."""

from collections.abc import Iterator
from uuid import uuid4

import orjson

from tests.security.tokens.forging import FAR, Token, decoded, encoded, signing
from tests.security.tokens.scene import Scene


def signatures(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Our header and claims under a signature that is not theirs."""
    text = str(good)
    body, _, signature = text.rpartition(".")
    raw = decoded(signature)
    for name, forged in {
        "empty": b"",
        "half": raw[:32],
        "a byte short": raw[:-1],
        "a byte more": raw + b"\x00",
        "twice": raw + raw,
        "all zero": bytes(64),
        "a bit flipped": bytes([raw[0] ^ 1]) + raw[1:],
        "the last bit flipped": raw[:-1] + bytes([raw[-1] ^ 1]),
        "halves swapped": raw[32:] + raw[:32],
        "reversed": raw[::-1],
        "of another token": decoded(str(good.saying(jti=str(uuid4()))).rpartition(".")[2]),
        "with the order added": raw[:32] + _plus_order(raw[32:]),
    }.items():
        yield name, f"{body}.{encoded(forged)}"
    spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = spare.index(text[-1])
    yield "the same bytes, written in another way", text[:-1] + spare[last + 1]
    for name, changed in {"kind": "member", "sub": str(uuid4()), "exp": FAR}.items():
        yield f"another {name} under it", f"{_body(good.saying(**{name: changed}))}.{signature}"
    theirs = scene.platform.vault(scene.other.tenant.id).token_key(1)
    yield "by another tenant's key", good.by(signing(theirs))
    nobodys = scene.platform.vault(scene.world.tenant.id + 10**6).token_key(1)
    yield "by the key of a tenant to come", good.by(signing(nobodys))


def shapes(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """A good token, and something that does not belong to it."""
    text = str(good)
    header, claims, signature = text.split(".")
    yield from {
        "cut off": text[:-10],
        "padded": f"{header}=.{claims}==.{signature}==",
        "padded at the end": f"{text}==",
        "a space in it": f"{header}. {claims}.{signature}",
        "a tab in it": f"{header}.{claims}\t.{signature}",
        "a quote around it": f'"{text}"',
        "a comma after it": f"{text},",
        "a semicolon after it": f"{text};",
        "two of them": f"{text} {text}",
        "two of them with a comma": f"{text}, {text}",
        "a part more": f"{text}.{signature}",
        "a part less": f"{header}.{claims}",
        "an empty part": f"{header}..{signature}",
        "parts swapped": f"{claims}.{header}.{signature}",
        "percent-encoded": text.replace(".", "%2E"),
        "plus and slash": f"{header}.{claims}.{signature[:-4]}+/+{signature[-1]}",
        "something ignored in it": f"{header}.{claims}.{signature[:40]}!{signature[40:]}",
        "upper case": text.upper(),
        "a token of a megabyte": f"{header}.{'A' * 1_000_000}.{signature}",
        "a megabyte after it": text + "A" * 1_000_000,
        "a megabyte of dots": "." * 1_000_000,
        "a hundred claims too many": str(good.saying(**{f"x{number}": "y" * 100 for number in range(100)})),
        "encrypted": ".".join((encoded(b'{"alg":"dir","enc":"A256GCM"}'), "", *[encoded(bytes(16))] * 3)),
        "as JSON": orjson.dumps({"protected": header, "payload": claims, "signature": signature}).decode(),
        "detached": f"{header}..{signature}",
        "garbage": "garbage",
        "dots": "a.b.c",
        "nothing": "",
        "null": "null",
        "undefined": "undefined",
    }.items()


def _body(token: Token) -> str:
    return str(token).rpartition(".")[0]


def _plus_order(scalar: bytes) -> bytes:
    """The same scalar modulo the group's order: what a verifier must not take for the same signature."""
    order = 2**252 + 27742317777372353535851937790883648493
    return ((int.from_bytes(scalar, "little") + order) % 2**256).to_bytes(32, "little")
