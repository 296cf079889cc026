"""
What an answer of Appwrite means when it is not the one asked for.

Judged by the ``type`` of the error envelope, never by its message: texts change from version to version, and
production masks some of them. A body without such an envelope is the word of something before Appwrite.
"""

from collections.abc import Mapping

from monitor.appwrite.json_text import parse_json
from monitor.core.errors import CheckFailed, fit
from monitor.core.identity import KEY
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.transport import Response

_TYPES = {
    # user_unauthorized has two meanings, see _reason().
    "general_access_forbidden": Reason.UNAUTHORIZED,
    "general_region_access_denied": Reason.UNAUTHORIZED,
    "general_unauthorized_scope": Reason.UNAUTHORIZED,
    "general_unknown_origin": Reason.UNAUTHORIZED,
    "project_id_missing": Reason.UNAUTHORIZED,
    "project_key_expired": Reason.UNAUTHORIZED,
    "user_api_key_and_session_set": Reason.UNAUTHORIZED,
    "user_blocked": Reason.UNAUTHORIZED,
    "user_invalid_credentials": Reason.UNAUTHORIZED,
    "user_invalid_token": Reason.UNAUTHORIZED,
    "user_jwt_and_cookie_set": Reason.UNAUTHORIZED,
    "user_jwt_creation_denied": Reason.UNAUTHORIZED,
    "user_jwt_invalid": Reason.UNAUTHORIZED,
    "user_more_factors_required": Reason.UNAUTHORIZED,
    "user_password_reset_required": Reason.UNAUTHORIZED,
    "user_session_already_exists": Reason.UNAUTHORIZED,
    "general_api_disabled": Reason.DISABLED,
    "general_service_disabled": Reason.DISABLED,
    "user_auth_method_unsupported": Reason.DISABLED,
    "general_rate_limit_exceeded": Reason.RATE_LIMITED,
    "attribute_not_available": Reason.SCHEMA,
    "attribute_value_invalid": Reason.SCHEMA,
    "column_not_available": Reason.SCHEMA,
    "column_value_invalid": Reason.SCHEMA,
    "document_invalid_structure": Reason.SCHEMA,
    "relationship_value_invalid": Reason.SCHEMA,
    "row_invalid_structure": Reason.SCHEMA,
    "build_not_ready": Reason.NOT_FOUND,
    "function_synchronous_timeout": Reason.TIMEOUT,
}
_STATUSES = {402: Reason.QUOTA, 429: Reason.RATE_LIMITED}

_NO_COLLECTION = "check the id, and whether it was deleted, or disabled (only keys see it then)"
# What keys are told of is not disabled: they would see it.
_GONE = {
    "collection_not_found": "check the id, and whether it was deleted or renamed",
    "table_not_found": "check the id, and whether it was deleted or renamed",
    "database_not_found": "check the id of the database, and whether it was deleted",
}
_NO_DOCUMENT = "it is gone, or the identity may not read it"
_NEXT_MOVES = {
    "collection_not_found": _NO_COLLECTION,
    "table_not_found": _NO_COLLECTION,
    "database_not_found": "check the id of the database, and whether it was deleted or disabled",
    "document_not_found": _NO_DOCUMENT,
    "row_not_found": _NO_DOCUMENT,
    "build_not_ready": "its deployment is not built: see the build in the console",
    "deployment_not_found": "deploy the function, and activate the deployment",
    "function_not_found": "check the id and the project, and whether it was deleted or disabled",
    "function_synchronous_timeout": "it takes longer than a caller may wait: see its logs, or call it async",
    "general_route_not_found": "check that the endpoint ends in /v1 and the server knows this call",
    "project_not_found": "check the project id, and that the endpoint is the one of its region",
    "general_unauthorized_scope": "check that the session is alive, or that the key has the scope",
    "project_key_expired": "make a new key",
    "user_invalid_credentials": "check e-mail and password of the test user",
}
_NEXT_MOVES_BY_REASON = {
    Reason.UNAUTHORIZED: "check the credentials, the project id, and that the endpoint is the one of its region",
    Reason.PERMISSION_MISSING: "check the permissions of the collection and its documents",
    Reason.NOT_FOUND: "check the id, and whether it was deleted",
    Reason.DISABLED: "switched off in the console: enable it there if that was not meant",
    Reason.RATE_LIMITED: "the monitor asks too often, or shares its address with others: run less often",
    Reason.QUOTA: "the plan is used up: see usage and billing in the console",
    Reason.SCHEMA: "compare the attributes with the manifest",
}


