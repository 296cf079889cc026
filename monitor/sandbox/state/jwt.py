"""
JSON web tokens, signed with HS256 and the secret of this installation.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

from monitor.sandbox.errors import AppwriteError

# One per process: a token of one sandbox is a bad signature to another process.
_SECRET = secrets.token_bytes(32)
_HEADER = {"typ": "JWT", "alg": "HS256"}


def sign(claims: Mapping[str, object]) -> str:
    """
    Return a token; ``exp`` among the claims is in Unix seconds.
    """
    signed = f"{_encode(json.dumps(_HEADER).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{signed}.{_encode(_signature(signed))}"


def verify(token: str, *, now: float) -> dict[str, object]:
    """
    Return the claims of a valid token; refuse any other as Appwrite does.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise _invalid("Incomplete segments")
    signed, _, signature = token.rpartition(".")
    try:
        if not hmac.compare_digest(_decode(signature), _signature(signed)):
            raise _invalid("Signature failed")
        claims = json.loads(_decode(parts[1]))
    except ValueError:
        raise _invalid("Signature failed") from None
    if not isinstance(claims, dict) or claims.get("exp", 0) <= now:
        raise _invalid("Expired")
    return claims


def _invalid(problem: str) -> AppwriteError:
    return AppwriteError(401, "user_jwt_invalid", f"Failed to verify JWT. Invalid token: {problem}")


def _signature(signed: str) -> bytes:
    return hmac.digest(_SECRET, signed.encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
