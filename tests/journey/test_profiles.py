"""
Profiles as they are configured: by name, like another one, or wholly of one's own; and what is refused, at its place.
"""

import copy
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from monitor import demo
from monitor.config import load_settings
from monitor.config.load import load_manifest
from monitor.config.schema import json_schema
from monitor.core.errors import ConfigError
from monitor.journey.declared import objection_to
from monitor.journey.journey import Journey
from monitor.journey.profile import Profile
from monitor.journey.profiles import NAMES, ProfileSetting, _built_in
from monitor.registry import load_registry

REGISTRY = load_registry()
MANIFEST = load_manifest(demo.CONFIG.with_name("demo.manifest.yaml"), {})
CONFIG = """\
target: {name: test, endpoint: http://127.0.0.1:1/v1, project: p, database: main, api_key: standard_0}
identities:
  guest: {kind: guest}
  customer: {kind: user, user_id: customer}
  therapist: {kind: user, user_id: therapist}
checks:
  flow:
    kind: booking_to_chat
    customer: customer
    therapist: therapist
"""
OWN = """\
    profile:
      booking: {collection: orders, data: {buyer: "{customer}", seller: "{therapist}", state: new}}
      dashboard: {collection: orders, where: {seller: "{therapist}"}}
      chat: {collection: talks, by: backend, data: {order: "{booking}"}}
      message: {collection: lines, data: {talk: "{chat}", words: "{text}"}, where: {talk: "{chat}"}, text: words}
      accept: {data: {state: taken}}
"""


def profile(given: object) -> Profile:
    found: Profile = TypeAdapter(ProfileSetting).validate_python(given)
    return found


def load(text: str, folder: Path) -> Profile:
    path = folder / "monitor.yaml"
    path.write_text(CONFIG + text)
    check = load_settings(path, REGISTRY, {}).checks["flow"]
    assert isinstance(check, Journey)
    return check.profile


