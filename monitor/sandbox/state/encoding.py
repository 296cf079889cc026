"""
Appwrite's form of a session, as cookies and headers carry it.
"""

import base64
import json


def encode_session(user_id: str, secret: str) -> str:
    """
    Return Appwrite's form of a session: base64 of a JSON object.
    """
    return base64.b64encode(json.dumps({"id": user_id, "secret": secret}, separators=(",", ":")).encode()).decode()


def decode_session(encoded: str) -> tuple[str, str]:
    """
    Return user id and secret, both empty when *encoded* is not a session.
    """
    try:
        decoded = json.loads(base64.b64decode(encoded))
        id_, secret = str(decoded["id"]), str(decoded["secret"])
        # What has no bytes is no secret either.
        secret.encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return "", ""
    return id_, secret
