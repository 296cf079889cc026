"""
HTTP control of what a console would change: keys, services, APIs, platforms. Guarded like the switches of the faults.

::

    GET    /sandbox/console                    all of it, without secrets
    POST   /sandbox/console/keys               {"name", "scopes", "expire"}, each optional → the key with its secret
    DELETE /sandbox/console/keys/ID
    PUT    /sandbox/console/services/NAME      {"enabled": false}
    PUT    /sandbox/console/protocols/NAME     {"enabled": false}; rest, graphql or websocket
    PUT    /sandbox/console/platforms/HOST     let pages of a host call
    DELETE /sandbox/console/platforms/HOST
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web

from monitor.core.errors import ConfigError
from monitor.sandbox.protocol.reading import parse_json
from monitor.sandbox.protocol.routing import SERVICES
from monitor.sandbox.state.identifiers import stamp
from monitor.sandbox.state.world import ApiKey, World
from monitor.sandbox.trust import distrust

PREFIX = ["sandbox", "console"]
PROTOCOLS = ("graphql", "rest", "websocket")

MAX_KEYS = 100
MAX_PLATFORMS = 100
_MAX_SCOPES = 200
_MAX_NAME = 128
_MAX_BODY_BYTES = 65_536
_BODY_SECONDS = 5.0
_SCOPE = re.compile(r"[a-z][a-z.-]{0,63}")
_HOST = re.compile(r"[a-z0-9:*][a-z0-9.:*-]{0,252}")


class Missing(ConfigError):
    """
    There is nothing under that name.
    """


class Console:
    """
    Answers everything under ``/sandbox/console``.
    """

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token

    async def answer(self, request: web.BaseRequest, segments: Sequence[str]) -> web.Response:
        """
        Answer one request; *segments* are the parts of its path.
        """
        refusal = distrust(request, self._token)
        if refusal:
            return _sentence(403, refusal)
        try:
            return await self._change(request, segments[len(PREFIX) :])
        except Missing as error:
            return _sentence(404, str(error))
        except ConfigError as error:
            return _sentence(400, str(error))

    async def _change(self, request: web.BaseRequest, path: Sequence[str]) -> web.Response:
        match request.method, *path:
            case ["GET"]:
                return web.json_response(self._show())
            case ["POST", "keys"]:
                return web.json_response(self._add_key(await _read(request)), status=201)
            case ["DELETE", "keys", id_]:
                del self._world.keys[self._find_key(id_).secret]
            case ["PUT", "services", name]:
                _switch(self._world.services_off, name, await _read(request), known=sorted(SERVICES))
            case ["PUT", "protocols", name]:
                _switch(self._world.protocols_off, name, await _read(request), known=PROTOCOLS)
            case ["PUT", "platforms", host]:
                self._add_platform(host.lower())
            case ["DELETE", "platforms", host]:
                self._remove_platform(host.lower())
            case _:
                raise Missing("there is nothing here: use keys, services/NAME, protocols/NAME or platforms/HOST")
        return web.json_response(self._show())

    def _show(self) -> dict[str, object]:
        world = self._world
        return {
            "keys": [_show_key(each) for each in world.keys.values()],
            "services": {name: name not in set(world.services_off) for name in sorted(SERVICES)},
            "protocols": {name: name not in set(world.protocols_off) for name in PROTOCOLS},
            "platforms": sorted(world.platforms),
        }

    def _add_key(self, body: Mapping[str, object]) -> dict[str, object]:
        unknown = sorted(body.keys() - {"name", "scopes", "expire"})
        if unknown:
            raise ConfigError(f"a key has no {unknown[0]!r}: use name, scopes and expire")
        name, scopes, expires_at = _name(body), _scopes(body.get("scopes")), _moment(body.get("expire"))
        if len(self._world.keys) >= MAX_KEYS:
            raise ConfigError(f"there are {MAX_KEYS} keys already: delete one first")
        secret = f"standard_{secrets.token_hex(32)}"
        key = replace(self._world.add_key(secret, scopes=scopes, expires_at=expires_at), name=name)
        self._world.keys[secret] = key
        return _show_key(key) | {"secret": secret}

    def _find_key(self, id_: str) -> ApiKey:
        for each in self._world.keys.values():
            if _id_of(each) == id_:
                return each
        raise Missing(f"no key {id_[:36]!r}: GET /sandbox/console lists them")

    def _add_platform(self, host: str) -> None:
        if not _HOST.fullmatch(host):
            raise ConfigError("a platform is a host name, without scheme, port or path")
        if len(self._world.platforms) >= MAX_PLATFORMS:
            raise ConfigError(f"there are {MAX_PLATFORMS} platforms already: delete one first")
        self._world.platforms.add(host)

    def _remove_platform(self, host: str) -> None:
        if host not in set(self._world.platforms):
            raise Missing(f"no platform {host[:64]!r}: GET /sandbox/console lists them")
        self._world.platforms.discard(host)


def _switch(off: set[str], name: str, body: Mapping[str, object], *, known: Sequence[str]) -> None:
    if name not in known:
        raise Missing(f"no {name[:36]!r}: choose one of {', '.join(known)}")
    enabled = body.get("enabled")
    if not isinstance(enabled, bool) or len(body) != 1:
        raise ConfigError('the body must be {"enabled": true} or {"enabled": false}')
    if enabled:
        off.discard(name)
    else:
        off.add(name)


def _name(body: Mapping[str, object]) -> str:
    name = body.get("name", "")
    if not isinstance(name, str) or len(name) > _MAX_NAME:
        raise ConfigError(f"name must be a text of at most {_MAX_NAME} characters")
    return name


def _scopes(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    scopes = value if isinstance(value, list) and len(value) <= _MAX_SCOPES else [None]
    if not all(isinstance(each, str) and _SCOPE.fullmatch(each) for each in scopes):
        raise ConfigError("scopes must be a list of scopes such as 'users.read', or null for all of them")
    return frozenset(str(each) for each in scopes)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ConfigError("expire must be a time such as 2026-08-21T12:34:56+00:00, or null for never") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show_key(key: ApiKey) -> dict[str, object]:
    return {
        "id": _id_of(key),
        "name": key.name,
        "scopes": None if key.scopes is None else sorted(key.scopes),
        "expire": stamp(key.expires_at) if key.expires_at else None,
    }


def _id_of(key: ApiKey) -> str:
    # Names a key without giving it away.
    return hashlib.sha256(key.secret.encode()).hexdigest()[:20]


async def _read(request: web.BaseRequest) -> Mapping[str, object]:
    body: object = None
    if (request.content_length or 0) <= _MAX_BODY_BYTES:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = parse_json(await request.read() or b"{}")
        except (ValueError, TimeoutError, web.HTTPRequestEntityTooLarge):
            body = None
    if not isinstance(body, dict):
        raise ConfigError("the body must be a small JSON object, or empty")
    return body


def _sentence(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
