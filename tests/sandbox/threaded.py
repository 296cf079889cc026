"""
A sandbox in a thread of its own, for tests that are not asynchronous themselves.
"""

import asyncio
import http.client
import json
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from monitor.sandbox.server import Sandbox

ANSWER_TIMEOUT_SECONDS = 10.0

T = TypeVar("T")


class ThreadedSandbox:
    """
    Runs a sandbox while it is open; ``run`` does something in its loop, ``ask`` calls it from outside.
    """

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> "ThreadedSandbox":
        self._thread.start()
        self.run(self.sandbox.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.sandbox.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """
        Return what *work* returns in the sandbox's loop.
        """
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_TIMEOUT_SECONDS)

    def ask(self, method: str, path: str, *, headers: dict[str, Any], body: bytes = b"") -> tuple[int, bytes]:
        """
        Send one request as it is; return status and body.
        """
        port = int(self.sandbox.endpoint.rsplit(":", 1)[1].removesuffix("/v1"))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_TIMEOUT_SECONDS)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in {"X-Appwrite-Project": self.sandbox.project, **headers}.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """
        Return the documents of a collection, as the server key sees them.
        """
        path = f"/v1/databases/{self.sandbox.database}/collections/{collection}/documents"
        status, body = self.ask("GET", path, headers={"X-Appwrite-Key": self.sandbox.api_key})
        assert status == 200, body
        found: list[dict[str, Any]] = json.loads(body)["documents"]
        return found

    def break_with(self, fault: str, parameters: Mapping[str, object] | None = None) -> None:
        """
        Switch a fault on.
        """

        async def switch() -> None:
            self.sandbox.faults.switch_on(fault, **parameters or {})

        self.run(switch())

    def mend(self) -> None:
        """
        Switch all faults off.
        """

        async def switch() -> None:
            self.sandbox.faults.switch_all_off()

        self.run(switch())
