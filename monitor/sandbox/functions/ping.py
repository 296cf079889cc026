"""
``ping``: gives back what it was called with, and touches nothing.
"""

from monitor.sandbox.functions.invocation import Invocation, Result, as_json


def ping(invocation: Invocation) -> Result:
    """
    Answer with method, path and body.
    """
    shown = {"method": invocation.method, "path": invocation.path, "body": invocation.body}
    return as_json(200, {"pong": True, **shown}, logs="pong")
