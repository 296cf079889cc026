import json

import pytest

from monitor.appwrite.errors import AppwriteError, raise_if_refused, read_json
from monitor.core.outcome import Reason
from monitor.core.transport import Response

THING = "collection 'bookings'"


def answer(status: int, body: bytes, **headers: str) -> Response:
    return Response(
        status=status,
        headers={"content-type": "application/json", "server": "Appwrite", **headers},
        body=body,
        phases={},
    )


def envelope(status: int, kind: str) -> Response:
    body = {"message": "Error: Server Error", "code": status, "type": kind, "version": "1.9.6"}
    return answer(status, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "kind", "identity", "reason"),
    [
        (401, "user_unauthorized", "key", Reason.UNAUTHORIZED),
        (401, "user_unauthorized", "customer", Reason.PERMISSION_MISSING),
        (401, "user_unauthorized", "guest", Reason.PERMISSION_MISSING),
        (401, "general_unauthorized_scope", "key", Reason.UNAUTHORIZED),
        (401, "general_unauthorized_scope", "customer", Reason.UNAUTHORIZED),
        (401, "general_access_forbidden", "key", Reason.UNAUTHORIZED),
        (401, "project_key_expired", "key", Reason.UNAUTHORIZED),
        (401, "user_jwt_invalid", "customer", Reason.UNAUTHORIZED),
        (401, "user_invalid_credentials", "login", Reason.UNAUTHORIZED),
        (403, "user_blocked", "customer", Reason.UNAUTHORIZED),
        (403, "general_unknown_origin", "guest", Reason.UNAUTHORIZED),
        (404, "project_not_found", "guest", Reason.NOT_FOUND),
        (404, "database_not_found", "key", Reason.NOT_FOUND),
        (404, "collection_not_found", "key", Reason.NOT_FOUND),
        (404, "table_not_found", "key", Reason.NOT_FOUND),
        (404, "document_not_found", "customer", Reason.NOT_FOUND),
        (404, "general_route_not_found", "guest", Reason.NOT_FOUND),
        (404, "health_certificate_expired", "key", Reason.HTTP_STATUS),
        (402, "database_read_cycle_limit_exceeded", "customer", Reason.QUOTA),
        (403, "general_service_disabled", "customer", Reason.DISABLED),
        (403, "general_api_disabled", "guest", Reason.DISABLED),
        (501, "user_auth_method_unsupported", "login", Reason.DISABLED),
        (429, "general_rate_limit_exceeded", "customer", Reason.RATE_LIMITED),
        (429, "a_type_of_tomorrow", "customer", Reason.RATE_LIMITED),
        (400, "document_invalid_structure", "customer", Reason.SCHEMA),
        (400, "row_invalid_structure", "customer", Reason.SCHEMA),
        (400, "general_argument_invalid", "customer", Reason.HTTP_STATUS),
        (403, "a_type_of_tomorrow", "customer", Reason.HTTP_STATUS),
        (408, "database_timeout", "customer", Reason.HTTP_STATUS),
        (409, "document_already_exists", "customer", Reason.HTTP_STATUS),
        (500, "general_unknown", "guest", Reason.HTTP_STATUS),
        (503, "health_queue_size_exceeded", "key", Reason.HTTP_STATUS),
    ],
    ids=str,
)
def test_judges_by_status_type_and_identity(status: int, kind: str, identity: str, reason: Reason) -> None:
    with pytest.raises(AppwriteError) as caught:
        read_json(envelope(status, kind), thing=THING, identity=identity)

    assert (caught.value.reason, caught.value.status, caught.value.type) == (reason, status, kind)
    assert caught.value.evidence == {"status": status, "type": kind, "identity": identity, "server_is_appwrite": True}
    assert caught.value.message.startswith(f"{THING} answered {status} {kind} to '{identity}', expected 2xx: ")
    assert len(caught.value.message) <= 200


@pytest.mark.parametrize(
    ("response", "reason", "says", "evidence"),
    [
        pytest.param(
            answer(200, b"<html>", **{"content-type": "text/html; charset=utf-8", "server": "nginx"}),
            Reason.PROTOCOL,
            "answered 200 with 6 bytes of text/html, expected JSON: something before Appwrite answers",
            {"content_type": "text/html", "server_is_appwrite": False, "status": 200},
            id="html-of-a-proxy",
        ),
        pytest.param(
            answer(502, b"bad gateway", **{"content-type": "text/plain", "server": ""}),
            Reason.HTTP_STATUS,
            "answered 502 with 11 bytes of text/plain",
            {"server_is_appwrite": False, "status": 502},
            id="bad-gateway",
        ),
        pytest.param(
            answer(200, b'{"$id": "bookings", "attri'),
            Reason.PROTOCOL,
            "26 bytes of application/json, expected JSON: see the logs of the server",
            {"server_is_appwrite": True, "type": ""},
            id="half-a-document",
        ),
        pytest.param(
            answer(500, b'{"message": "oops"}'),
            Reason.HTTP_STATUS,
            "answered 500",
            {"type": ""},
            id="json-without-type",
        ),
        pytest.param(
            answer(500, b'{"type": 7}'), Reason.HTTP_STATUS, "answered 500", {"type": ""}, id="type-is-no-text"
        ),
        pytest.param(answer(200, b"[1, 2]"), Reason.PROTOCOL, "answered 200", {}, id="json-but-no-object"),
        pytest.param(answer(200, b"\xff\xfe\x00"), Reason.PROTOCOL, "answered 200", {}, id="not-even-text"),
        pytest.param(answer(200, b"[" * 100_000), Reason.PROTOCOL, "answered 200", {}, id="nested-without-end"),
        pytest.param(
            answer(301, b"", location="https://elsewhere/?key=secret"),
            Reason.PROTOCOL,
            "it redirects: set the endpoint",
            {},
            id="redirect",
        ),
    ],
)
def test_judges_what_is_not_appwrites_json_by_its_status_or_else_as_protocol(
    response: Response, reason: Reason, says: str, evidence: dict[str, object]
) -> None:
    with pytest.raises(AppwriteError) as caught:
        read_json(response, thing=THING, identity="guest")

    assert caught.value.reason is reason
    assert says in caught.value.message
    assert "secret" not in caught.value.message
    assert evidence.items() <= caught.value.evidence.items()


def test_a_good_answer_without_a_body_is_no_refusal() -> None:
    raise_if_refused(answer(204, b""), thing=THING, identity="key")
