"""
Where a request can be refused or answered differently for a reason that lies outside of what is stored.
"""

from aiohttp import web

from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route


class Gate:
    """
    Lets every request through; whatever refuses one raises ``AppwriteError``.
    """

    def admit(self, request: web.BaseRequest, project: str) -> None:
        """
        Refuse a request on account of its project; after origin, identity and the project's existence.
        """

    def before(self, call: Call, route: Route) -> None:
        """
        Refuse a call that passed all common checks.
        """

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:  # noqa: ARG002 - a seam
        """
        Return what goes out in the place of *answer*.
        """
        return answer
