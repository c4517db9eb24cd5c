"""Tokens that are not ours, or do not say what ours say: each made of one that is good."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from uuid import uuid4

import orjson
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.security.tokens.forging import Token, decoded, encoded, signing
from tests.security.tokens.scene import Scene

Forgery: TypeAlias = tuple[str, str]  #: what it is, and the token
THIEF = OKPKey.generate_key("Ed25519")
RSA = RSAKey.generate_key(2048)
FAR = 10**12  #: seconds, some thirty thousand years
NO_KEYS: tuple[object, ...] = (
    *("", " 1", "1 ", "01", "+1", "1.0", "0x1", "１", "-1", "one", "null", "*", "1\x00"),  # noqa: RUF001
    *(1, 1.0, True, None, [], ["1"], {}, {"1": "1"}),
    *("../../../../dev/null", "/proc/self/environ", "1' OR '1'='1", "1; DROP TABLE", "$(id)", "x" * 1_000),
    *("https://thief.example/key", "file:///etc/passwd", "${jndi:ldap://thief.example}"),
)


def forgeries(scene: Scene) -> Iterator[Forgery]:
    """Every forgery; each name stands once."""
    good = scene.staff
    for make in (_algorithms, _headers, _kids, _claims_missing, _times, _claims, _payloads, _signatures, _shapes):
        yield from ((f"{make.__name__.strip('_')}: {name}", str(token)) for name, token in make(scene, good))


def _algorithms(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Other algorithms than ours, with the right key misused, or with a key of one's own."""
    unsigned = good.by(lambda _: b"")
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield f"unsigned, alg {name!r}", unsigned.headed(alg=name)
    key = scene.vault.token_key(1)
    jwk = key.as_dict(private=False)
    public = {"raw": decoded(str(jwk["x"])), "PEM": key.as_pem(private=False), "JWK": orjson.dumps(jwk)}
    for form, secret in public.items():
        for alg, digest in (("HS256", hashlib.sha256), ("HS512", hashlib.sha512)):
            yield f"{alg}, secret: the public key as {form}", good.by(_hmac(secret, digest), alg=alg)
    yield "HS256, our algorithm said", good.by(_hmac(public["raw"], hashlib.sha256))
    yield "EdDSA by our key", good.headed(alg="EdDSA")
    yield "our algorithm, another's key", good.by(signing(THIEF))
    yield "Ed448, a key of one's own", _by_joserfc(good, "Ed448", OKPKey.generate_key("Ed448"))
    for alg, name in (("ES256", "P-256"), ("ES384", "P-384"), ("ES512", "P-521")):
        yield f"{alg}, a key of one's own", _by_joserfc(good, alg, ECKey.generate_key(name))
    for alg in ("RS256", "PS256"):
        yield f"{alg}, a key of one's own", _by_joserfc(good, alg, RSA)
    rsa = RSA.get_op_key("sign")
    yield "RSA, our algorithm said", good.by(lambda said: rsa.sign(said, padding.PKCS1v15(), SHA256()))
    for odd in (["Ed25519"], 1, None, {"alg": "Ed25519"}, "ed25519", "Ed25519 "):
        yield f"alg {odd!r}", good.headed(alg=odd)
    yield "no alg", good.headless("alg")


def _headers(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Whatever a header may ask for, signed by a thief's key, and by ours."""
    theirs = THIEF.as_dict(private=False)
    asked: dict[str, object] = {
        "jwk": theirs,
        "jku": "https://thief.example/jwks.json",
        "x5u": "https://thief.example/key.pem",
        "x5c": ["MIIB"],
        "x5t": "thief",
        "b64": False,
        "cty": "JWT",
        "zip": "DEF",
        "enc": "A256GCM",
        "url": "http://localhost/",
        "nonce": "1",
    }
    for name, value in asked.items():
        yield f"{name} of a thief", good.by(signing(THIEF), **{name: value})
        yield f"{name}, our key", good.headed(**{name: value})
    yield "b64 false, critical", good.headed(b64=False, crit=["b64"])
    for crit in (["hexmart"], ["exp"], [], "b64", ["kid"]):
        yield f"crit {crit}", good.headed(crit=crit)
    for typ in ("at+jwt", "JWE", "jwt", "", None, 1):
        yield f"typ {typ!r}", good.headed(typ=typ)
    yield "no typ", good.headless("typ")
    for name, raw in {
        "twice alg": b'{"typ":"JWT","alg":"none","alg":"Ed25519","kid":"1"}',
        "twice kid": b'{"typ":"JWT","alg":"Ed25519","kid":"2","kid":"1"}',
        "another order": b'{"kid":"1","alg":"Ed25519","typ":"JWT"}',
        "with spaces": b'{"typ": "JWT", "alg": "Ed25519", "kid": "1"}',
        "escaped": b'{"typ":"JWT","\\u0061lg":"Ed25519","kid":"1"}',
        "no JSON": b"typ=JWT",
        "a list": b'["Ed25519"]',
        "a number": b"1",
        "null": b"null",
        "empty": b"{}",
        "deep": b"[" * 500 + b"]" * 500,
        "no UTF-8": b'{"typ":"JWT","alg":"Ed25519","kid":"\xff"}',
    }.items():
        yield f"header {name}", Token(raw, good.claims, good.sign)


def _kids(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Names of keys that are none, or not good now; signed by the key they might mean."""
    yield "no kid", good.headless("kid")
    for kid in NO_KEYS:
        yield f"kid {kid!r:.40}", good.headed(kid=kid)
        yield f"kid {kid!r:.40} of a thief", good.by(signing(THIEF), kid=kid)
    for generation in (0, 2, 3, 2**31, 10**30):
        yield f"generation {generation}", good.by(signing(scene.vault.token_key(generation)), kid=str(generation))
    yield "the next generation's key, ours said", good.by(signing(scene.vault.token_key(2)))


def _claims_missing(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
    for claim in ("iss", "aud", "sub", "sid", "kind", "iat", "exp", "jti"):
        yield claim, good.without(claim)


def _times(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def _claims(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def _payloads(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def _signatures(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def _shapes(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def _hmac(secret: bytes, digest: Any) -> Callable[[bytes], bytes]:
    return lambda said: hmac.digest(secret, said, digest)


def _by_joserfc(good: Token, alg: str, key: Any) -> str:
    return jws.serialize_compact({**good.head, "alg": alg}, orjson.dumps(good.said), key, algorithms=[alg])


def _raw(good: Token, claim: str, value: bytes) -> Token:
    """A claim whose value JSON knows, or does not, and no library of ours would write."""
    said = orjson.dumps(good.saying(**{claim: "HERE"}).said).replace(b'"HERE"', value)
    return Token(good.header, said, good.sign)


def _plus_order(scalar: bytes) -> bytes:
    """The same scalar modulo the group's order: what a verifier must not take for the same signature."""
    order = 2**252 + 27742317777372353535851937790883648493
    return ((int.from_bytes(scalar, "little") + order) % 2**256).to_bytes(32, "little")
