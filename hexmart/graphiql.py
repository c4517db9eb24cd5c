"""GraphiQL for browsers, in development: strawberry's page, told which brand it speaks to and what to ask first."""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qs

import orjson
from strawberry.http.ides import get_graphql_ide_html

from hexmart.callers import Headers
from hexmart.replies import Replies, Reply

FIRST_QUERY = """\
# Headers, below, say which brand you ask;
# ?tenant= in the address does so too.
{
  brand { name currency plugins }
  products(first: 5) {
    nodes {
      name
      variants { name price { amount } }
    }
  }
}
"""

# The page takes its first query and headers from its own address: they are put there before it looks. A brand's own
# host name needs no header.
_PREPARE = """{
const asked = new URLSearchParams(location.search);
const brandless = /^(localhost|[0-9.]+|\\[.*\\])$/.test(location.hostname);
const tenant = asked.get("tenant") ?? (brandless ? %(tenant)s : null);
if (tenant !== null) asked.set("headers", JSON.stringify({"X-Tenant": tenant}, null, 2));
if (!asked.has("q")) asked.set("q", %(query)s);
history.replaceState(null, "", "?" + asked.toString().replaceAll("+", "%%20"));
}"""
_OUTSIDE = re.compile(r'(?:src|href)="(https://[^"]+)"')
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_NAMES_A_DOCUMENT = {"query", "documentId", "extensions"}


def is_asked_for(headers: Headers, query_string: bytes) -> bool:
    """Whether a person has opened the address in a browser, and no client asks for a trusted document."""
    if b"text/html" not in headers.get(b"accept", b""):
        return False
    return not _NAMES_A_DOCUMENT & parse_qs(query_string.decode("latin-1"), keep_blank_values=True).keys()


def page(tenant: str, replies: Replies) -> Reply:
    """The page; where its address names no brand, it speaks to this one."""
    prepare = _PREPARE % {"tenant": orjson.dumps(tenant).decode(), "query": orjson.dumps(FIRST_QUERY).decode()}
    html = get_graphql_ide_html("graphiql").replace("</head>", f"<script>{prepare}</script></head>", 1)
    return replies.page(html.encode(), _policy(html).encode())


def _policy(html: str) -> str:
    """What the page may load: its scripts and styles from unpkg.com, whose hashes it names, and nothing else."""
    outside = _OUTSIDE.findall(html)
    scripts = [*(url for url in outside if url.endswith(".js")), *_hashes(html)]
    styles = [url for url in outside if url.endswith(".css")]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}",
            f"style-src {' '.join(styles)} 'unsafe-inline'",  # GraphiQL writes style elements as it runs
            "font-src data:",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _hashes(html: str) -> Iterator[str]:
    for script in _INLINE.findall(html):
        yield f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
