"""
Makes an identity able to ask: signs it in, and has the run undo what that left behind.
"""

from monitor.appwrite.rest import Client
from monitor.core.check import Run
from monitor.core.errors import OwnFault
from monitor.core.identity import KEY, Anonymous, Guest, Identity, Password, User


async def sign_in(run: Run, identity_name: str, *, fresh: bool = True) -> Client:
    """
    Return a client that acts as the declared identity, or as the server key for ``key``.

    A refusal keeps the reason that Appwrite gave; what the configuration lacks is ``OwnFault``.
    """
    if identity_name == KEY:
        return _client(run, KEY, _key_headers(run, "the server key"), fresh=fresh)
    identity = run.identities.get(identity_name)
    if identity is None:
        raise OwnFault(f"no identity {identity_name!r} is declared: add it under identities")
    headers = await _sign_in(run, identity_name, identity)
    return _client(run, identity_name, headers, fresh=fresh)


async def _sign_in(run: Run, name: str, identity: Identity) -> dict[str, str]:
    match identity:
        case Guest():
            return {}
        case User(user_id=user_id):
            key = _client(run, KEY, _key_headers(run, name))
            return {"X-Appwrite-JWT": await key.create_jwt(user_id)}
        case Password():
            return await _by_password(run, name, identity)
        case Anonymous():
            return await _anonymously(run, name)


async def _by_password(run: Run, name: str, identity: Password) -> dict[str, str]:
    session = await _client(run, name, {}).create_email_session(identity.email, identity.password.get_secret_value())
    headers = {"X-Appwrite-Session": session.secret}
    if run.target.api_key is None:
        run.clean_up(_client(run, name, headers).delete_session, session.id)
    else:
        # With the key, since the session itself may be what is broken.
        key = _client(run, KEY, _key_headers(run, name))
        run.clean_up(key.delete_user_session, session.user_id, session.id)
    return headers


async def _anonymously(run: Run, name: str) -> dict[str, str]:
    # Before the account is made: without the key it could not be removed again.
    key = _client(run, KEY, _key_headers(run, name))
    session = await _client(run, name, {}).create_anonymous_session()
    run.clean_up(key.delete_user, session.user_id)
    return {"X-Appwrite-Session": session.secret}


def _client(run: Run, name: str, headers: dict[str, str], *, fresh: bool = True) -> Client:
    return Client(run, identity=name, session=run.transport.session(name), headers=headers, fresh=fresh)


def _key_headers(run: Run, needed_by: str) -> dict[str, str]:
    if run.target.api_key is None:
        raise OwnFault(f"{needed_by} needs the server key: set target.api_key")
    return {"X-Appwrite-Key": run.target.api_key.get_secret_value()}
