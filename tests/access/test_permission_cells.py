from collections.abc import Mapping

import pytest

from monitor.access.access import Access
from monitor.access.matrix import Cell, Matrix, Way
from monitor.access.matrix_verdict import excess_of, missing_of
from monitor.access.remedy import Permissions, remedies
from monitor.core.errors import CheckFailed
from monitor.core.manifest import Action, Manifest
from monitor.core.outcome import CellState, Reason

CREATE, READ, UPDATE, DELETE = Action
GUEST = frozenset({"any", "guests"})
USER = frozenset({"any", "users", "user:u"})
OTHER = frozenset({"any", "users", "user:o"})
MANIFEST = Manifest.model_validate(
    {
        "collections": {
            "chats": {
                "permissions": ['read("users")', 'write("user:u")'],
                "access": {"other": ["delete"], "third": []},
            },
            "old": {"enabled": False, "permissions": ['read("any")']},
        }
    }
)
MAY = {"chats": {"guest": frozenset[Action](), "user": frozenset({READ, CREATE})}}


def cell(identity: str, action: Action, way: Way = Way.REST) -> Cell:
    return Cell(identity=identity, collection="chats", action=action, way=way)


def matrix_of(found: Mapping[Cell, bool]) -> Matrix:
    matrix = Matrix(MAY)
    for each, allowed in found.items():
        matrix.note(each, allowed=allowed)
    return matrix


def missing(matrix: Matrix) -> CheckFailed:
    failure = missing_of(matrix, (), within="5s")
    assert failure is not None
    return failure


def test_the_table_goes_before_the_manifests_access_and_that_before_its_permissions() -> None:
    access = Access({"chats": {"third": [UPDATE]}}, MANIFEST)

    may = access.may(["third", "other", "user"], {"user": USER})

    assert may == {"chats": {"third": {UPDATE}, "other": {DELETE}, "user": {CREATE, READ, UPDATE, DELETE}}}
    assert [name for name in ("third", "other", "user") if access.asks_for_roles(name)] == ["user"]


def test_judges_the_enabled_collections_of_the_manifest_unless_others_are_named() -> None:
    assert Access({}, MANIFEST).collections == ("chats",)
    assert Access({}, MANIFEST, named=("old",)).collections == ("old",)
    assert Access({"own": {}}, MANIFEST).collections == ("own",)


def test_a_cell_asked_for_in_two_ways_is_wrong_when_one_of_them_is() -> None:
    matrix = Matrix(MAY)
    for name in ("guest", "user"):
        matrix.note_either(cell(name, READ), allowed=(True, False))

    assert matrix.counts() == {CellState.RIGHT: 0, CellState.MISSING: 1, CellState.EXCESS: 1}


def test_tells_the_reading_guest_first_and_what_is_too_much_before_what_is_missing() -> None:
    matrix = matrix_of(
        {
            cell("user", CREATE): False,
            cell("user", DELETE): True,
            cell("guest", READ, Way.REALTIME): True,
            cell("guest", READ): True,
            cell("guest", CREATE): True,
        }
    )

    failure = excess_of(matrix, ())

    assert failure is not None
    assert failure.reason is Reason.PERMISSION_EXCESS
    assert failure.message.startswith("'guest' may read 'chats', must not (4 of 5 cells in excess)")
    assert failure.evidence["excess"] == (
        "guest: read chats over rest",
        "guest: read chats over realtime",
        "user: delete chats over rest",
        "guest: create chats over rest",
    )
    assert failure.evidence["missing"] == ("user: create chats over rest",)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param({cell("user", READ): True}, Reason.NO_EVENT, id="readable over REST: the pipeline"),
        pytest.param({cell("user", READ): False}, Reason.PERMISSION_MISSING, id="not readable either: the permission"),
        pytest.param(
            {cell("user", READ): True, cell("user", CREATE): False},
            Reason.PERMISSION_MISSING,
            id="something else is missing too",
        ),
    ],
)
def test_silence_is_the_pipelines_only_where_the_document_can_be_read(
    found: Mapping[Cell, bool], reason: Reason
) -> None:
    matrix = matrix_of({**found, cell("user", READ, Way.REALTIME): False})

    assert missing(matrix).reason is reason
    assert matrix.silent_collections() == (("chats",) if found[cell("user", READ)] else ())


