"""What a side gives for each slot of a call."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from core.ids import new_id
from hexmart.testing import Client
from hexmart.testing.streams import first_result
from tests.security.attack.answers import Answer
from tests.security.attack.cases import Case, Path, Slot, Unsourced
from tests.security.attack.sides import Side, Things
from tests.security.attack.sources import Cursor
from tests.security.attack.tables import MADE_UP, scene_of

FOLLOWED = "followed"  #: where there is nothing to tell yet
LETTERS = str.maketrans("0123456789abcdef", "ABCDEFGHJKMNPQRS")
NO_CURSOR = "WyIwMDAwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ"  #: for who may not see the list


async def send(client: Client, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The response to a request from a network address of its own: who fails often from one is refused for that."""
    address = ".".join(str(part) for part in (10, *secrets.token_bytes(3)))
    if document.startswith("subscription"):
        told = await first_result(client.application, client.headers, document, variables, address=address)
        return told or {"data": {document.split("{")[1].partition("(")[0].strip(): FOLLOWED}}
    transport = httpx.ASGITransport(app=client.application, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=client.headers) as http:
        answer = await http.post("/graphql", json={"query": document, "variables": variables})
    response: dict[str, Any] = answer.json()
    return response


async def things_for(side: Side, case: Case, caller: str, slots: Sequence[Slot]) -> dict[Path, Any]:
    """The side's own thing for each slot; made-up keys are new, unless the side has used one up for this call."""
    things = await side.things(scene_of(case.name, case.root), caller)
    return {slot.path: await _thing(side, case, caller, things, slot) for slot in slots}


async def _thing(side: Side, case: Case, caller: str, things: Things, slot: Slot) -> Any:
    if isinstance(slot.of, Cursor):
        return await _page_end(side, case, caller, things)
    if slot.is_key:
        new = new_id().hex[-20:]
        made_up = MADE_UP[slot.of.kind].format(mark=side.mark, new=new, letters=new.translate(LETTERS))
        return side.keys.get((case.name, caller)) or made_up
    if slot.of.kind not in things:
        raise Unsourced(f"{case.name} is given something of the kind {slot.of.kind!r}, which no scene makes")
    return things[slot.of.kind]


async def _page_end(side: Side, case: Case, caller: str, things: Things) -> str:
    """Where the first item ends of the list that the caller sees; looked up once, since reading may leave traces."""
    key = case.name, caller
    if key not in side.cursors:
        others = [slot for slot in (*case.slots, *case.below) if not isinstance(slot.of, Cursor)]
        given = {slot.path: await _thing(side, case, caller, things, slot) for slot in others}
        variables = case.variables(lambda path, _: given.get(path)) | {"first": 1}
        page = Answer(await send(side.callers[caller], case.document, variables), case.root, ())
        assert not page.faulty, f"{case.name} as {caller}: {page.response}"
        side.cursors[key] = page.value["pageInfo"]["endCursor"] if page.succeeded else NO_CURSOR
    return side.cursors[key]
