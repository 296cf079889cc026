"""
How the database behind Appwrite compares texts: without regard to case, accents and trailing spaces.

Source: MariaDB's default collation of ``utf8mb4``; trailing spaces count only where a text is searched in another.
"""

import unicodedata


def folded(text: str) -> str:
    """
    Return *text* without case and accents, for searching in it.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in decomposed if unicodedata.category(each) != "Mn")


def compared(text: str) -> str:
    """
    Return *text* as it is compared and ordered.
    """
    return folded(text).rstrip(" ")
