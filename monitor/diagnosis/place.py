"""
Which platform it is about: what remedies name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from monitor.core.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    The addresses and ids of one target; empty where nobody knows, as of a file that was saved elsewhere.
    """

    endpoint: str = ""
    project: str = ""
    database: str = ""
    site: str = ""

    @classmethod
    def of(cls, target: Target) -> Self:
        """
        Return those of *target*.
        """
        return cls(endpoint=target.endpoint, project=target.project, database=target.database, site=target.site or "")

    def values(self) -> Mapping[str, str]:
        """
        Return what fills the placeholders of a remedy; without what is not known.
        """
        named = {
            "endpoint": self.endpoint,
            "host": _host_of(self.endpoint),
            "project": self.project,
            "database": self.database,
            "site": self.site,
            "site_host": _host_of(self.site),
        }
        return {name: value for name, value in named.items() if value}


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        # A file that was saved elsewhere may hold anything.
        return ""
