"""
What the sandbox answers instead of a result, and Appwrite's words for it.

A caller branches on ``type``; the texts are those recorded from a real server.
"""

from monitor.sandbox.profile import Profile

# Any other status goes out as 500, with its type but without its text.
_PASSED_ON = frozenset({400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 416, 422, 429, 451, 500, 501, 503})
_MASKED = "Server Error"
_ANOTHER_ID = " Try again with a different ID or use ID.unique() to generate a unique ID."


class AppwriteError(Exception):
    """
    Ends a call with Appwrite's error envelope; *without_id* is the message of versions that name no id.
    """

    def __init__(self, status: int, kind: str, message: str, *, without_id: str | None = None) -> None:
        super().__init__(message)
        hidden = status not in _PASSED_ON
        self.status = 500 if hidden else status
        self.kind = kind
        self.message = _MASKED if hidden else message
        self._without_id = None if hidden else without_id

    def envelope(self, profile: Profile) -> dict[str, object]:
        """
        Return the JSON body of the answer.
        """
        message = self.message if profile.ids_in_messages else self._without_id or self.message
        return {"message": message, "code": self.status, "type": self.kind, "version": profile.version}


class EarlyError(AppwriteError):
    """
    Ends a call before the server has looked at it: what it needs for that is not there.
    """


def server_error(kind: str = "general_unknown") -> AppwriteError:
    """
    Say that something went wrong that is none of the caller's business.
    """
    return AppwriteError(500, kind, _MASKED)


def argument_invalid(parameter: str, problem: str) -> AppwriteError:
    """
    Refuse a parameter for its value.
    """
    return AppwriteError(400, "general_argument_invalid", f"Invalid `{parameter}` param: {problem}")


def argument_missing(parameter: str) -> AppwriteError:
    """
    Refuse a call that lacks a parameter.
    """
    return AppwriteError(400, "general_argument_invalid", f'Param "{parameter}" is not optional.')


def query_invalid(problem: str) -> AppwriteError:
    """
    Refuse a query.
    """
    return AppwriteError(400, "general_query_invalid", f"Invalid query: {problem}")


def route_not_found() -> AppwriteError:
    """
    Say that no route has this method and path.
    """
    return AppwriteError(
        404, "general_route_not_found", "The requested route was not found. Please refer to the API docs and try again."
    )


def project_not_found() -> AppwriteError:
    """
    Refuse an unknown project.
    """
    return AppwriteError(
        404,
        "project_not_found",
        "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to"
        " ensure the correct project ID is being used.",
    )


def unauthorized(message: str | None = None) -> AppwriteError:
    """
    Refuse an action to somebody who lacks the permission for it.
    """
    return AppwriteError(
        401, "user_unauthorized", message or "The current user is not authorized to perform the requested action."
    )


def scope_missing(who: str, scopes: tuple[str, ...]) -> AppwriteError:
    """
    Refuse a route to *who*, as Appwrite writes a caller: ``User (role: guests)``.
    """
    wanted = ",".join(f'"{scope}"' for scope in scopes)
    return AppwriteError(401, "general_unauthorized_scope", f"{who} missing scopes ([{wanted}])")


def not_found(noun: str, id_: str) -> AppwriteError:
    """
    Say that a database, collection, document, row, … does not exist, or may not be seen.
    """
    return AppwriteError(
        404,
        f"{noun}_not_found",
        f"{noun.capitalize()} with the requested ID '{id_}' could not be found.",
        without_id=f"{noun.capitalize()} with the requested ID could not be found.",
    )


def key_not_found(noun: str, key: str) -> AppwriteError:
    """
    Say that an attribute, column or index does not exist.
    """
    name = noun.replace("column_index", "index").capitalize()
    return AppwriteError(
        404,
        f"{noun}_not_found",
        f"{name} with the requested key '{key}' could not be found.",
        without_id=f"{name} with the requested ID could not be found.",
    )


def already_exists(noun: str, id_: str) -> AppwriteError:
    """
    Say that an id is taken.
    """
    subject = f"A {noun}" if noun in {"collection", "table"} else noun.capitalize()
    return AppwriteError(
        409,
        f"{noun}_already_exists",
        f"{subject} with the requested ID '{id_}' already exists.{_ANOTHER_ID}",
        without_id=f"{subject} with the requested ID already exists.{_ANOTHER_ID}",
    )
