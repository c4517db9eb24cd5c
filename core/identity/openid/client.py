"""authlib's OAuth client over httpx."""

import warnings

from authlib.deprecate import AuthlibDeprecationWarning  # this module has its warnings shown: it must come before ours

with warnings.catch_warnings():  # authlib would rather have httpx's successor, which nothing else here needs
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

__all__ = ["AsyncOAuth2Client"]
