"""
What a realtime server does not do, and how it says so: a code, and a text that production hides.
"""

from monitor.sandbox.profile import Profile
from monitor.sandbox.protocol.socket import MASKED

BAD_MESSAGE = 1003
POLICY = 1008
TOO_MANY = 1013
# What only a bug of a real server's own gives: an exception without a code.
UNEXPECTED = 0


class Refusal(Exception):
    """
    Ends a handshake, or refuses a message, with an ``error`` frame of this code.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def ends_connection(self) -> bool:
        """
        Whether the connection ends when this comes in answer to a message.
        """
        return self.code == POLICY

    def text(self, profile: Profile, *, masks: bool, opening: bool = False) -> str:
        """
        Return the text that the client sees; *opening* tells that it comes in answer to the handshake.
        """
        is_hidden = self.code == UNEXPECTED or self.code >= 500
        is_clear = opening and self.code == POLICY and profile.clear_refusals
        return MASKED if masks and is_hidden and not is_clear else self.message


def bad_message(problem: str) -> Refusal:
    """
    Refuse a message; the socket stays open.
    """
    return Refusal(BAD_MESSAGE, problem)