class AppwriteError(CheckFailed):
    """
    Appwrite refused: *status* is that of HTTP, *error_type* that of its error envelope (empty when there was none).

    *server_message* is the envelope's text, which names attributes and scopes: for remedies, never to be judged by.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        status: int,
        error_type: str,
        server_message: str = "",
        **evidence: EvidenceValue,
    ) -> None:
        super().__init__(reason, message, status=status, type=error_type, **evidence)
        self.status = status
        self.type = error_type
        self.server_message = server_message


def read_json(response: Response, *, thing: str, identity: str) -> Mapping[str, object]:
    """
    Return the JSON object of a good answer about *thing*; raise ``AppwriteError`` for any other answer.
    """
    raise_if_refused(response, thing=thing, identity=identity)
    answer = _json_object(response)
    if answer is None:
        raise not_appwrite(response, thing=thing, identity=identity)
    return answer


def raise_if_refused(response: Response, *, thing: str, identity: str) -> None:
    """
    Raise what the answer means to *identity*, who asked for *thing*, unless it is a good one (2xx).
    """
    if not 200 <= response.status < 300:
        kind = error_type_of(response)
        if kind:
            raise _refusal(response, kind, thing=thing, identity=identity)
        raise not_appwrite(response, thing=thing, identity=identity)


def error_type_of(response: Response) -> str:
    """
    Return the ``type`` of an error envelope; empty when the body is none.
    """
    kind = (_json_object(response) or {}).get("type")
    return kind if isinstance(kind, str) else ""


def _refusal(response: Response, kind: str, *, thing: str, identity: str) -> AppwriteError:
    reason = _reason(response.status, kind, identity)
    of_keys = _GONE.get(kind) if identity == KEY else None
    next_move = of_keys or _NEXT_MOVES.get(kind) or _NEXT_MOVES_BY_REASON.get(reason, "see the logs of the server")
    return AppwriteError(
        reason,
        fit(f"{thing} answered {response.status} {kind} to {identity!r}, expected 2xx: {next_move}"),
        status=response.status,
        error_type=fit(kind),
        server_message=str((_json_object(response) or {}).get("message", "")),
        identity=identity,
        server_is_appwrite=server_is_appwrite(response),
    )


def not_appwrite(response: Response, *, thing: str, identity: str) -> AppwriteError:
    """
    Return the failure of an answer that is not Appwrite's JSON: ``protocol``, unless its status says what it is.
    """
    reason = _STATUSES.get(response.status, Reason.HTTP_STATUS if response.status >= 500 else Reason.PROTOCOL)
    content_type = response.headers.get("content-type", "no content type").partition(";")[0]
    is_appwrite = server_is_appwrite(response)
    got = f"{response.status} with {len(response.body)} bytes of {content_type}, expected JSON"
    if "location" in response.headers:
        next_move = "it redirects: set the endpoint to the address it points at"
    elif is_appwrite:
        next_move = "see the logs of the server"
    else:
        next_move = "something before Appwrite answers: check the endpoint and the proxy"
    return AppwriteError(
        reason,
        fit(f"{thing} answered {got}: {next_move}"),
        status=response.status,
        error_type="",
        identity=identity,
        content_type=content_type,
        server_is_appwrite=is_appwrite,
    )


def _reason(status: int, kind: str, identity: str) -> Reason:
    if kind == "user_unauthorized":
        # To a key it says that the key itself is unknown here; permissions do not bind keys.
        return Reason.UNAUTHORIZED if identity == KEY else Reason.PERMISSION_MISSING
    if kind in _TYPES:
        return _TYPES[kind]
    if status == 404 and kind.endswith("_not_found"):
        return Reason.NOT_FOUND
    return _STATUSES.get(status, Reason.HTTP_STATUS)


def _json_object(response: Response) -> Mapping[str, object] | None:
    try:
        answer = parse_json(response.body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def server_is_appwrite(response: Response) -> bool:
    """
    Return whether Appwrite itself answered, and not what stands before it.
    """
    return response.headers.get("server", "").lower().startswith("appwrite")