def problems(text: str, folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        load(text, folder)
    return [problem.removeprefix(f"{folder}/monitor.yaml:") for problem in refusal.value.problems]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_for_a_profile(name: str) -> None:
    assert profile(name).name == name
    assert profile({"like": name}) == profile(name).model_copy(update={"name": f"like {name}"})


def test_a_profile_of_ones_own_needs_no_other(tmp_path: Path) -> None:
    found = load(OWN, tmp_path)

    assert (found.name, found.booking.collection, found.share) == ("custom", "orders", "backend")
    assert (found.therapist, found.reply, found.notification, found.own) == (None, None, None, ("booking", "chat"))


def test_what_is_said_replaces_what_it_is_like_at_every_level() -> None:
    changed = profile(
        {
            "like": "march",
            "name": "of ours",
            "share": ["team:pair"],
            "booking": {"data": {"durationMinutes": 60}, "objective": "9s"},
            "dashboard": {"where": {"status": ["pending", "pending_accept"]}},
            "objectives": {"event": "1s"},
        }
    )

    march = profile("march")
    assert (changed.name, changed.share, changed.objectives.event_seconds) == ("of ours", ("team:pair",), 1.0)
    assert changed.booking.data == {**march.booking.data, "durationMinutes": 60}
    assert (changed.booking.objective_seconds, changed.objectives.query_seconds) == (9.0, 2.0)
    assert changed.dashboard.where == {"therapistId": "{therapist}", "status": ["pending", "pending_accept"]}
    assert (changed.chat, changed.message) == (march.chat, march.message)


def test_what_is_nothing_is_left_out_at_every_level() -> None:
    changed = profile(
        {
            "like": "march",
            "reply": None,
            "chat": {"objective": None},
            "booking": {"data": {"responseDeadline": None}},
            "dashboard": {"where": {"status": None}},
            "switch": {"collection": "flags", "document": "site", "attribute": "on", "on": None},
            "nothing_of_the_kind": None,
        }
    )

    assert (changed.reply, changed.chat.objective_seconds) == (None, None)
    assert "responseDeadline" not in changed.booking.data
    assert changed.dashboard.where == {"therapistId": "{therapist}"}
    assert changed.switch is not None
    assert changed.switch.on is True


@pytest.mark.parametrize("name", NAMES)
def test_what_is_like_another_one_does_not_change_it(name: str) -> None:
    before = copy.deepcopy(_built_in(name))

    profile({"like": name, "booking": {"data": {"status": "other"}}, "dashboard": {"where": {"x": None}}})

    assert _built_in(name) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("profile: marhc", ["11:14: .profile: unknown profile 'marhc': did you mean 'march'?"], id="name"),
        pytest.param(
            "profile: {like: june}",
            ["11:21: .profile.like: unknown profile 'june': there are january, march"],
            id="like",
        ),
        pytest.param(
            "profile: {like: [march]}",
            ["11:21: .profile.like: unknown profile \"['march']\": did you mean 'march'?"],
            id="like a list",
        ),
        pytest.param(
            "profile: 7", ["11:14: .profile: must be a mapping of keys to values, got a single value"], id="a number"
        ),
        pytest.param(
            "profile: [march]", ["11:14: .profile: must be a mapping of keys to values, got a list"], id="a list"
        ),
        pytest.param("every: 3m", ["7:3: .profile: is missing: add it"], id="none"),
        pytest.param(
            "profile:\n      like: march\n      dashboard:\n        wher: {a: b}\n        collection: 7",
            [
                "14:9: .profile.dashboard.wher: unknown key: did you mean where?",
                "15:21: .profile.dashboard.collection: must be text, got 7: put it in quotes",
            ],
            id="keys and types, all at once",
        ),
        pytest.param(
            "profile:\n      like: march\n      dashboard: {where: {providerId: '{therapst}'}}\n"
            "      booking:\n        data: {list: [1, {deep: '{prize}'}]}",
            [
                "13:39: .profile.dashboard.where.providerId: unknown placeholder 'therapst': did you mean 'therapist'?",
                "15:22: .profile.booking.data.list: unknown placeholder 'prize': there are booking, chat, customer,"
                " deadline, now, reply, start, text, therapist, therapist_user, whatsapp",
            ],
            id="placeholders",
        ),
        pytest.param(
            "profile:\n      like: march\n      dashboard:\n        where: {a: {above: 1}, b: [1, null]}",
            [
                "14:17: .profile.dashboard.where.a: a condition is a value, a list of values, or one of after, before"
                " and not with a value",
                "14:35: .profile.dashboard.where.b: a condition needs a value; a list of them stands alone, without"
                " after, before or not",
            ],
            id="conditions",
        ),
        pytest.param(
            "profile:\n      like: march\n      accept: null\n      message: {text: null}",
            ["13:15: .profile.accept: is missing: add it", "14:23: .profile.message.text: is missing: add it"],
            id="what must not be left out",
        ),
        pytest.param(
            "profile:\n      like: march\n      dashboard: {where: {therapistId: null, status: null}}",
            ["13:26: .profile.dashboard.where: must have at least 1 entries, got a mapping"],
            id="a query for everything",
        ),
        pytest.param(
            "profile:\n      like: march\n      therapist: {where: {userId: null}}",
            ["13:26: .profile.therapist.where: must have at least 1 entries, got a mapping"],
            id="any therapist",
        ),
        pytest.param(
            "profile:\n      like: march\n      booking: {data: null}",
            ["13:7: .profile.booking: data is missing: say what its writer writes"],
            id="nothing to write",
        ),
        pytest.param(
            "profile:\n      like: march\n      booking: {by: platform}",
            ["13:21: .profile.booking.by: somebody must book: customer or backend"],
            id="nobody books",
        ),
        pytest.param(
            "profile:\n      like: march\n      chat: {where: {bookingId: null, userId: '{customer}'}}",
            [
                "13:14: .profile.chat.where: the platform writes it under an id of its own: name an attribute that is"
                " '{booking}', by which it can be found to be removed"
            ],
            id="a chat record that cannot be removed",
        ),
        pytest.param(
            "profile:\n      like: march\n      notification: {where: {relatedId: '{chat}'}}",
            [
                "13:22: .profile.notification.where: the platform writes it under an id of its own: name an attribute"
                " that is '{booking}', by which it can be found to be removed"
            ],
            id="a notification of a chat that is the platform's",
        ),
        pytest.param(
            "profile:\n      like: march\n      message: {data: {text: hello}}\n      reply: {data: {text: '{text}'}}",
            [
                "13:17: .profile.message.data: one attribute must be '{text}' and nothing else: by that"
                " the message is looked for",
            ],
            id="a message that is always the same",
        ),
        pytest.param(
            "profile:\n      like: january\n      notification: {where: null}",
            ["13:29: .profile.notification.where: is empty: say how the therapist finds it"],
            id="a notification that nobody finds",
        ),
        pytest.param(
            "profile:\n      like: march\n      reply: {data: {text: '{text}'}}",
            [
                "13:15: .profile.reply.data: one attribute must be '{reply}' and nothing else: by that"
                " the message is looked for"
            ],
            id="a reply that repeats the message",
        ),
        pytest.param(
            "profile:\n      like: march\n      chat: {objective: 6s}",
            ["13:7: .profile.chat: objective must be shorter than within: what is late is degraded first, then failed"],
            id="an objective after the end",
        ),
        pytest.param(
            "profile:\n      like: march\n      booking: {by: nobody}\n      share: everybody\n"
            "      signed_in: perhaps",
            [
                "13:21: .profile.booking.by: must be customer, backend or platform, got nobody",
                "14:14: .profile.share: must be backend or nobody or must be a list, got everybody",
                "15:18: .profile.signed_in: must be true or false, got perhaps",
            ],
            id="choices",
        ),
        pytest.param(
            "profile: march\n    timeout: 5s\n    event_within: 5s",
            [": event_within (5s) must be shorter than timeout (5s): it is one of many waits"],
            id="waits as long as a run",
        ),
        pytest.param(
            "profile: march\n    timeout: 5s\n    event_within: 1s",
            [
                ": within of the profile's chat (5s) must be shorter than timeout (5s): or what is missing would be"
                " told as a timeout"
            ],
            id="patience as long as a run",
        ),
        pytest.param(
            "profile: march\n    writes_per_hour: 0\n    write_every: 30",
            [
                "12:22: .writes_per_hour: must be at least 1, got 0",
                "13:18: .write_every: must be a duration with a unit, such as 500ms, 30s, 2m or 1h30m, got 30",
            ],
            id="bounds",
        ),
    ],
)
def test_refuses_what_cannot_be_with_its_place(text: str, expected: list[str], tmp_path: Path) -> None:
    found = problems(f"    {text}\n", tmp_path)

    assert [problem.replace("checks.flow", "") for problem in found] == [
        f"7:3: {each}" if each.startswith(":") else each for each in expected
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "customer: customer",
            "customer: therapist",
            "customer and therapist are both therapist: a journey needs two",
            id="one for both",
        ),
        pytest.param(
            "therapist: therapist\n",
            "therapist: guest\n",
            "therapist is the guest 'guest': nothing can be shown to him alone: name a user",
            id="a guest as therapist",
        ),
        pytest.param(
            "customer: customer",
            "profile: {like: january, share: ['team:a']}\n    customer: guest",
            "share names roles, and the guest 'guest' holds none: let it be backend or nobody",
            id="a guest in a team",
        ),
        pytest.param(
            "customer: customer",
            "customer: guest",
            "profile 'march' lets nobody book who is not signed in: let customer name a user",
            id="a guest in March",
        ),
        pytest.param("customer: customer", "customer: key", "checks.flow.customer: ", id="the key as customer"),
    ],
)
def test_refuses_whom_the_story_is_not_for(old: str, new: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    text = CONFIG.replace(f"    {old}", f"    {new}")
    path.write_text(text if "profile" in new else f"{text}    profile: march\n")

    with pytest.raises(ConfigError) as refusal:
        load_settings(path, REGISTRY, {})

    assert expected in str(refusal.value)


def schema_errors(text: str) -> list[str]:
    found = Draft202012Validator(json_schema(REGISTRY)).iter_errors(yaml.safe_load(CONFIG + text))
    return [error.message for error in found]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("    profile: march\n", id="a name"),
        pytest.param("    profile: {like: january}\n", id="like another"),
        pytest.param(
            "    profile: {like: march, reply: null, chat: {objective: null, within: 3s}, share: ['team:a'],"
            " dashboard: {where: {therapistId: null, providerId: '{therapist}', at: {after: '{now}'}}}}\n",
            id="with changes at every level",
        ),
        pytest.param(OWN, id="one's own"),
    ],
)
def test_editors_are_told_of_names_and_mappings(text: str, tmp_path: Path) -> None:
    assert load(text, tmp_path).accept.data
    assert schema_errors(text) == []


