"""
Which web pages may call: those on hosts registered as platforms, whatever their port and scheme.
"""

from collections.abc import Container
from urllib.parse import urlsplit


def origin_problem(origin: str | None, platforms: Container[str]) -> str | None:
    """
    Return Appwrite's sentence for a page that may not call, None for one that may and for callers that are no page.
    """
    if not origin:
        return None
    host = urlsplit(origin).hostname or ""
    if host in platforms:
        return None
    return f"Invalid Origin. Register your new client ({host}) as a new Web platform on your project console dashboard"
