"""
Makes an identity able to ask: signs it in, and has the run undo what that left behind.
"""

import asyncio
from collections.abc import Iterable, Mapping

from monitor.appwrite.accounts import demand_secret
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.rest import Client
from monitor.appwrite.version import has_jwts_for_keys
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.identity import KEY, Anonymous, Guest, Identity, Password, User
from monitor.core.run import Run
from monitor.core.together import together

# More connections at the same moment would be a load.
_AT_ONCE = 4


async def sign_in(run: Run, identity_name: str, *, fresh: bool = True) -> Client:
    """
    Return a client that acts as the declared identity, or as the server key for ``key``.

    A refusal keeps the reason that Appwrite gave; what the configuration lacks, or has wrong, is ``OwnFault``.
    """
    if identity_name == KEY:
        return _client(run, KEY, _key_headers(run, "this check"), fresh=fresh)
    identity = run.identities.get(identity_name)
    if identity is None:
        raise OwnFault(f"no identity {identity_name!r} is declared: add it under identities")
    headers = await _sign_in(run, identity_name, identity, fresh=fresh)
    return _client(run, identity_name, headers, fresh=fresh)


async def sign_in_all(run: Run, identity_names: Iterable[str], *, fresh: bool = True) -> tuple[Client, ...]:
    """
    Return what ``sign_in`` does for each, all at once.
    """
    # None is interrupted when another one fails: an account that it made would be left behind.
    signed_in = await asyncio.gather(
        *(sign_in(run, name, fresh=fresh) for name in identity_names), return_exceptions=True
    )
    for each in signed_in:
        if isinstance(each, BaseException):
            raise each
    return tuple(each for each in signed_in if isinstance(each, Client))


async def sign_in_each(run: Run, identity_names: Iterable[str]) -> dict[str, Client | MonitorError]:
    """
    Return for each what ``sign_in`` does, on connections that are kept, or why it does not; a few at once.
    """
    names = tuple(identity_names)
    signed_in: dict[str, Client | MonitorError] = {}

    async def try_to_sign_in(name: str) -> None:
        try:
            signed_in[name] = await sign_in(run, name, fresh=False)
        except MonitorError as error:
            signed_in[name] = error

    await together((try_to_sign_in(name) for name in names), at_once=_AT_ONCE)
    return {name: signed_in[name] for name in names}


async def _sign_in(run: Run, name: str, identity: Identity, *, fresh: bool) -> dict[str, str]:
    match identity:
        case Guest():
            return {}
        case User(user_id=user_id):
            key = _client(run, KEY, _key_headers(run, name), fresh=fresh)
            return {"X-Appwrite-JWT": await _jwt(key, name, user_id)}
        case Password():
            return await _by_password(run, name, identity)
        case Anonymous():
            return await _anonymously(run, name)


async def roles_of(run: Run, identity_name: str, *, client: Client | None = None) -> frozenset[str]:
    """
    Return the Appwrite roles that the declared identity holds, as ``appwrite-protocol.md`` 2.2 gives them.

    Asks for users with the server key (users.read); those of a password are found by signing in first, unless *client*
    acts as the identity already.
    """
    identity = run.identities.get(identity_name, Guest())
    match identity:
        case Guest():
            return frozenset({"any", "guests"})
        case User(user_id=user_id):
            return await _roles_of_user(await sign_in(run, KEY), identity_name, user_id)
        case Password() | Anonymous():
            account = await (client or await sign_in(run, identity_name)).get_account()
            return await _roles_of_user(await sign_in(run, KEY), identity_name, account.id)


async def roles_of_each(run: Run, clients: Mapping[str, Client]) -> dict[str, frozenset[str]]:
    """
    Return for each of *clients* (by identity) what ``roles_of`` does; a few at once.
    """
    roles: dict[str, frozenset[str]] = {}

    async def ask_for(name: str, client: Client) -> None:
        roles[name] = await roles_of(run, name, client=client)

    await together((ask_for(name, client) for name, client in clients.items()), at_once=_AT_ONCE)
    return roles


async def _roles_of_user(key: Client, name: str, user_id: str) -> frozenset[str]:
    try:
        user = await key.get_user(user_id)
    except AppwriteError as error:
        raise _no_user(error, name, user_id) from None
    verified = "verified" if user.email_verified or user.phone_verified else "unverified"
    roles = {"any", "users", f"users/{verified}", f"user:{user_id}", f"user:{user_id}/{verified}"}
    roles |= {f"label:{label}" for label in user.labels}
    for membership in await key.list_memberships(user_id):
        if membership.confirmed:
            team = f"team:{membership.team_id}"
            roles |= {team, f"member:{membership.id}", *(f"{team}/{role}" for role in membership.roles)}
    return frozenset(roles)


async def _jwt(key: Client, name: str, user_id: str) -> str:
    try:
        return await key.create_jwt(user_id)
    except AppwriteError as error:
        if _is_no_route(error) and (version := await _too_old(key)):
            text = (
                f"identity {name!r} needs Appwrite 1.6, since keys make no JWTs in {version}: use one of kind password"
            )
            raise OwnFault(fit(text), identity=name, version=version) from None
        raise _no_user(error, name, user_id) from None


def _is_no_route(error: AppwriteError) -> bool:
    return error.status == 404 and error.type in {"", "general_route_not_found"}


async def _too_old(key: Client) -> str:
    """
    Return the version of a server that cannot make JWTs for keys; empty when it can, or does not tell.
    """
    try:
        version = await key.get_version()
    except CheckFailed:
        return ""
    return "" if has_jwts_for_keys(version) else version


def _no_user(error: AppwriteError, name: str, user_id: str) -> MonitorError:
    if error.type != "user_not_found":
        return error
    text = (
        f"identity {name!r}: there is no user {user_id!r}: create the test user, or correct identities.{name}.user_id"
    )
    return OwnFault(fit(text), identity=name, status=error.status, type=error.type, credentials="refused")


async def _by_password(run: Run, name: str, identity: Password) -> dict[str, str]:
    session = await _client(run, name, {}).create_email_session(identity.email, identity.password.get_secret_value())
    headers = {"X-Appwrite-Session": session.secret}
    if run.target.api_key is None:
        # Which cannot sign out without the secret, and then nobody can.
        run.clean_up(_client(run, name, headers).delete_session, session.id)
    demand_secret(session, name)
    return headers


async def _anonymously(run: Run, name: str) -> dict[str, str]:
    # Without the key it could not be removed again.
    key = _client(run, KEY, _key_headers(run, name))
    session = await _client(run, name, {}).create_anonymous_session(since=await key.newest_user_at())
    return {"X-Appwrite-Session": demand_secret(session, name)}


def _client(run: Run, name: str, headers: dict[str, str], *, fresh: bool = True) -> Client:
    return Client(run, identity=name, session=run.transport.session(name), headers=headers, fresh=fresh)


def _key_headers(run: Run, needed_by: str) -> dict[str, str]:
    if run.target.api_key is None:
        raise OwnFault(f"{needed_by} needs the server key: set target.api_key")
    return {"X-Appwrite-Key": run.target.api_key.get_secret_value()}
