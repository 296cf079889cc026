"""
How one identity asks Appwrite: every call is one request and one honest attempt, measured into the run.
"""

import json
import re
from collections.abc import Mapping
from typing import Self

from monitor.appwrite.credentials import blame
from monitor.appwrite.errors import AppwriteError, raise_if_refused, read_json
from monitor.core import transport
from monitor.core.cost import Bucket, Limited, bucket_of
from monitor.core.errors import MonitorError, OwnFault
from monitor.core.identity import KEY
from monitor.core.leftover import MARK
from monitor.core.run import Run
from monitor.core.target import appwrite_id
from monitor.core.transport import Request, Response

# Which collection, or function, a path is about.
_ABOUT = {
    "collection": re.compile(r"/[a-z]+/[^/]+/(?:collections|tables)/([^/?]+)"),
    "function": re.compile(r"/functions/([^/?]+)"),
}


class Caller:
    """
    One identity in one run. *headers* prove who it is; the project is added to them.

    *fresh* requests open a connection each, as the first visit of a user does, so that all phases are measured.
    """

    def __init__(
        self, run: Run, *, identity: str, session: transport.Session, headers: Mapping[str, str], fresh: bool = True
    ) -> None:
        self.run = run
        self.identity = identity
        self.session = session
        self.credentials = headers
        self._fresh = fresh

    @property
    def headers(self) -> dict[str, str]:
        """
        The project and the credentials, as every request and handshake carries them.
        """
        return {"X-Appwrite-Project": self.run.target.project, **self.credentials}

    def as_guest(self) -> Self:
        """
        Return the same without credentials.
        """
        return type(self)(self.run, identity="guest", session=self.session, headers={}, fresh=self._fresh)

    async def tell(self, method: str, path: str, *, thing: str, counts_as: Limited | None = None) -> None:
        """
        Make a call whose answer has no body. *thing* names it in messages.

        Raises ``AppwriteError`` when it was refused, ``OwnFault`` when that is for the caller's credentials.
        """
        response = await self.send(method, path, counts_as=counts_as)
        try:
            raise_if_refused(response, thing=thing, identity=self.identity)
        except AppwriteError as error:
            raise await self._blame(error, path) from None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        thing: str,
        body: Mapping[str, object] | None = None,
        counts_as: Limited | None = None,
    ) -> Mapping[str, object]:
        """
        Make a call and return the JSON object it answers; raise as ``tell`` does for any other answer.
        """
        response = await self.send(method, path, body=body, counts_as=counts_as)
        try:
            return read_json(response, thing=thing, identity=self.identity)
        except AppwriteError as error:
            raise await self._blame(error, path) from None

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        counts_as: Limited | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """
        Make a call and return what came, whatever it is; the run is given the phases and its deadline is the limit.

        *headers* come beside those that prove the identity. *counts_as* is what Appwrite takes the call for, where it
        counts and limits such calls.
        """
        headers = {**self.headers, **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        response = await self.session.request(
            Request(
                method=method,
                url=f"{self.run.target.endpoint}{path}",
                timeout_seconds=self.run.remaining_seconds(),
                headers=headers,
                body=None if body is None else json.dumps(body).encode(),
                fresh=self._fresh,
                counts_as=self._bucket(counts_as),
            )
        )
        self.run.observe_phases(response.phases)
        self.run.observe_certificate(response.certificate_expires_at)
        return response

    async def _blame(self, error: AppwriteError, path: str) -> MonitorError:
        # What the call was about, for diagnosis: what it names the thing is for people.
        about = {what: found[1] for what, pattern in _ABOUT.items() if (found := pattern.match(path))}
        error.evidence = {**about, **error.evidence}
        return await blame(self, error)

    def _bucket(self, what: Limited | None) -> Bucket | None:
        # Appwrite does not count what a key does.
        if what is None or self.identity == KEY:
            return None
        return bucket_of(what, self.identity, self.run.identities)


def checked(value: str) -> str:
    """
    Return *value* when it may stand in a path; raise ``OwnFault`` otherwise.
    """
    try:
        return appwrite_id(value)
    except ValueError as error:
        raise OwnFault(f"refused to ask: {error}") from error


def marked(document_id: str) -> str:
    """
    Return *document_id* when it is the monitor's own; raise ``OwnFault`` otherwise.
    """
    if not document_id.startswith(MARK):
        raise OwnFault(f"refused to write: the id {document_id!r} does not begin with the monitor's mark {MARK!r}")
    return checked(document_id)
