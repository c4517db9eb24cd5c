"""When a plugin does not do its part, or is not asked to."""

from core.errors import DomainError, Fault


class PluginFailed(DomainError):
    """The plugin {plugin} could not do its part just now: try again in a moment."""

    retry_after = 5

    def __init__(self, *, plugin: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(plugin=plugin, path=path)
        self.plugin = plugin


class PluginDisabled(Fault):
    """{plugin} is not switched on here."""
