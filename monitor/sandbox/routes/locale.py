"""
Where the caller is, as far as his address tells; the sandbox has no data on places and says so as a real server does.
"""

from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route


def _get(call: Call) -> Answer:
    return Answer(
        body={
            "ip": call.peer,
            "countryCode": "--",
            "country": "Unknown",
            "continent": "Unknown",
            "continentCode": "--",
            "eu": False,
            "currency": "",
        }
    )


ROUTES = (Route(method="GET", path="/locale", handler=_get, scopes=("locale.read",)),)
