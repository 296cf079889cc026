"""
Which web pages may call: those on hosts registered as platforms, whatever their port and scheme.
"""

from collections.abc import Container
from urllib.parse import SplitResult, urlsplit

# What a console calls the platforms of the schemes that pages have.
_PLATFORMS = {
    "http": "Web",
    "https": "Web",
    "chrome-extension": "Web (Chrome Extension)",
    "moz-extension": "Web (Firefox Extension)",
    "safari-web-extension": "Web (Safari Extension)",
    "ms-browser-extension": "Web (Edge Extension)",
    "tauri": "Web (Tauri)",
}


def origin_problem(origin: str | None, platforms: Container[str]) -> str | None:
    """
    Return Appwrite's sentence for a page that may not call, None for one that may and for callers that are no page.
    """
    if not origin:
        return None
    parts = _split(origin)
    host = (parts and parts.hostname) or ""
    if parts is None or not (host or parts.scheme):
        return "Invalid Origin."
    platform = _PLATFORMS.get(parts.scheme)
    if platform is None:
        return (
            f"Invalid Scheme. The scheme used ({parts.scheme}) in the Origin ({origin}) is not supported. If you are"
            " using a custom scheme, please change it to `appwrite-callback-<PROJECT_ID>`"
        )
    if host in platforms:
        return None
    return (
        f"Invalid Origin. Register your new client ({host}) as a new {platform} platform"
        " on your project console dashboard"
    )


def same_site(origin: str | None, host: str) -> bool:
    """
    Return whether a page of *origin* belongs to the site at *host*, so that its cookies reach it.
    """
    page, site = _split(origin or ""), _split(f"//{host}")
    if page is None or site is None or not page.hostname:
        return False
    return _registrable(page.hostname) == _registrable(site.hostname or "")


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _registrable(host: str) -> str:
    labels = host.split(".")
    # Of an address of numbers all counts, of a name what its owner registered.
    return host if ":" in host or labels[-1].isdigit() else ".".join(labels[-2:])
