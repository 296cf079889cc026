"""
One-time secrets, each of which opens one session of one user.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.clock import Clock
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.identifiers import unique_id

# Beyond it the expired ones are forgotten, then the oldest.
_MAX_TOKENS = 10_000


@dataclass(slots=True, kw_only=True)
class Token:
    """
    A secret that opens one session.
    """

    id: str
    user_id: str
    secret: str = field(repr=False)
    expires_at: datetime


class Tokens:
    """
    All tokens of the project.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[tuple[str, str], Token] = {}

    def create(self, user_id: str, *, length: int, expire_seconds: int) -> Token:
        """
        Make a secret of *length* characters that is good for *expire_seconds*.
        """
        now = self._clock.now()
        if len(self._tokens) >= _MAX_TOKENS:
            self._tokens = {place: each for place, each in self._tokens.items() if each.expires_at > now}
        if len(self._tokens) >= _MAX_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        secret = secrets.token_hex(length)[:length]
        expires_at = now + timedelta(seconds=expire_seconds)
        token = Token(id=unique_id(), user_id=user_id, secret=secret, expires_at=expires_at)
        self._tokens[user_id, secret] = token
        return token

    def redeem(self, user_id: str, secret: str) -> None:
        """
        Use a token up; refuse one that is not the user's, or has expired.
        """
        token = self._tokens.get((user_id, secret))
        if token is None or token.expires_at <= self._clock.now():
            raise invalid_token()
        del self._tokens[user_id, secret]

    def forget(self, user_id: str) -> None:
        """
        Remove the tokens of a user.
        """
        self._tokens = {place: each for place, each in self._tokens.items() if each.user_id != user_id}


def invalid_token() -> AppwriteError:
    """
    Refuse a secret that opens nothing.
    """
    return AppwriteError(401, "user_invalid_token", "Invalid token passed in the request.")
