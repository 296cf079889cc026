"""
A URL answers as it should: status, header, content type, JSON, text, redirect, size, certificate.

One request, no redirect followed. A site behind a single-page fallback answers 200 with HTML for files that are not
there: name the ``content_type`` of what must be a script, a sound or JSON.

Talks to:  the URL, over HTTP or HTTPS, on a connection of its own unless ``keep_alive`` says otherwise
Steps:     request
Fails as:  http_status   another status than expected
           tls           the handshake failed, or the certificate ends sooner than ``certificate_days`` from now
           wrong_answer  content type, header, JSON value, text, redirect or size differ from what was expected
           protocol      what came is not HTTP, not JSON where JSON was expected, or larger than 1 MiB
Leaves:    nothing; one request per run

Example::

    api-version:
      kind: http_endpoint
      every: 30s
      url: https://syd.cloud.appwrite.io/v1/health/version
      content_type: application/json
      json:
        version: 1.9.6
      objective: 800ms
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from monitor.appwrite.errors import error_type_of, server_is_appwrite
from monitor.appwrite.failures import failed, place
from monitor.appwrite.json_text import parse_json
from monitor.appwrite.json_values import Scalar, first_difference
from monitor.core.check import Check
from monitor.core.duration import Duration
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason
from monitor.core.pattern import Pattern
from monitor.core.redaction import excerpt, secrets_in
from monitor.core.run import Run
from monitor.core.target import HeaderSecret, HttpUrl
from monitor.core.transport import Request, Response


class HttpEndpoint(Check):
    """
    Makes one request and compares the answer with what was expected; every expectation is optional but the status.
    """

    url: HttpUrl = Field(description="absolute address")
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = Field(
        default="GET", description="request method"
    )
    headers: Mapping[str, HeaderSecret] = Field(default_factory=dict, description="request headers; never shown")
    body: str | None = Field(default=None, description="request body")
    status: int | Annotated[tuple[int, ...], Field(min_length=1)] = Field(
        default=200, description="expected status, or several"
    )
    content_type: str | None = Field(default=None, description="expected media type, such as application/json")
    header_matches: Mapping[str, Pattern] = Field(default_factory=dict, description="header → regular expression")
    json_values: Mapping[str, Scalar] = Field(
        default_factory=dict, alias="json", description="path such as data.items.0.id → expected value"
    )
    body_matches: Pattern | None = Field(default=None, description="regular expression to be found in the body")
    redirect_to: str | None = Field(default=None, description="expected Location header")
    max_body_bytes: int | None = Field(default=None, ge=0, le=1 << 20, description="largest size of the body")
    certificate_days: int | None = Field(
        default=None, ge=1, description="least days until the certificate ends; for https"
    )
    keep_alive: bool = Field(default=False, description="use a kept connection: cheaper, but no dns, connect and tls")
    verify_tls: bool = Field(default=True, description="refuse certificates that are not valid for the host")
    objective_seconds: Duration | None = Field(default=None, description="an answer slower than this is degraded")

    @model_validator(mode="after")
    def _see_the_certificate(self) -> Self:
        obstacles = {
            "an http:// url": self.url.startswith("http:"),
            "verify_tls: false": not self.verify_tls,
            "keep_alive: true": self.keep_alive,
        }
        for obstacle, stands in obstacles.items():
            if stands and self.certificate_days is not None:
                raise ValueError(f"certificate_days proves nothing with {obstacle}: leave one of the two out")
        return self

    async def run(self, run: Run) -> None:
        # A page that is neither the platform's nor its site's says nothing of either.
        run.note(of=run.target.owner_of(self.url))
        async with run.step("request"):
            asked = run.elapsed_seconds()
            response = await run.transport.session("guest").request(self._request(run))
            run.observe_phases(response.phases)
            run.observe_certificate(response.certificate_expires_at)
        run.hold_to(self.objective_seconds, took_seconds=run.elapsed_seconds() - asked, what="the answer")
        self._judge_head(response)
        self._judge_body(response)
        self._judge_certificate(run, response)

    def _request(self, run: Run) -> Request:
        return Request(
            method=self.method,
            url=self.url,
            headers={name: value.get_secret_value() for name, value in self.headers.items()},
            body=None if self.body is None else self.body.encode(),
            timeout_seconds=run.remaining_seconds(),
            fresh=not self.keep_alive,
            verify_tls=self.verify_tls,
        )

    def _judge_head(self, response: Response) -> None:
        allowed = self.status if isinstance(self.status, tuple) else (self.status,)
        if response.status not in allowed:
            expected = " or ".join(map(str, allowed))
            text = f"{self._place()} answered {response.status}, expected {expected}: see the logs of the server"
            raise failed(
                Reason.HTTP_STATUS,
                text,
                status=response.status,
                type=error_type_of(response),
                server_is_appwrite=server_is_appwrite(response),
            )
        got = response.headers.get("content-type", "").partition(";")[0].strip()
        if self.content_type is not None and got.lower() != self.content_type.lower():
            next_move = "a fallback page may have answered"
            raise self._wrong("content type", expected=self.content_type, got=got or "none", next_move=next_move)
        location = response.headers.get("location")
        if self.redirect_to is not None and location != self.redirect_to:
            wanted, got = _without_query(self.redirect_to), _without_query(location or "none")
            raise self._wrong("redirect", expected=wanted, got=got, next_move="check the rules (queries are not shown)")
        for name, pattern in self.header_matches.items():
            value = response.headers.get(name.lower())
            if value is None or not re.search(pattern, value):
                next_move = "check the server's settings"
                raise self._wrong(f"header {name}", expected=pattern, got=value or "none", next_move=next_move)

    def _judge_body(self, response: Response) -> None:
        if self.max_body_bytes is not None and len(response.body) > self.max_body_bytes:
            limit, size = f"at most {self.max_body_bytes} bytes", str(len(response.body))
            raise self._wrong("body", expected=limit, got=size, next_move="check what grew")
        if self.body_matches is not None and not re.search(self.body_matches, response.body.decode(errors="replace")):
            wanted = f"a match of {self.body_matches}"
            raise self._wrong("body", expected=wanted, got="none", next_move="look at the page")
        if self.json_values:
            self._judge_json(response)

    def _judge_json(self, response: Response) -> None:
        try:
            answer = parse_json(response.body)
        except ValueError as error:
            got = self._shown(response.headers.get("content-type", "no content type"))
            text = f"{self._place()} answered no JSON but {got}: check what serves this address"
            raise failed(Reason.PROTOCOL, text, status=response.status) from error
        if difference := first_difference(answer, self.json_values):
            next_move = "compare with the API's manual"
            raise self._wrong(
                f"JSON {difference.path}", expected=difference.expected, got=difference.got, next_move=next_move
            )

    def _judge_certificate(self, run: Run, response: Response) -> None:
        if self.certificate_days is None or response.certificate_expires_at is None:
            return
        left = (response.certificate_expires_at - run.started_at).total_seconds() / 86400
        if left < self.certificate_days:
            least = self.certificate_days
            text = f"{self._place()}: the certificate ends in {left:.1f} days, expected at least {least}: renew it"
            raise failed(Reason.TLS, text, certificate_days_left=round(left, 1))

    def _wrong(self, thing: str, *, expected: str, got: str, next_move: str) -> CheckFailed:
        text = f"expected {self._shown(expected)}, got {self._shown(got)}: {next_move}"
        return failed(Reason.WRONG_ANSWER, f"{thing} of {self._place()}: {text}", thing=thing, url=self._place())

    def _place(self) -> str:
        return place(self.method, self.url)

    def _shown(self, text: str) -> str:
        return excerpt(text, secrets=secrets_in(self))


def _without_query(location: str) -> str:
    # Queries and fragments carry codes and tokens, and what stands before an @ is a password.
    address = re.sub(r"(?s)(?<=[?#]).+", "…", location)
    return re.sub(r"//[^/]*@", "//", address)
