"""Why a request has no tenant to go to, or no document to run."""

from core.errors import DomainError, Fault


class TenantUnknown(Fault):
    """No brand answers to {name}."""


class TenantSuspended(Fault):
    """{name} is suspended: ask the platform's operator."""


class PersistedQueryNotFound(Fault):
    """PersistedQueryNotFound"""  # Apollo's clients look for this very word, and then send the whole document


class DocumentNotTrusted(Fault):
    """This brand answers only to documents that were registered with it."""


class DocumentChanged(Fault):
    """{id} is registered with another text: a document never changes under its id."""


class OriginNotListed(Fault):
    """{origin} is not among the origins of this brand's web shops."""


class PluginRequires(DomainError):
    """{plugin} requires {needs}: switch that on first."""


class PluginRequired(DomainError):
    """{plugin} is required by {others}: switch that off first."""
