"""
What customers and therapists must not write to each other: ways to meet outside of the platform.

Source: the platform's own message filter (booking-platform.md 2.6).
"""

import re

_WORDS = "zero one two three four five six seven eight nine nol satu dua tiga empat lima enam tujuh delapan sembilan"
_NUMBER_WORD = f"(?:{'|'.join(_WORDS.split())})"

# Looked for in this order; the first that is found names the violation.
_FORBIDDEN = {
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE),
    "phone_number": re.compile(r"\+?\d(?:[\s().-]?\d){7,}"),
    "number_words": re.compile(rf"\b{_NUMBER_WORD}(?:[\s,-]+{_NUMBER_WORD}){{4,}}\b", re.IGNORECASE),
    "whatsapp": re.compile(r"\b(?:wa|whats\s?app)\b", re.IGNORECASE),
    "social_media": re.compile(r"\b(?:ig|insta|instagram|telegram|tele|tg|line|fb|facebook)\b[\s:]+\S", re.IGNORECASE),
    "username": re.compile(r"(?<!\S)@\w+"),
    "contact_request": re.compile(r"\b(?:call me|text me|contact me|hubungi saya|telepon saya)\b", re.IGNORECASE),
}


def violation_in(text: str) -> str | None:
    """
    Return the kind of contact detail that *text* holds, None for a harmless one.
    """
    return next((kind for kind, pattern in _FORBIDDEN.items() if pattern.search(text)), None)
