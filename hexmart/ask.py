"""Ask a running Hexmart: `python -m hexmart.ask '{ brand { name } }'`. Standard library only, so that it is quick.

The answer goes to the terminal; with -g PATH the value at that path alone goes to standard output, to be kept in a
shell variable. NAME=VALUE arguments are the document's variables.
"""

import argparse
import json
import os
import sys
import urllib.request
from typing import Any


def main() -> int:
    """Send one document; 0 if it was answered without errors and refusals."""
    asked = _arguments()
    answer = send(asked.url, asked.tenant, asked.document, dict(asked.variables), asked.token)
    print(json.dumps(answer, ensure_ascii=False, indent=2), file=sys.stderr if asked.get else sys.stdout)
    if answer.get("errors") or _refusals(answer.get("data")):
        return 1
    if asked.get:
        print(at(answer["data"], asked.get))
    return 0


def send(url: str, tenant: str, document: str, variables: dict[str, Any], token: str | None) -> dict[str, Any]:
    """The server's answer."""
    headers = {"Content-Type": "application/json", "X-Tenant": tenant}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"query": document, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, headers)  # noqa: S310 - the address is the user's own
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        answer: dict[str, Any] = json.load(response)
    return answer


def at(data: Any, path: str) -> Any:
    """The value at a dotted path; numbers count in lists."""
    for part in path.split("."):
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def _refusals(data: Any) -> bool:
    payloads = data.values() if isinstance(data, dict) else ()
    return any(isinstance(payload, dict) and payload.get("userErrors") for payload in payloads)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hexmart.ask", description="Ask a running Hexmart a question.")
    parser.add_argument("document", help="a GraphQL document")
    parser.add_argument("variables", nargs="*", metavar="NAME=VALUE", type=_pair, help="variables of the document")
    parser.add_argument("-g", "--get", metavar="PATH", help="print only what stands at this path of the data")
    parser.add_argument("-t", "--tenant", default="freshmart", help="the brand (freshmart)")
    parser.add_argument("-a", "--token", help="an access token")
    parser.add_argument("--url", default=os.environ.get("HEXMART_URL", "http://127.0.0.1:8000"), help="the server")
    return parser.parse_args()


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("say NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
