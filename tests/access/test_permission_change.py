from collections.abc import Iterable, Mapping, Set
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.access.permission_change import Change, smallest_change
from monitor.core.permissions import width

CUSTOMER = {"any", "users", "users/unverified", "user:c", "user:c/unverified", "team:pair"}
THERAPIST = {"any", "users", "users/verified", "user:t", "user:t/verified", "team:pair", "team:pair/owner"}
STRANGER = {"any", "users", "users/unverified", "user:s", "user:s/unverified"}
GUEST = {"any", "guests"}

# Few enough to try every set of grants there is.
ROLES = ("user:a", "user:b", "team:t", "label:l", "users", "any")
HELD = st.frozensets(st.sampled_from(ROLES), max_size=4)
PEOPLE = st.dictionaries(st.sampled_from("abcd"), HELD, max_size=4)
GRANTED = st.frozensets(st.sampled_from(ROLES))


def is_right(granted: Set[str], allowed: Mapping[str, Set[str]], denied: Mapping[str, Set[str]]) -> bool:
    """
    Evaluate grants as Appwrite does: an identity may when it holds a role that is granted.
    """
    let_in = all(not granted.isdisjoint(roles) for roles in allowed.values())
    return let_in and all(granted.isdisjoint(roles) for roles in denied.values())


def all_sets() -> Iterable[frozenset[str]]:
    return (frozenset(each) for count in range(len(ROLES) + 1) for each in combinations(ROLES, count))


def after(granted: Set[str], change: Change) -> frozenset[str]:
    return frozenset(granted - set(change.remove)) | set(change.add)


@pytest.mark.parametrize(
    ("granted", "allowed", "denied", "expected"),
    [
        pytest.param(
            {"users"}, {"c": CUSTOMER}, {"g": GUEST}, Change(), id="nothing to change where everything is right"
        ),
        pytest.param({"any"}, {}, {"g": GUEST}, Change(remove=("any",)), id="what a denied one holds has to go"),
        pytest.param(
            {"any"},
            {"c": CUSTOMER, "t": THERAPIST},
            {"g": GUEST, "s": STRANGER},
            Change(remove=("any",), add=("team:pair",)),
            id="who came in by it is let in by the team",
        ),
        pytest.param(
            set(),
            {"t": THERAPIST},
            {"c": CUSTOMER},
            Change(add=("user:t",)),
            id="one alone is let in by the own user, not by what may change",
        ),
        pytest.param(
            set(), {"c": CUSTOMER, "s": STRANGER}, {"g": GUEST}, Change(add=("users",)), id="one role for all of them"
        ),
        pytest.param(
            set(), {"g": GUEST}, {"c": CUSTOMER}, Change(add=("guests",)), id="a guest is let in where users are not"
        ),
        pytest.param(
            {"users"},
            {"c": CUSTOMER},
            {"twin": CUSTOMER},
            Change(remove=("users",), unreachable=("c",)),
            id="two names of one user cannot be told apart",
        ),
        pytest.param(
            set(),
            {"c": CUSTOMER, "g": GUEST},
            {},
            Change(add=("any",)),
            id="everybody, where that is the only one role for them",
        ),
    ],
)
def test_names_the_smallest_change(
    granted: Set[str], allowed: Mapping[str, Set[str]], denied: Mapping[str, Set[str]], expected: Change
) -> None:
    assert smallest_change(granted, allowed=allowed, denied=denied) == expected


def test_of_equally_few_roles_the_declared_one_comes_first() -> None:
    change = smallest_change(set(), allowed={"c": CUSTOMER}, denied={"g": GUEST}, preferred={"users"})

    assert change.add == ("users",)


@given(granted=GRANTED, allowed=PEOPLE, denied=PEOPLE)
def test_makes_everything_right_or_names_whom_nothing_can_let_in(
    granted: frozenset[str], allowed: Mapping[str, frozenset[str]], denied: Mapping[str, frozenset[str]]
) -> None:
    change = smallest_change(granted, allowed=allowed, denied=denied)

    reachable = {name: roles for name, roles in allowed.items() if name not in change.unreachable}
    assert is_right(after(granted, change), reachable, denied)
    for name in change.unreachable:
        assert not any(is_right(grants, {name: allowed[name]}, denied) for grants in all_sets())


@given(granted=GRANTED, allowed=PEOPLE, denied=PEOPLE)
def test_never_grants_what_one_holds_who_must_not_nor_what_is_granted_already(
    granted: frozenset[str], allowed: Mapping[str, frozenset[str]], denied: Mapping[str, frozenset[str]]
) -> None:
    change = smallest_change(granted, allowed=allowed, denied=denied)

    assert not {role for roles in denied.values() for role in roles} & set(change.add)
    assert not granted & set(change.add)
    assert set(change.remove) <= granted


@given(granted=GRANTED, allowed=PEOPLE, denied=PEOPLE)
def test_no_other_change_is_smaller_nor_as_small_and_narrower(
    granted: frozenset[str], allowed: Mapping[str, frozenset[str]], denied: Mapping[str, frozenset[str]]
) -> None:
    change = smallest_change(granted, allowed=allowed, denied=denied)

    reachable = {name: roles for name, roles in allowed.items() if name not in change.unreachable}
    right = [grants for grants in all_sets() if is_right(grants, reachable, denied)]
    fewest = min(len(grants ^ granted) for grants in right)
    assert len(change.remove) + len(change.add) == fewest
    added = [grants - granted for grants in right if len(grants ^ granted) == fewest]
    assert widths(change.add) == min(map(widths, added))


def widths(roles: Iterable[str]) -> list[int]:
    return sorted(map(width, roles), reverse=True)


def test_ends_soon_where_everybody_needs_a_grant_of_his_own() -> None:
    people = {f"p{number}": {f"user:p{number}", f"team:t{number // 2}", "users"} for number in range(20)}

    change = smallest_change(set(), allowed=people, denied={"other": {"users", "user:other"}})

    assert change.add == tuple(sorted(f"team:t{number}" for number in range(10)))
