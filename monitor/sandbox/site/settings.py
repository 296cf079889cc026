"""
What the booking site is deployed with: the pages do what it says, and prove nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Settings:
    """
    The site's ``settings.json``, to which each page fault that is on adds what is wrong; no secret is among it.

    The therapists' dashboard has a configuration of its own, and the chat names its project itself: so it was in the
    first user's site. *quirks* is what the pages are to do wrong, by name, with parameters.
    """

    endpoint: str
    project: str
    chat_project: str
    database: str
    team: str
    chat_function: str
    collections: dict[str, str]
    dashboard_collections: dict[str, str]
    quirks: dict[str, Mapping[str, object]] = field(default_factory=dict)
