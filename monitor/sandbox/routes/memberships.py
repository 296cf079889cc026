"""
Routes on memberships, and what routes on teams share with them.

A server key makes memberships that are confirmed at once. A user cannot invite, since that takes an e-mail and this
installation sends none.
"""

from collections.abc import Iterable

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing, unauthorized
from monitor.sandbox.protocol.announcing import channels_of, names_of
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.accounts import Membership, User
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.teams import OWNER, Team

_MAX_ROLES = 100
_MAX_ROLE = 81
_MAX_MEMBERSHIPS = 500
_ASKABLE = ("userId", "teamId", "invited", "joined", "confirm", "roles")


def read_roles(call: Call, *, default: tuple[str, ...] | None) -> tuple[str, ...]:
    """
    Return the roles that a body names; without a default they must be there.
    """
    if call.fields.get("roles") is None:
        if default is None:
            raise argument_missing("roles")
        return default
    roles = call.texts("roles")
    if len(roles) > _MAX_ROLES or not all(0 < len(each) <= _MAX_ROLE and each.isprintable() for each in roles):
        raise argument_invalid("roles", f"Value must a valid array no longer than {_MAX_ROLES} items")
    return tuple(dict.fromkeys(roles))


def join(call: Call, user: User, team: Team, roles: Iterable[str]) -> Membership:
    """
    Make *user* a member.
    """
    if len(user.memberships) >= _MAX_MEMBERSHIPS:
        raise AppwriteError(400, "general_bad_request", f"A user has at most {_MAX_MEMBERSHIPS} memberships here.")
    membership = Membership(id=unique_id(), team_id=team.id, roles=tuple(roles), joined_at=call.world.now())
    user.memberships.append(membership)
    call.publisher.refresh_roles(user)
    return membership


def find_team(call: Call) -> Team:
    """
    Return the team of the path, as far as the caller may see it.
    """
    team = call.world.teams.get(call.path["team"])
    if team is None or not belongs(call, team):
        raise AppwriteError(404, "team_not_found", "Team with the requested ID could not be found.")
    return team


def belongs(call: Call, team: Team) -> bool:
    """
    Return whether the caller sees a team.
    """
    return call.caller.is_key or f"team:{team.id}" in call.caller.roles


def owns(call: Call, team: Team) -> bool:
    """
    Return whether the caller may change a team.
    """
    return f"team:{team.id}/{OWNER}" in call.caller.roles


def announce(call: Call, parts: dict[str, str], action: str, payload: dict[str, object]) -> None:
    """
    Tell the members of a team what happened to it, or to a membership.
    """
    noun, id_ = list(parts.items())[-1]
    call.publisher.announce(
        names=names_of(parts, action),
        channels=channels_of([noun, f"{noun}.{id_}"], action, call.world.profile),
        roles=[f"team:{parts['teams']}"],
        payload=payload,
    )


def _list_memberships(call: Call) -> Answer:
    team = find_team(call)
    shown = [_show_membership(team, user, each) for user, each in call.world.teams.members(team.id)]
    found = matching(call, shown, of=("$id", "userId"))
    return listed(call, "memberships", found, askable=_ASKABLE)


def _create_membership(call: Call) -> Answer:
    roles = read_roles(call, default=None)
    user_id, email = call.text("userId", default=""), call.text("email", default="").lower()
    if not user_id and not email:
        raise AppwriteError(400, "general_argument_invalid", "At least one of userId, email, or phone is required")
    if not call.caller.is_key:
        message = "SMTP is disabled on your Appwrite instance. You can learn more about setting up SMTP in our docs."
        raise AppwriteError(503, "general_smtp_disabled", message)
    team = find_team(call)
    user = _invited(call, user_id=user_id, email=email)
    if any(each.team_id == team.id for each in user.memberships):
        raise AppwriteError(409, "membership_already_confirmed", "Membership is already confirmed.")
    membership = join(call, user, team, roles)
    shown = _show_membership(team, user, membership)
    announce(call, {"teams": team.id, "memberships": membership.id}, "create", shown)
    return Answer(status=201, body=shown)


def _get_membership(call: Call) -> Answer:
    team = find_team(call)
    user, membership = _find_membership(call, team)
    return Answer(body=_show_membership(team, user, membership))


def _update_membership(call: Call) -> Answer:
    roles = read_roles(call, default=None)
    team = find_team(call)
    user, membership = _find_membership(call, team)
    if not call.caller.is_key and not owns(call, team):
        raise unauthorized("User is not allowed to modify roles")
    membership.roles = roles
    call.publisher.refresh_roles(user)
    shown = _show_membership(team, user, membership)
    announce(call, {"teams": team.id, "memberships": membership.id}, "update", shown)
    return Answer(body=shown)


def _delete_membership(call: Call) -> Answer:
    team = find_team(call)
    user, membership = _find_membership(call, team)
    if not call.caller.is_key and user is not call.caller.user and not owns(call, team):
        raise unauthorized()
    shown = _show_membership(team, user, membership)
    user.memberships.remove(membership)
    call.publisher.refresh_roles(user)
    announce(call, {"teams": team.id, "memberships": membership.id}, "delete", shown)
    return Answer(status=204)


def _list_of_user(call: Call) -> Answer:
    user = call.world.accounts.users.get(call.path["user"])
    if user is None:
        raise _no_user()
    teams = call.world.teams
    shown = [_show_membership(teams[each.team_id], user, each) for each in user.memberships]
    found = matching(call, shown, of=("$id", "teamId"))
    return listed(call, "memberships", found, askable=_ASKABLE)


def _invited(call: Call, *, user_id: str, email: str) -> User:
    accounts = call.world.accounts
    user = accounts.users.get(user_id) if user_id else accounts.by_email(email)
    if user is None and user_id:
        raise _no_user()
    return user or accounts.create(id_=unique_id(), name=call.text("name", default=email), email=email)


def _find_membership(call: Call, team: Team) -> tuple[User, Membership]:
    for user, membership in call.world.teams.members(team.id):
        if membership.id == call.path["membership"]:
            return user, membership
    raise AppwriteError(404, "membership_not_found", "Membership with the requested ID could not be found.")


def _no_user() -> AppwriteError:
    return AppwriteError(404, "user_not_found", "User with the requested ID could not be found.")


def _show_membership(team: Team, user: User, membership: Membership) -> dict[str, object]:
    return {
        "$id": membership.id,
        "$createdAt": membership.joined_at,
        "$updatedAt": membership.joined_at,
        "userId": user.id,
        "userName": user.name,
        "userEmail": user.email or "",
        "teamId": team.id,
        "teamName": team.name,
        "invited": membership.joined_at,
        "joined": membership.joined_at,
        "confirm": True,
        "mfa": False,
        "roles": list(membership.roles),
    }


_READ = ("teams.read",)
_WRITE = ("teams.write",)
_MANY = "/teams/{team}/memberships"
_ONE = f"{_MANY}/{{membership}}"

ROUTES = (
    Route(method="GET", path=_MANY, handler=_list_memberships, scopes=_READ),
    Route(method="POST", path=_MANY, handler=_create_membership, scopes=_WRITE),
    Route(method="GET", path=_ONE, handler=_get_membership, scopes=_READ),
    Route(method="PATCH", path=_ONE, handler=_update_membership, scopes=_WRITE),
    Route(method="DELETE", path=_ONE, handler=_delete_membership, scopes=_WRITE),
    Route(method="GET", path="/users/{user}/memberships", handler=_list_of_user, scopes=("users.read",)),
)
