"""
How permissions are written, and what is said of those that are not.
"""

import pytest

from monitor.sandbox.protocol.authorization import ON_COLLECTIONS, ON_DOCUMENTS, expanded

ROLES = "any, guests, users, user, team, member, label"
ID_RULE = (
    "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore."
    " Can't start with a special char"
)


@pytest.mark.parametrize(
    ("permissions", "told"),
    [
        pytest.param("read", "Permissions must be an array of strings.", id="no-list"),
        pytest.param([1], "Every permission must be of type string.", id="no-text"),
        pytest.param(['read("any")'] * 101, "You can only provide up to 100 permissions.", id="too-many"),
        pytest.param(
            ['create("any")'],
            'Permission "create("any")" is not allowed. Must be one of: read, update, delete, write.',
            id="create",
        ),
        pytest.param(
            ["rd(any)"],
            'Permission "rd(any)" is not allowed. Must be one of: read, update, delete, write.',
            id="no-action",
        ),
        pytest.param(["read(any)"], 'Invalid permission string format: "read(any)".', id="no-quotes"),
        pytest.param(['read("any"'], 'Invalid permission string format: "read("any"".', id="not-closed"),
        pytest.param(['reading("any")'], 'Invalid permission type: "reading".', id="longer-action"),
        pytest.param(['read("all")'], f'Role "all" is not allowed. Must be one of: {ROLES}.', id="unknown-role"),
        pytest.param(['read("team")'], 'Role "team" must have an ID value.', id="team-without-id"),
        pytest.param(['read("any:x")'], 'Role "any" can not have an ID value.', id="any-with-id"),
        pytest.param(['read("user:_x")'], f'Role "user" identifier value is invalid: {ID_RULE}', id="bad-id"),
        pytest.param(
            ['read("label:a-b")'],
            'Role "label" identifier value is invalid: Value must contain only letters and numbers',
            id="bad-label",
        ),
        pytest.param(['read("any/x")'], 'Role "any" can not have a dimension value.', id="any-with-dimension"),
        pytest.param(
            ['read("users/x")'],
            'Role "users" dimension value is invalid. Must be one of: verified, unverified.',
            id="bad-dimension",
        ),
        pytest.param(['read("team:t/_x")'], f'Role "team" dimension value is invalid: {ID_RULE}', id="bad-team-role"),
        pytest.param(['read("users/")'], "Dimension must not be empty", id="empty-dimension"),
        pytest.param(['read("team:t/a/b")'], "Only one dimension can be provided", id="two-dimensions"),
    ],
)
def test_tells_what_is_wrong_with_a_permission(permissions: object, told: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        expanded(permissions, allowed=ON_DOCUMENTS)

    assert str(caught.value) == told


@pytest.mark.parametrize(
    "role", ["any", "guests", "users/verified", "user:u/unverified", "team:t/owner", "member:m", "label:vip2"]
)
def test_takes_every_kind_of_role(role: str) -> None:
    assert expanded([f'read("{role}")'], allowed=ON_DOCUMENTS) == (f'read("{role}")',)


def test_unfolds_write_once_and_where_it_stands() -> None:
    written = ['write("any")', 'read("any")', 'update("any")']

    assert expanded(written, allowed=ON_DOCUMENTS) == ('update("any")', 'delete("any")', 'read("any")')
    assert expanded(written[:1], allowed=ON_COLLECTIONS) == ('create("any")', 'update("any")', 'delete("any")')
