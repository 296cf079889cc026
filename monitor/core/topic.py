"""
What part of a platform a check looks at, so that diagnosis can choose the one that tells two causes apart.
"""

from enum import StrEnum


class Topic(StrEnum):
    """
    A part that is well when a check of it passes.
    """

    NETWORK = "network"
    API = "api"
    SESSION = "session"
    COLLECTION = "collection"
    SCHEMA = "schema"
    ACCESS = "access"
    SOCKET = "socket"
    EVENTS = "events"
    FUNCTION = "function"
    SITE = "site"
