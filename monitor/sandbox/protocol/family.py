"""
The two families of routes over the same data, with their own nouns: collections of documents, tables of rows.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """
    The nouns of one family, in the singular as they stand in error types, and the scopes of its routes.
    """

    root: str
    collection: str
    document: str
    attribute: str
    index: str
    collection_scope: tuple[str, ...]
    document_scope: tuple[str, ...]

    @property
    def collections(self) -> str:
        """
        Collections, in paths and lists.
        """
        return f"{self.collection}s"

    @property
    def documents(self) -> str:
        """
        Documents, in paths and lists.
        """
        return f"{self.document}s"

    @property
    def attributes(self) -> str:
        """
        Attributes, in paths, lists and bodies.
        """
        return f"{self.attribute}s"

    @property
    def collection_id(self) -> str:
        """
        The id of a collection, in bodies; with a ``$`` before it in documents.
        """
        return f"{self.collection}Id"

    @property
    def document_id(self) -> str:
        """
        The id of a document, in bodies.
        """
        return f"{self.document}Id"

    @property
    def security(self) -> str:
        """
        The switch that makes documents' own permissions count.
        """
        return f"{self.document}Security"

    def collection_scopes(self, action: str, *, of: str = "") -> tuple[str, ...]:
        """
        Return the scopes of which one is needed to ``read`` or ``write`` collections, their columns or indexes.
        """
        more = {"columns": ("columns", "attributes"), "indexes": ("indexes",)}.get(of, ())
        return tuple(f"{noun}.{action}" for noun in (*self.collection_scope, *more))

    def document_scopes(self, action: str) -> tuple[str, ...]:
        """
        Return the scopes of which one is needed to ``read`` or ``write`` documents.
        """
        return tuple(f"{noun}.{action}" for noun in self.document_scope)


COLLECTIONS = Family(
    root="databases",
    collection="collection",
    document="document",
    attribute="attribute",
    index="index",
    collection_scope=("collections",),
    document_scope=("documents",),
)
TABLES = Family(
    root="tablesdb",
    collection="table",
    document="row",
    attribute="column",
    index="column_index",
    collection_scope=("tables", "collections"),
    document_scope=("rows", "documents"),
)
FAMILIES = (COLLECTIONS, TABLES)
