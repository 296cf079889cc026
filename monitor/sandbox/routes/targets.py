"""
Routes on the targets of users, for server keys: where messages reach them.
"""

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.listing import listed
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.targets import PROVIDER_TYPES, Target

# Of one user; a real server has no such limit.
_MAX_TARGETS = 100
_ASKABLE = ("name", "userId", "providerId", "providerType", "identifier", "expired")


def _list(call: Call) -> Answer:
    return listed(call, "targets", [each.shown() for each in _user(call).targets], askable=_ASKABLE)


def _create(call: Call) -> Answer:
    wanted = call.fields.get("targetId")
    if wanted is None:
        raise argument_missing("targetId")
    id_ = chosen_id(wanted, "targetId")
    provider_type, identifier = call.text("providerType"), call.text("identifier")
    if provider_type not in PROVIDER_TYPES:
        raise argument_invalid("providerType", f"Value must be one of ({', '.join(PROVIDER_TYPES)})")
    user, now = _user(call), call.world.now()
    taken = any(each.id == id_ or each.identifier == identifier for each in user.targets)
    if taken or len(user.targets) >= _MAX_TARGETS:
        message = "A target with the same ID already exists."
        raise AppwriteError(409, "user_target_already_exists", message)
    target = Target(
        id=id_,
        user_id=user.id,
        provider_type=provider_type,
        identifier=identifier,
        created_at=now,
        updated_at=now,
        name=call.text("name", default=""),
        provider_id=call.text("providerId", default="") or None,
    )
    user.extra_targets.append(target)
    return Answer(status=201, body=target.shown())


def _get(call: Call) -> Answer:
    return Answer(body=_find(call).shown())


def _update(call: Call) -> Answer:
    target = _find(call)
    target.identifier = call.text("identifier", default=target.identifier)
    target.name = call.text("name", default=target.name)
    target.expired = target.expired and "identifier" not in call.fields
    target.updated_at = call.world.now()
    return Answer(body=target.shown())


def _delete(call: Call) -> Answer:
    target, user = _find(call), _user(call)
    user.extra_targets = [each for each in user.extra_targets if each.id != target.id]
    return Answer(status=204)


def _user(call: Call) -> User:
    user = call.world.accounts.users.get(call.path["user"])
    if user is None:
        raise AppwriteError(404, "user_not_found", "User with the requested ID could not be found.")
    return user


def _find(call: Call) -> Target:
    for each in _user(call).targets:
        if each.id == call.path["target"]:
            return each
    raise AppwriteError(404, "user_target_not_found", "The target could not be found.")


_READ = ("targets.read",)
_WRITE = ("targets.write",)
_MANY = "/users/{user}/targets"
_ONE = f"{_MANY}/{{target}}"

ROUTES = (
    Route(method="GET", path=_MANY, handler=_list, scopes=_READ),
    Route(method="POST", path=_MANY, handler=_create, scopes=_WRITE),
    Route(method="GET", path=_ONE, handler=_get, scopes=_READ),
    Route(method="PATCH", path=_ONE, handler=_update, scopes=_WRITE),
    Route(method="DELETE", path=_ONE, handler=_delete, scopes=_WRITE),
)
