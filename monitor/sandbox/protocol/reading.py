"""
What a request carries: its path in parts, and its parameters, however odd they are.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from monitor.sandbox.protocol.lists import read_query

# What a real server's JSON parser takes.
_MAX_DEPTH = 512
_BODY_SECONDS = 30.0


def segments_of(request: web.BaseRequest) -> list[str]:
    """
    Return the path in its parts; empty ones do not exist, as with a real server.
    """
    return [unquote(part) for part in request.rel_url.raw_path.split("/") if part]


async def read_fields(request: web.BaseRequest) -> Mapping[str, object]:
    """
    Return the query of a GET and the body of any other method; a body that cannot be read is an empty one.

    Raises ``TimeoutError`` when the body does not come, and ``HTTPRequestEntityTooLarge`` when there is no end of it.
    """
    if request.method in {"GET", "HEAD"}:
        return read_query(request.rel_url.query.items())
    async with asyncio.timeout(_BODY_SECONDS):
        body = await request.read()
    if request.content_type == "application/x-www-form-urlencoded":
        return read_query(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    if request.content_type != "application/json":
        return {}
    return read_object(body)


def read_object(text: bytes | str) -> dict[str, object]:
    """
    Return the JSON object in *text*, an empty one for whatever a real server cannot read.
    """
    try:
        value = parse_json(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def parse_json(text: bytes | str) -> object:
    """
    Return what *text* holds; raise ``ValueError`` where a real server's JSON parser does.
    """
    written = text.decode() if isinstance(text, bytes) else text
    try:
        value: object = json.loads(written, parse_constant=_refuse, parse_float=_finite)
        if "\\u" in written:
            # Half of a surrogate pair is JSON to Python, but no text that could be sent on.
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("too deep") from None
    if _depth(value) > _MAX_DEPTH:
        raise ValueError("too deep")
    return value


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _finite(digits: str) -> float:
    # Beyond the largest number is infinity to Python, which is no JSON when it is sent on.
    return max(-sys.float_info.max, min(sys.float_info.max, float(digits)))


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while depth <= _MAX_DEPTH:
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            break
        depth += 1
        level = [inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)]
    return depth
