"""Tokens that our own key has signed, and that do not say what ours say."""

from collections.abc import Iterator, Mapping
from uuid import uuid4

import orjson

from tests.security.tokens.forging import FAR, THIEF, Token
from tests.security.tokens.scene import Scene


def claims_missing(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
    for claim in ("iss", "aud", "sub", "sid", "kind", "iat", "exp", "jti"):
        yield claim, good.without(claim)


def times(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """When a token begins and ends, signed by our own key."""
    now = good.said["iat"]
    ends: list[object] = [str(now + 900), now + 900.0, now + 900.5, FAR, 2**63, -1, 0, None, True, [now + 900], {}]
    for exp in [*ends, now, now - 1, "", "9" * 30]:
        yield f"exp {exp!r:.20}", good.saying(exp=exp)
    for raw in (b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9e9", b"9999999999.0", b"9" * 400):
        yield f"exp {raw.decode():.20}, as JSON has it", _raw(good, "exp", raw)
    yield "a life of two days", good.saying(exp=now + 2 * 86_400)
    for iat in (now + 3_600, FAR, str(now), float(now), None, [now], True):
        yield f"iat {iat!r:.20}", good.saying(iat=iat, exp=now + 900)


def claims(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Claims of another type or meaning, signed by our own key."""
    slug, theirs = scene.client.slug, scene.other.tenant.slug
    ids = good.said["sub"], good.said["sid"]
    odd: dict[str, list[object]] = {
        "aud": [[slug], [slug, theirs], theirs, f"{slug} ", slug.upper(), "", "*", None, 1, {}, "platform"],
        "iss": ["Hexmart", "hexmart ", "https://thief.example", "", None, ["hexmart"], 1],
        "kind": ["system", "guest", "owner", "", "STAFF", "staff ", None, 1, ["staff"], {"staff": 1}],
        "sub": ["", "x", None, 1, [ids[0]], f"{ids[0]}x", "' OR '1'='1", str(uuid4())],
        "sid": ["", "x", None, 1, [ids[1]], {}],
    }
    for claim, values in odd.items():
        yield from ((f"{claim} {value!r:.60}", good.saying(**{claim: value})) for value in values)
    yield from ((name, good.saying(**more)) for name, more in _more_claims(good).items())


def _more_claims(good: Token) -> Mapping[str, Mapping[str, object]]:
    """Claims beside ours."""
    now = good.said["iat"]
    return {
        "not before tomorrow": {"nbf": now + 86_400},
        "not before yesterday": {"nbf": now - 86_400},
        "not before a text": {"nbf": "tomorrow"},
        "permissions of its own": {"permissions": ["*"]},
        "roles of its own": {"role": "owner"},
        "another tenant's": {"tenant": "platform", "tenant_id": 1},
        "a confirmation": {"cnf": {"jwk": THIEF.as_dict(private=False)}},
        "a name in Cyrillic": {"ехр": FAR},  # noqa: RUF001
        "a name in full width": {"ｋｉｎｄ": "staff"},  # noqa: RUF001
        "a scope that is a list": {"scope": ["orders.read"]},
        "acting for a text": {"act_for": "x"},
        "acting for a list": {"act_for": [good.said["sub"]]},
    }


def payloads(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """What is signed by our own key and is no claims of ours."""
    said = orjson.dumps(good.said)
    inner = str(good).encode()
    for name, raw in {
        "exp twice": said[:-1] + b',"exp":' + str(FAR).encode() + b"}",
        "exp twice, the good one last": b'{"exp":1,' + said[1:],
        "kind twice": b'{"kind":"system",' + said[1:],
        "kind twice, once escaped": said[:-1] + b',"k\\u0069nd":"staff"}',
        "a list of claims": b"[" + said + b"]",
        "a text": b'"' + inner + b'"',
        "a token in a token": inner,
        "a number": b"1",
        "null": b"null",
        "nothing": b"",
        "two objects": said + said,
        "UTF-16": said.decode().encode("utf-16"),
        "UTF-32": said.decode().encode("utf-32"),
        "a byte order mark": b"\xef\xbb\xbf" + said,
        "no UTF-8": said[:-1] + b',"name":"\xff"}',
        "cut off": said[:-1],
        "deep": b'{"exp":' + b"[" * 1_200 + b"]" * 1_200 + b"}",
    }.items():
        yield name, Token(good.header, raw, good.sign)
    yield "a token in a token, said so", Token({**good.head, "cty": "JWT"}, inner, good.sign)
    yield "of a member, as staff", scene.member.saying(kind="staff")
    yield "of a member, as an app", scene.member.saying(kind="app")
    yield "of staff, as an app", good.saying(kind="app")
    yield "of an app nobody knows, for a person", good.saying(kind="app", sub=str(uuid4()), act_for=good.said["sub"])


def _raw(good: Token, claim: str, value: bytes) -> Token:
    """A claim whose value JSON knows, or does not, and no library of ours would write."""
    said = orjson.dumps(good.saying(**{claim: "HERE"}).said).replace(b'"HERE"', value)
    return Token(good.header, said, good.sign)