@pytest.mark.parametrize("given", ["marhc", "7", "{like: june}", "{like: march, dashbord: {}}", "[march]"])
def test_editors_are_told_of_what_is_no_profile(given: str, tmp_path: Path) -> None:
    assert problems(f"    profile: {given}\n", tmp_path)
    assert schema_errors(f"    profile: {given}\n")


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["{booking}", "{chat}", "{nobody}", "march", "platform", "backend", "2s", "bookings", "status"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.text(max_size=5)
            | st.sampled_from(
                ["like", "collection", "by", "where", "data", "after", "not", "status", "userId", "text"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
_PARTS = st.sampled_from([*Profile.model_fields, "like", "objectives", "surprise"])


def changed(value: Any, path: list[str], new: object) -> Any:
    """
    Return *value* with *new* at *path*, as far as there are mappings.
    """
    if not path or not isinstance(value, Mapping):
        return new
    return {**value, path[0]: changed(value.get(path[0], {}), path[1:], new)}


@pytest.mark.slow
@settings(max_examples=300)
@given(
    name=st.sampled_from(NAMES),
    changes=st.lists(
        st.tuples(
            st.lists(_PARTS | st.sampled_from(["collection", "by", "where", "data", "status"]), max_size=3), _JSON
        ),
        max_size=3,
    ),
)
def test_whatever_is_given_for_a_profile_is_one_or_is_refused_in_words(
    name: str, changes: list[tuple[list[str], object]]
) -> None:
    given: object = {"like": name}
    for path, new in changes:
        given = changed(given, path, new)

    with suppress(ValidationError):
        assert isinstance(objection_to(profile(given), MANIFEST), str)


@pytest.mark.slow
@settings(max_examples=40)
@given(given=_JSON)
def test_whatever_stands_in_the_file_is_told_without_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, given: object
) -> None:
    path = tmp_path_factory.mktemp("given") / "monitor.yaml"
    # JSON is YAML in one line.
    path.write_text(f"{CONFIG}    profile: {json.dumps(given)}\n")

    with suppress(ConfigError):
        assert load_settings(path, REGISTRY, {}).checks
