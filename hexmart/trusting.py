"""Which document a client means: one that it wrote out, or one that the brand's clients have registered."""

from hashlib import sha256

from hexmart.requests import Asked
from schema.context import Info
from tenants import documents
from tenants.errors import DocumentNotTrusted, PersistedQueryNotFound


async def document_of(asked: Asked, info: Info) -> str:
    """The document; what reaches the engine is counted there, and what does not, here."""
    try:
        return await _document(asked, info)
    except (PersistedQueryNotFound, DocumentNotTrusted):
        await info.platform.throttle.admit(info.tenant, info.viewer, requests=1, cost=1)
        raise


async def _document(asked: Asked, info: Info) -> str:
    if asked.document is None:
        trusted = await documents.read(info.platform, info.tenant, asked.document_id or "")
        if trusted is None:
            raise PersistedQueryNotFound
        return trusted
    if info.tenant.trusted_only:
        document_id = asked.document_id or sha256(asked.document.encode()).hexdigest()
        if await documents.read(info.platform, info.tenant, document_id) != asked.document:
            raise DocumentNotTrusted
    return asked.document
