"""
What is said to changes of a schema that cannot be: the types of both families, in Appwrite's words.
"""

from monitor.sandbox.errors import AppwriteError

# The words for "attribute" and "column", and what each belongs to.
_PARENTS = {"attribute": "collection", "column": "table"}


def refused(noun: str, what: str, message: str, *, status: int = 400) -> AppwriteError:
    """
    Refuse for a reason of the family's own type: ``attribute_value_invalid``, ``column_value_invalid``.
    """
    return AppwriteError(status, f"{noun}_{what}", message)


def already_there(noun: str, key: str) -> AppwriteError:
    """
    Refuse a key that is taken; *noun* is ``attribute``, ``column``, ``index`` or ``column_index``.
    """
    name = _name(noun)
    hint = f"{name} keys must be unique, try" if noun in _PARENTS else "Try"
    return _naming(
        noun,
        "already_exists",
        f"{name} with the requested key{{}} already exists. {hint} again with a different key.",
        thing=key,
        status=409,
    )


def not_available(noun: str, key: str) -> AppwriteError:
    """
    Refuse to use an attribute that the worker has not made, or is removing.
    """
    message = f"The requested {noun}{{}} is not yet available. Please try again later."
    return _naming(noun, "not_available", message, thing=key)


def unknown(noun: str, key: str) -> AppwriteError:
    """
    Refuse an index on an attribute that there is not.
    """
    message = (
        f"The {noun}{{}} required for the index could not be found."
        f" Please confirm all your {noun}s are in the available state."
    )
    return _naming(noun, "unknown", message, thing=key)


def too_many(noun: str, collection_id: str) -> AppwriteError:
    """
    Refuse one more attribute or index than a collection can have, or wider ones than a row can hold.
    """
    if noun in _PARENTS:
        message = f"The maximum number or size of {noun}s for {_PARENTS[noun]}{{}} has been reached."
    else:
        parent = "collection" if noun == "index" else "table"
        message = f"The maximum number of indexes for {parent}{{}} has been reached."
    return _naming(noun, "limit_exceeded", message, thing=collection_id)


def no_more(noun: str, place: str) -> AppwriteError:
    """
    Refuse one more collection or table than a database can have.
    """
    return _naming(
        noun, "limit_exceeded", f"The maximum number of {noun}s for database{{}} has been reached.", thing=place
    )


def _naming(noun: str, what: str, message: str, *, thing: str, status: int = 400) -> AppwriteError:
    return AppwriteError(status, f"{noun}_{what}", message.format(f" '{thing}'"), without_id=message.format(""))


def _name(noun: str) -> str:
    return noun.replace("column_index", "index").capitalize()
