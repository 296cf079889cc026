"""
When the web client opens a socket again, and we with it.

The pauses are those of Appwrite's web SDK (``appwrite-protocol.md`` 5.10). It has no jitter; ours is up to a fifth, so
that many monitors do not come back in the same moment.
"""

# Pause in seconds, for attempts below this number.
_PAUSES = ((5, 1.0), (15, 5.0), (100, 10.0))
_LONGEST_PAUSE_SECONDS = 60.0
_JITTER = 0.2


def pause_seconds(attempt: int, *, chance: float = 0.0) -> float:
    """
    Return the seconds before the attempt of this number, the first being 0; *chance* is between 0 and 1.
    """
    pause = next((seconds for below, seconds in _PAUSES if attempt < below), _LONGEST_PAUSE_SECONDS)
    return pause * (1.0 + _JITTER * chance)


def renewal_seconds(most_seconds: float, *, chance: float = 0.0) -> float:
    """
    Return after how many seconds to renew what must not grow older than *most_seconds*.
    """
    return most_seconds * (1.0 - _JITTER * chance)


def most_attempts(seconds: float) -> int:
    """
    Return how many attempts there are at most within *seconds* of the loss of a socket.
    """
    attempts, passed = 0, pause_seconds(0)
    while passed <= seconds:
        attempts += 1
        passed += pause_seconds(attempts)
    return attempts
