"""
Whose fault a refusal is: the target's, or that of credentials which are the monitor's own.

A revoked key, a missing scope, a blocked test user or an expired session say nothing about the platform: whoever holds
the right ones may go on. So they are ``OwnFault``, with the fix. Appwrite answers some of them as it answers a lack of
permission, or another region; then one more question tells them apart. Also a JWT that this very run had made and that
is refused: the platform contradicts itself there, but nobody else is kept out by it; ``login`` judges what users meet.
"""

import re
from typing import TYPE_CHECKING

from monitor.appwrite.errors import AppwriteError, error_type_of
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.identity import KEY
from monitor.core.outcome import Reason

if TYPE_CHECKING:
    from monitor.appwrite.caller import Caller

_SCOPES = re.compile(r"missing scopes? \(\[?([^)\]]*)")

# Error types that are about the credentials whatever was asked, with the fix.
_FIXES = {
    "project_key_expired": "make a new server key in the console under Overview > Integrations > API keys",
    "user_blocked": "unblock this test user in the console under Auth",
    "user_invalid_credentials": "correct e-mail and password of this identity, or reset the user's password",
    "user_jwt_invalid": "the platform has just made its JWT: its clocks or signing keys disagree: see what login finds",
    "user_invalid_token": "its token is not accepted: check the user in the console under Auth",
    "user_more_factors_required": "switch multi-factor sign-in off for this test user",
    "user_password_reset_required": "reset the password of this test user",
    "user_jwt_and_cookie_set": "two proofs of identity in one request: this is a bug of the monitor",
    "user_api_key_and_session_set": "key and session in one request: this is a bug of the monitor",
}
# What a guest without an account is told where the project lives; services and REST may be switched off there.
_WORDS_OF_THE_PROJECT = frozenset({"general_unauthorized_scope", "general_service_disabled", "general_api_disabled"})


async def blame(caller: "Caller", error: AppwriteError) -> MonitorError:
    """
    Return *error* as it is when the target is to blame for it, an ``OwnFault`` when the credentials of *caller* are.
    """
    if fix := _FIXES.get(error.type):
        return _own(caller, error, fix)
    if caller.identity == KEY:
        return await _blame_key(caller, error)
    if caller.credentials and await _may_be_nobody(caller, error):
        return _own(caller, error, "its session has ended, so that it counts as a guest: see what ends sessions")
    return error


async def is_nobody(caller: "Caller") -> bool:
    """
    Return whether the server takes *caller*, who has proofs of identity, for a guest, or refuses them.
    """
    return error_type_of(await caller.send("GET", "/account")) in {"general_unauthorized_scope", *_FIXES}


def nobody(caller: "Caller") -> OwnFault:
    """
    Return the fault of a caller whose credentials the server does not take.
    """
    sees = "what ends its sessions, or blocks the user"
    if "X-Appwrite-JWT" in caller.credentials:
        sees = "what blocks the user, or whether the platform's clocks or signing keys disagree"
    text = f"the session or JWT of {caller.identity!r} is not accepted: see {sees}"
    return OwnFault(fit(text), identity=caller.identity, credentials="refused")


async def _blame_key(caller: "Caller", error: AppwriteError) -> MonitorError:
    if error.type == "general_unauthorized_scope":
        found = _SCOPES.search(error.server_message)
        scopes = tuple(re.findall(r"[a-z]+(?:\.[a-z]+)+", found[1])) if found else ()
        named = f"the scope {' or '.join(scopes)}" if scopes else "a scope"
        return _own(caller, error, f"give the server key {named} in the console under API keys", scopes=scopes)
    if error.type == "user_unauthorized" and await _project_answers(caller):
        return _own(caller, error, "the server key is wrong or revoked: make one in the console under API keys")
    return error


async def _project_answers(caller: "Caller") -> bool:
    # In another region a key is unknown too, but there a guest is refused as well, and before anything else. A question
    # that every version answers.
    try:
        answer = await caller.as_guest().send("GET", "/account")
    except CheckFailed:
        return False
    return error_type_of(answer) in _WORDS_OF_THE_PROJECT


async def _may_be_nobody(caller: "Caller", error: AppwriteError) -> bool:
    # A session that has ended is no error: its bearer is a guest, whom permissions may refuse.
    if error.type == "general_unauthorized_scope":
        return True
    if "X-Appwrite-Session" in caller.credentials and error.reason in {Reason.PERMISSION_MISSING, Reason.NOT_FOUND}:
        return await is_nobody(caller)
    return False


def _own(caller: "Caller", error: AppwriteError, fix: str, **evidence: tuple[str, ...]) -> OwnFault:
    who = "the server key" if caller.identity == KEY else f"identity {caller.identity!r}"
    text = f"{who} was refused ({error.status} {error.type}): {fix}"
    return OwnFault(
        fit(text), identity=caller.identity, status=error.status, type=error.type, credentials="refused", **evidence
    )
