import pytest

from monitor.core.manifest import Action
from monitor.core.permissions import actions_granted, exposure, roles_granted, width

NARROW_TO_WIDE = [
    "user:u-1",
    "user:u-1/verified",
    "member:m-1",
    "team:t-1/owner",
    "team:t-1",
    "label:vip",
    "users/verified",
    "users",
    "users/unverified",
    "guests",
    "any",
]


def test_reads_whom_permissions_let_do_what() -> None:
    permissions = ('read("any")', 'read("team:t-1/owner")', 'create("users")')

    assert roles_granted(permissions, Action.READ) == {"any", "team:t-1/owner"}
    assert roles_granted(permissions, Action.DELETE) == set()


def test_write_is_to_create_to_update_and_to_delete() -> None:
    assert actions_granted(['write("users")'], {"users"}) == {Action.CREATE, Action.UPDATE, Action.DELETE}


@pytest.mark.parametrize("nonsense", ["", "read", 'read("")', "read(any)", 'execute("any")', ' read("any")'])
def test_what_is_no_permission_grants_nothing(nonsense: str) -> None:
    assert actions_granted([nonsense], {"any", "users", "guests"}) == set()


def test_a_role_that_is_not_held_grants_nothing() -> None:
    assert (
        actions_granted(['read("users/verified")', 'update("team:t-1")'], {"any", "users", "team:t-1/owner"}) == set()
    )


def test_orders_roles_from_one_person_to_everybody() -> None:
    assert [width(role) for role in NARROW_TO_WIDE] == list(range(len(NARROW_TO_WIDE)))


@pytest.mark.parametrize(
    ("action", "role", "sentence"),
    [
        (Action.READ, "any", "Any: read on chats publishes every document"),
        (Action.READ, "users", "All users: read on chats publishes every document"),
        (Action.UPDATE, "guests", "All guests: update on chats lets anybody not signed in change every document"),
        (Action.DELETE, "users", "All users: delete on chats lets whoever signs up delete every document"),
        (Action.CREATE, "any", "Any: create on chats lets anybody write documents"),
        (Action.READ, "team:t-1", ""),
        (Action.READ, "user:u-1/verified", ""),
    ],
)
def test_says_what_a_grant_opens_to_strangers(action: Action, role: str, sentence: str) -> None:
    assert exposure("chats", action, role) == sentence
