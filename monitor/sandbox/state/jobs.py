"""
What the databases worker does to a collection after a change of its schema was accepted.

A job finds by itself whether there is still something to do: what it is about may be gone by then.
"""

from dataclasses import replace

from monitor.sandbox.state.indexes import has_repetition
from monitor.sandbox.state.schema import Index
from monitor.sandbox.state.world import Collection, World


def make_attribute(world: World, collection: Collection, key: str) -> None:
    """
    Make an attribute available; documents that are there already hold no value for it.
    """
    attribute = collection.attributes.get(key)
    if attribute is None or attribute.status != "processing":
        return
    collection.attributes[key] = replace(attribute, status="available", updated_at=world.now())
    for document in tuple(collection.documents.values()):
        if key not in document.data:
            collection.documents[document.id] = replace(document, data=document.data | {key: None})


def remove_attribute(world: World, collection: Collection, key: str) -> None:
    """
    Take an attribute away, with its values in documents and its place in indexes; an index with no other goes too.
    """
    collection.attributes.pop(key, None)
    for document in tuple(collection.documents.values()):
        kept = {name: value for name, value in document.data.items() if name != key}
        collection.documents[document.id] = replace(document, data=kept)
    for index in tuple(collection.indexes.values()):
        if index.attributes == (key,):
            del collection.indexes[index.key]
        elif key in index.attributes:
            collection.indexes[index.key] = replace(_without(index, key), updated_at=world.now())


def make_index(world: World, collection: Collection, key: str) -> None:
    """
    Make an index available; a unique one that the documents already break ends as ``failed``.
    """
    index = collection.indexes.get(key)
    if index is None or index.status != "processing":
        return
    made = replace(index, status="available", updated_at=world.now())
    if index.type == "unique" and has_repetition(index, collection):
        made = replace(made, status="failed", error="Document already exists")
    collection.indexes[key] = made


def remove_index(collection: Collection, key: str) -> None:
    """
    Take an index away.
    """
    collection.indexes.pop(key, None)


def _without(index: Index, key: str) -> Index:
    kept = [position for position, each in enumerate(index.attributes) if each != key]
    return replace(
        index,
        attributes=tuple(index.attributes[each] for each in kept),
        lengths=tuple(index.length_at(each) for each in kept),
        orders=tuple(index.orders[each] for each in kept if each < len(index.orders)),
    )
