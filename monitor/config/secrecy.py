"""
What must not be shown to a person, who may paste a message into a ticket.
"""

import re
from collections.abc import Collection

MASK = "***"

# Shorter ones would tear other words apart.
MIN_SECRET_CHARACTERS = 4

_SENSITIVE = re.compile(r"key|token|secret|passw|dsn|credential|authorization|cookie", re.IGNORECASE)
# Whatever the key: an Appwrite key (a word, then 256 hexadecimal digits), a token. Ids of Appwrite have 20 digits.
_SECRET = re.compile(r"\b\w*[0-9a-fA-F]{32,}\w*|\beyJ[\w.+/=-]{8,}")
_USER_IN_URL = re.compile(r"[^\s/'\"]+:[^\s/'\"]*@")


def sounds_secret(text: str) -> bool:
    """
    Whether *text*, a key or a value, speaks of a secret.
    """
    return bool(_SENSITIVE.search(text))


def without_secrets(text: str, secrets: Collection[str] = ()) -> str:
    """
    Return *text* without the *secrets* and without what looks like one.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= MIN_SECRET_CHARACTERS:
            text = text.replace(secret, MASK)
    return _SECRET.sub(MASK, _USER_IN_URL.sub(f"{MASK}@", text))
