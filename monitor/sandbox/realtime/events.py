"""
On which channels, and under which names, a write to a document is announced.

Both are the same whichever family of routes the write came through.
"""

_DOCUMENT_TEMPLATES = (
    "databases.{d}.collections.{c}.documents.{x}",
    "databases.{d}.tables.{c}.rows.{x}",
)
_COLLECTION_TEMPLATES = ("databases.{d}.collections.{c}", "databases.{d}.tables.{c}")
# Which of database, collection and document are named, in the order a real server lists the names; the others are "*".
_NAMED_IN_DOCUMENTS = ("dcx", "", "dx", "x", "cx", "dc", "c", "d")
_NAMED_IN_COLLECTIONS = ("dc", "", "d", "c")


def channels_of(*, action: str, database: str, collection: str, document: str) -> list[str]:
    """
    Return the 16 channels: 8 for every action, and the same with the action as a suffix.
    """
    channels = [
        "documents",
        f"databases.{database}.collections.{collection}.documents",
        f"databases.{database}.collections.{collection}.documents.{document}",
        "rows",
        f"databases.{database}.tables.{collection}.rows",
        f"databases.{database}.tables.{collection}.rows.{document}",
        f"tablesdb.{database}.tables.{collection}.rows",
        f"tablesdb.{database}.tables.{collection}.rows.{document}",
    ]
    return channels + [f"{channel}.{action}" for channel in channels]


def names_of(*, action: str, database: str, collection: str, document: str) -> list[str]:
    """
    Return the 42 names of the event, the most telling first.
    """
    ids = {"d": database, "c": collection, "x": document}
    documents = _filled(_DOCUMENT_TEMPLATES, _NAMED_IN_DOCUMENTS, ids)
    collections = _filled(_COLLECTION_TEMPLATES, _NAMED_IN_COLLECTIONS, ids)
    databases = [f"databases.{database}", "databases.*"]
    return [f"{name}.{action}" for name in documents] + documents + collections + databases


def _filled(templates: tuple[str, ...], namings: tuple[str, ...], ids: dict[str, str]) -> list[str]:
    names = []
    for named in namings:
        values = {letter: (id_ if letter in named else "*") for letter, id_ in ids.items()}
        names += [template.format_map(values) for template in templates]
    return names