def test_silence_at_one_of_two_is_no_matter_of_the_pipeline() -> None:
    matrix = Matrix({"chats": {"user": frozenset({READ}), "other": frozenset({READ})}})
    for name in ("user", "other"):
        matrix.note(cell(name, READ), allowed=True)
        matrix.note(cell(name, READ, Way.REALTIME), allowed=name == "other")

    assert missing(matrix).message.startswith("'user' receives no events of 'chats', must (1 of 4 cells missing)")


@pytest.mark.parametrize(
    ("action", "way_out"),
    [
        pytest.param(READ, "turn document security on, and grant it by permissions of the documents", id="read"),
        pytest.param(CREATE, "let the backend write for them", id="create, which documents cannot grant"),
    ],
)
def test_says_so_when_no_permission_of_the_collection_can(action: Action, way_out: str) -> None:
    matrix = Matrix({"chats": {"user": frozenset({action}), "twin": frozenset()}})
    matrix.note(cell("user", action), allowed=False)

    found = remedies(matrix, {"chats": Permissions(live=())}, {"user": USER, "twin": USER})

    assert found[0].change == (f"no permission of the collection lets user {action} and not twin: {way_out}",)


def test_says_what_the_change_exposes() -> None:
    matrix = Matrix({"chats": {"user": frozenset({READ}), "other": frozenset({READ})}})
    for name in ("user", "other"):
        matrix.note(cell(name, READ), allowed=False)

    found = remedies(matrix, {"chats": Permissions(live=())}, {"user": USER, "other": OTHER})
    failure = missing_of(matrix, found, within="5s")

    assert found[0].change == ('add read("users")',)
    assert found[0].exposes == ("All users: read on chats publishes every document",)
    assert failure is not None
    assert failure.message.endswith("; All users: read on chats publishes every document")


def test_a_wrong_cell_whose_permissions_are_right_is_not_blamed_on_them() -> None:
    matrix = matrix_of({cell("guest", READ): True})

    found = remedies(matrix, {"chats": Permissions(live=['read("users")'])}, {"guest": GUEST, "user": USER})

    assert found[0].change == ("read is granted as it must be: see what caches permissions, or the roles of users",)


def test_many_public_documents_are_one_sentence() -> None:
    matrix = matrix_of({cell("guest", READ): True})
    public = {f"d{number}": ['read("any")'] for number in range(3)}

    found = remedies(matrix, {"chats": Permissions(live=(), public=public)}, {"guest": GUEST, "user": USER})

    assert found[0].change == ('add read("user:u")', 'take read("any") off document d0 itself, and 2 more')
    assert found[0].exposes[-1] == "document d0 of chats publishes itself, and 2 more"


def test_points_to_the_evidence_when_the_change_is_too_long_to_be_told() -> None:
    access = {"user": frozenset({READ}), **{f"somebody-called-{name}": frozenset[Action]() for name in "abc"}}
    matrix = Matrix({"chats": access})
    matrix.note(cell("user", READ), allowed=False)

    found = remedies(matrix, {"chats": Permissions(live=())}, dict.fromkeys(access, USER))
    failure = missing_of(matrix, found, within="5s")

    assert failure is not None
    assert ": see what to change in the evidence" in failure.message


def test_no_message_is_longer_than_one_look() -> None:
    collection = "c" * 36
    matrix = Matrix({collection: {"i" * 60: frozenset()}})
    matrix.note(Cell(identity="i" * 60, collection=collection, action=DELETE), allowed=True)

    found = remedies(matrix, {collection: Permissions(live=['delete("any")'])}, {"i" * 60: GUEST})
    failure = excess_of(matrix, found)

    assert failure is not None
    assert len(failure.message) <= 200
    assert 'remove delete("any")' in failure.message
