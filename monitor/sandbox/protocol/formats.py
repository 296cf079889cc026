"""
Answers in the form of another version than the server's, for callers that ask for one.
"""

import re
from collections.abc import Mapping

from monitor.sandbox.profile import Profile

_VERSION = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?", re.ASCII)
# From it on ``$sequence`` is a text.
_TEXT_SEQUENCES = (1, 9, 0)


class Format:
    """
    The form that ``X-Appwrite-Response-Format`` asks for; what is no version asks for nothing.
    """

    def __init__(self, wished: str, profile: Profile) -> None:
        self._version = _parse(wished)
        self._wished = wished
        self._profile = profile

    def headers(self) -> dict[str, str]:
        """
        Return the warning to a caller that is made for a newer server.
        """
        own = _parse(self._profile.version)
        if self._version is None or own is None or self._version <= own:
            return {}
        return {
            "X-Appwrite-Warning": f"The current SDK is built for Appwrite {self._wished}. However, the current Appwrite"
            f" server version is {self._profile.version}. Please downgrade your SDK to match the Appwrite version:"
            " https://appwrite.io/docs/sdks"
        }

    def shape(self, body: object) -> object:
        """
        Return *body* as it is, or with the numbers that older versions send.
        """
        if self._version is None or self._version >= _TEXT_SEQUENCES or not self._profile.text_sequences:
            return body
        return _with_numbers(body)


def _with_numbers(body: object) -> object:
    if not isinstance(body, Mapping):
        return body
    shaped = {
        key: [_with_numbers(each) for each in value] if isinstance(value, list) else value
        for key, value in body.items()
    }
    sequence = shaped.get("$sequence")
    if isinstance(sequence, str) and sequence.isdecimal():
        shaped["$sequence"] = int(sequence)
    return shaped


def _parse(version: str) -> tuple[int, int, int] | None:
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups())
    return major, minor, patch
