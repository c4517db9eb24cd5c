"""How often a process that serves looks for circles of garbage."""

import gc

#: a page of a list is a few thousand objects, and hardly one of them in a circle
_RARELY = (20_000, 10, 50)


def settle() -> None:
    """Once everything is imported: what is there now lives as long as the process, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
