"""Tokens that are not ours, or do not say what ours say: each made of one that is good."""

from collections.abc import Iterator

from tests.security.tokens.by_claims import claims, claims_missing, payloads, times
from tests.security.tokens.by_form import shapes, signatures
from tests.security.tokens.by_header import algorithms, headers, kids
from tests.security.tokens.scene import Scene

KINDS = (algorithms, headers, kids, claims_missing, times, claims, payloads, signatures, shapes)


def forgeries(scene: Scene) -> Iterator[tuple[str, str]]:
    """What each is, and the token; each name stands once."""
    for make in KINDS:
        yield from ((f"{make.__name__}: {name}", str(token)) for name, token in make(scene, scene.staff))
