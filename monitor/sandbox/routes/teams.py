"""
Routes on teams.

A server key may do everything. A user sees the teams he belongs to and changes those he owns.
"""

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing, unauthorized
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.memberships import announce, belongs, find_team, join, owns, read_roles
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.teams import OWNER, Team

_MAX_NAME = 128
# A real server has no such bound, nor that of memberships.
_MAX_TEAMS = 5_000


def _list(call: Call) -> Answer:
    sizes = call.world.teams.sizes()
    shown = [_show(each, size=sizes[each.id]) for each in call.world.teams.values() if belongs(call, each)]
    return listed(call, "teams", matching(call, shown, of=("$id", "name")), askable=("name", "total"))


def _create(call: Call) -> Answer:
    wanted = call.fields.get("teamId")
    if wanted is None:
        raise argument_missing("teamId")
    id_, name = chosen_id(wanted, "teamId"), _name(call)
    roles = read_roles(call, default=(OWNER,))
    if id_ in call.world.teams:
        raise AppwriteError(
            409,
            "team_already_exists",
            "Team with requested ID already exists. Please choose a different ID and try again.",
        )
    if len(call.world.teams) >= _MAX_TEAMS:
        raise AppwriteError(400, "general_bad_request", f"This sandbox holds at most {_MAX_TEAMS:,} teams.")
    now = call.world.now()
    team = Team(id=id_, name=name, created_at=now, updated_at=now)
    if call.caller.user is not None:
        join(call, call.caller.user, team, roles)
    call.world.teams[id_] = team
    return _written(call, team, action="create", status=201)


def _get(call: Call) -> Answer:
    return Answer(body=_shown(call, find_team(call)))


def _update(call: Call) -> Answer:
    name = _name(call)
    team = _owned(call)
    team.name, team.updated_at = name, call.world.now()
    return _written(call, team, action="update", status=200)


def _delete(call: Call) -> Answer:
    team = _owned(call)
    shown = _shown(call, team)
    members = call.world.teams.remove(team.id)
    announce(call, {"teams": team.id}, "delete", shown)
    for each in members:
        call.publisher.refresh_roles(each)
    return Answer(status=204)


def _get_prefs(call: Call) -> Answer:
    return Answer(body=find_team(call).prefs)


def _set_prefs(call: Call) -> Answer:
    prefs = call.fields.get("prefs")
    if not isinstance(prefs, dict):
        raise argument_invalid("prefs", "Value must be a valid object.")
    team = find_team(call)
    team.prefs, team.updated_at = prefs, call.world.now()
    return Answer(body=prefs)


def _name(call: Call) -> str:
    name = call.text("name")
    if not 1 <= len(name) <= _MAX_NAME:
        raise argument_invalid(
            "name", f"Value must be a valid string and at least 1 chars and no longer than {_MAX_NAME} chars"
        )
    return name


def _owned(call: Call) -> Team:
    team = find_team(call)
    if not call.caller.is_key and not owns(call, team):
        raise unauthorized()
    return team


def _shown(call: Call, team: Team) -> dict[str, object]:
    return _show(team, size=call.world.teams.sizes()[team.id])


def _show(team: Team, *, size: int) -> dict[str, object]:
    return {
        "$id": team.id,
        "$createdAt": team.created_at,
        "$updatedAt": team.updated_at,
        "name": team.name,
        "total": size,
        "prefs": team.prefs,
    }


def _written(call: Call, team: Team, *, action: str, status: int) -> Answer:
    shown = _shown(call, team)
    announce(call, {"teams": team.id}, action, shown)
    return Answer(status=status, body=shown)


_READ = ("teams.read",)
_WRITE = ("teams.write",)
_TEAM = "/teams/{team}"

ROUTES = (
    Route(method="GET", path="/teams", handler=_list, scopes=_READ),
    Route(method="POST", path="/teams", handler=_create, scopes=_WRITE),
    Route(method="GET", path=_TEAM, handler=_get, scopes=_READ),
    Route(method="PUT", path=_TEAM, handler=_update, scopes=_WRITE),
    Route(method="DELETE", path=_TEAM, handler=_delete, scopes=_WRITE),
    Route(method="GET", path=f"{_TEAM}/prefs", handler=_get_prefs, scopes=_READ),
    Route(method="PUT", path=f"{_TEAM}/prefs", handler=_set_prefs, scopes=_WRITE),
)
