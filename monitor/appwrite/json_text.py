"""
JSON as it comes from a server that may be hostile.
"""

import json


def parse_json(text: str | bytes) -> object:
    """
    Return what *text* says; raise ``ValueError`` when it is no JSON, or is nested deeper than can be followed.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
