"""
What tests of schemas share: the paths of a new collection in both families, and a worker that is held or done.
"""

import asyncio
from dataclasses import dataclass

import pytest

from monitor.sandbox.protocol.family import FAMILIES, Family
from monitor.sandbox.state.world import Collection
from tests.sandbox.client import Client, Reply

SETTLED_SECONDS = 5.0
COLLECTION = "made"

by_family = pytest.mark.parametrize("family", [pytest.param(each, id=each.root) for each in FAMILIES])


def in_words_of(family: Family, verdict: str) -> str:
    """
    Return a verdict or path written for collections as it is in *family*.
    """
    words = {"collection": family.collection, "attribute": family.attribute, "document": family.document}
    for noun, word in words.items():
        verdict = verdict.replace(noun, word)
    return verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """
    The schema of one collection, changed with the server key.
    """

    client: Client
    family: Family

    @property
    def path(self) -> str:
        return f"/{self.family.root}/{self.client.sandbox.database}/{self.family.collections}/{COLLECTION}"

    @property
    def stored(self) -> Collection:
        return self.client.sandbox.world.databases[self.client.sandbox.database].collections[COLLECTION]

    async def call(self, method: str, rest: str = "", body: object = None) -> Reply:
        return await self.client.call(method, f"{self.path}/{rest}".rstrip("/"), by="key", body=body)

    async def attribute(self, kind: str, body: object) -> Reply:
        return await self.call("POST", f"{self.family.attributes}/{kind}", body)

    async def made_attribute(self, kind: str, body: object) -> None:
        reply = await self.attribute(kind, body)
        assert reply.status == 202, reply.body
        await self.settled()

    async def update(self, kind: str, key: str, body: object) -> Reply:
        return await self.call("PATCH", f"{self.family.attributes}/{kind}/{key}", body)

    async def index(self, type_: str, keys: list[str], **more: object) -> Reply:
        body = {"key": "idx", "type": type_, self.family.attributes: keys} | more
        return await self.call("POST", "indexes", body)

    async def write(self, data: object, document_id: str = "unique()") -> Reply:
        return await self.call("POST", self.family.documents, {self.family.document_id: document_id, "data": data})

    def hold(self) -> None:
        self.client.sandbox.world.worker.works = lambda: False

    async def settled(self) -> None:
        """
        Let the worker go on, and wait until nothing is left to do.
        """
        worker, done = self.client.sandbox.world.worker, asyncio.Event()
        worker.works = lambda: True
        worker.put(done.set)
        await asyncio.wait_for(done.wait(), SETTLED_SECONDS)


async def new_schema(client: Client, family: Family) -> Schema:
    """
    Make an empty collection.
    """
    schema = Schema(client=client, family=family)
    client.sandbox.world.worker.delay_seconds = 0.0
    root = schema.path.rpartition("/")[0]
    made = await client.call("POST", root, by="key", body={family.collection_id: COLLECTION, "name": "Made"})
    assert made.status == 201
    return schema
