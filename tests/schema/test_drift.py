import random
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from monitor.appwrite import answers
from monitor.core.clock import SystemClock
from monitor.core.manifest import DeclaredAttribute, DeclaredCollection, Manifest, Writer
from monitor.core.outcome import Impact, Reason
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.schema import Attribute
from monitor.sandbox.state.structure import complete
from monitor.sandbox.state.world import Collection
from monitor.schema.declared import declare
from monitor.schema.drift import Difference, compare, compare_all
from monitor.schema.structure import narrows
from tests.reference import add_rich_collection, copied, mutations_of

STATUS = {"type": "enum", "elements": ["open", "closed"], "required": True}
WRITTEN: Mapping[str, JsonValue] = {
    "string": "text",
    "varchar": "text",
    "text": "text",
    "mediumtext": "text",
    "longtext": "text",
    "enum": "a",
    "email": "a@example.com",
    "url": "https://example.com",
    "ip": "192.0.2.1",
    "integer": 10,
    "bigint": 0,
    "float": 2.5,
    "boolean": True,
    "datetime": "2026-01-01T00:00:00.000+00:00",
}


def collection(**fields: Any) -> DeclaredCollection:
    return DeclaredCollection.model_validate({"attributes": {"status": STATUS}, **fields})


def differences(declared: DeclaredCollection, **changed: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Return what *changed* makes of a collection: about, severity, and whom it breaks.
    """
    live = DeclaredCollection.model_validate(declared.model_dump() | changed)
    return [(each.about, each.impact.value, each.breaks) for each in compare("c", declared, live)]


def of_attribute(**changed: Any) -> dict[str, Any]:
    return {"attributes": {"status": STATUS | changed}}


def live_form(stored: Collection) -> DeclaredCollection:
    """
    Return what an answer of the sandbox on *stored* declares.
    """
    answer = {
        "$id": stored.id,
        "enabled": stored.enabled,
        "documentSecurity": stored.document_security,
        "$permissions": stored.permissions,
        "attributes": [each.shown() for each in stored.attributes.values()],
        "indexes": [each.shown("attributes") for each in stored.indexes.values()],
    }
    return declare(answers.Collection.model_validate(answer))


@pytest.fixture(scope="module")
def rich() -> Collection:
    return add_rich_collection(Sandbox())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32), count=st.integers(2, 40))
def test_any_changes_at_once_are_all_named_and_nothing_else(rich: Collection, seed: int, count: int) -> None:
    chosen = {mutation.cell: mutation for mutation in random.Random(seed).sample(list(mutations_of(rich)), count)}
    live = copied(rich)
    for mutation in chosen.values():
        mutation.apply(live)

    found = compare(rich.id, live_form(rich), live_form(live))

    assert sorted(each.about for each in found) == sorted(mutation.about for mutation in chosen.values())
    breaking = [each.impact is Impact.BREAKING for each in found]
    assert breaking == sorted(breaking, reverse=True)


def test_whom_a_change_of_an_attribute_breaks_is_whom_the_server_refuses(rich: Collection) -> None:
    values = {key: written(attribute) for key, attribute in rich.attributes.items()}
    least = {key: value for key, value in values.items() if rich.attributes[key].required}
    writers = {"full": Writer(writes=values), "least": Writer(writes=least)}
    declared = live_form(rich).model_copy(update={"writers": writers})
    wrong, seen = [], 0

    for mutation in mutations_of(rich):
        if mutation.about.startswith("attribute "):
            seen += 1
            live = copied(rich)
            mutation.apply(live)
            (found,) = compare(rich.id, declared, live_form(live))
            refused = {name for name, writer in writers.items() if is_refused(writer.writes, live)}
            if refused != set(found.breaks) - {"any reader"}:
                wrong.append(f"{found}, refused {refused}")

    assert not wrong, "\n".join(wrong)
    assert seen > 400


def written(attribute: Attribute) -> JsonValue:
    value = WRITTEN[attribute.key.partition("_")[0]]
    return [value] if attribute.array else value


def is_refused(data: Mapping[str, Any], live: Collection) -> bool:
    try:
        complete(data, live.attributes, noun="document", now=SystemClock().now())
    except AppwriteError:
        return True
    return False


def test_the_same_is_no_difference_however_it_is_written() -> None:
    permissions = ('write("users")', 'read("any")')
    index = {"type": "key", "attributes": ["status", "$createdAt"]}
    declared = collection(permissions=permissions, indexes={"i": {**index, "orders": ["asc"]}})

    expanded = ('read("any")', 'delete("users")', 'update("users")', 'create("users")')
    live = {"permissions": expanded, "indexes": {"i": {**index, "lengths": [0, None], "orders": [None, "ASC"]}}}

    assert differences(declared, name="Renamed", **live) == []


@pytest.mark.parametrize(
    ("written", "changed", "breaks"),
    [
        pytest.param({"status": "open"}, {"elements": ["open"]}, (), id="the-element-that-goes-is-not-written"),
        pytest.param({"status": "closed"}, {"elements": ["open"]}, ("form",), id="the-element-that-goes-is-written"),
        pytest.param({"status": None}, {"elements": ["open"]}, ("form",), id="any-value-may-be-the-one-that-goes"),
        pytest.param({"status": None}, {"elements": ["open", "closed", "new"]}, (), id="an-element-more"),
        pytest.param({"status": None}, {"type": "string", "elements": None, "size": 6}, (), id="a-text-that-holds-all"),
        pytest.param({"status": None}, {"type": "string", "elements": None, "size": 5}, ("form",), id="a-short-text"),
        pytest.param({"status": "open"}, {"type": "string", "elements": None, "size": 5}, (), id="a-text-that-fits"),
        pytest.param({"status": "open"}, {"array": True}, ("form",), id="a-list"),
        pytest.param({"status": "open"}, {"type": "integer", "elements": None}, ("form",), id="another-type"),
        pytest.param({"status": "open"}, {"required": False}, (), id="no-longer-required"),
    ],
)
def test_a_writer_breaks_only_where_what_it_writes_is_refused(
    written: dict[str, JsonValue], changed: dict[str, Any], breaks: tuple[str, ...]
) -> None:
    declared = collection(writers={"form": {"writes": written}}, readers={"list": {}})

    (found,) = differences(declared, **of_attribute(**changed))

    assert found[1:] == ("breaking" if breaks else "additive", breaks)


@pytest.mark.parametrize(
    ("writer", "added", "severity"),
    [
        pytest.param({"writes": {"status": "open"}}, {"type": "string", "required": True}, "breaking", id="required"),
        pytest.param({"writes": {"status": "open"}}, {"type": "string"}, "additive", id="optional"),
        pytest.param(
            {"writes": {"status": "open", "new": "x"}},
            {"type": "string", "required": True},
            "additive",
            id="written-already",
        ),
        pytest.param(
            {"action": "update", "writes": {}}, {"type": "string", "required": True}, "additive", id="by-an-update"
        ),
    ],
)
def test_an_attribute_more_breaks_who_must_write_it_and_does_not(
    writer: dict[str, Any], added: dict[str, Any], severity: str
) -> None:
    declared = collection(writers={"form": writer}, readers={"list": {}})

    found = differences(declared, attributes={"status": STATUS, "new": added})

    assert [each[:2] for each in found] == [("attribute new", severity)]


@pytest.mark.parametrize(
    ("reader", "changed", "severity"),
    [
        pytest.param({"filters": ["status"]}, {"attributes": {}}, "breaking", id="filter-on-what-is-gone"),
        pytest.param({"sorts": ["status"]}, {"attributes": {}}, "breaking", id="sort-by-what-is-gone"),
        pytest.param({"filters": ["other"]}, {"attributes": {}}, "additive", id="of-another-attribute"),
        pytest.param({"values": {"status": "closed"}}, of_attribute(elements=["open"]), "breaking", id="value-gone"),
        pytest.param({"values": {"status": "open"}}, of_attribute(elements=["open"]), "additive", id="value-kept"),
        pytest.param({"filters": ["status"]}, of_attribute(type="string"), "additive", id="filter-on-another-text"),
        pytest.param({"filters": ["status"]}, of_attribute(type="integer"), "breaking", id="filter-on-a-number"),
        pytest.param({"filters": ["status"]}, of_attribute(array=True), "breaking", id="filter-on-a-list"),
        pytest.param({"filters": ["status"]}, of_attribute(encrypt=True), "breaking", id="filter-on-what-is-encrypted"),
        pytest.param({"sorts": ["status"]}, of_attribute(encrypt=True), "additive", id="sort-by-what-is-encrypted"),
        pytest.param({"sorts": ["status"]}, of_attribute(array=True), "additive", id="sort-by-a-list"),
        pytest.param({"searches": ["status"]}, {"indexes": {}}, "breaking", id="search-without-its-index"),
        pytest.param({"filters": ["status"]}, {"indexes": {}}, "additive", id="a-filter-only-slower"),
    ],
)
def test_a_reader_breaks_only_where_its_query_fails(
    reader: dict[str, Any], changed: dict[str, Any], severity: str
) -> None:
    words = {"type": "fulltext", "attributes": ["status"]}
    declared = collection(indexes={"words": words}, writers={"none": {"writes": {}, "action": "update"}})
    declared = DeclaredCollection.model_validate(declared.model_dump() | {"readers": {"list": reader}})

    found = differences(declared, **changed)

    assert [each[1] for each in found] == [severity]
    assert [each[2] for each in found] == [("list",) if severity == "breaking" else ()]


@pytest.mark.parametrize(
    ("was", "becomes", "breaks"),
    [
        pytest.param("unique", None, ("any reader",), id="duplicates-come"),
        pytest.param("key", None, (), id="only-slower"),
        pytest.param("fulltext", "key", ("any reader",), id="search-is-gone"),
        pytest.param("key", "unique", ("any writer",), id="duplicates-are-refused"),
        pytest.param(None, "unique", ("any writer",), id="a-unique-one-more"),
        pytest.param(None, "key", (), id="another-one-more"),
    ],
)
def test_an_index_breaks_whom_it_fails_or_refuses(
    was: str | None, becomes: str | None, breaks: tuple[str, ...]
) -> None:
    def indexes(type_: str | None) -> dict[str, Any]:
        return {"i": {"type": type_, "attributes": ["status"]}} if type_ else {}

    found = differences(collection(indexes=indexes(was)), indexes=indexes(becomes))

    assert [each[2] for each in found] == [breaks]


@pytest.mark.parametrize(
    ("roles", "live", "breaks"),
    [
        pytest.param(["users"], [], ("form",), id="lost"),
        pytest.param(["user:x"], [], ("form",), id="held-through-users"),
        pytest.param(["team:a/owner"], [], ("form",), id="held-by-a-team"),
        pytest.param(["users"], ['create("any")'], (), id="still-granted-to-any"),
        pytest.param(["guests"], [], (), id="never-held"),
        pytest.param([], [], (), id="the-key"),
    ],
)
def test_a_lost_permission_breaks_who_can_no_longer_do_it(
    roles: list[str], live: list[str], breaks: tuple[str, ...]
) -> None:
    declared = collection(
        permissions=['create("users")', *live], writers={"form": {"writes": {"status": "open"}, "roles": roles}}
    )

    found = {about: whom for about, _, whom in differences(declared, permissions=tuple(live))}

    assert found == {'permission create("users")': breaks}


@pytest.mark.parametrize(
    ("reader", "breaks"),
    [
        pytest.param({"roles": ["users"]}, ("list",), id="reads-by-those-of-documents"),
        pytest.param({"roles": ["team:a"]}, (), id="reads-by-that-of-the-collection"),
        pytest.param({}, ("any reader",), id="nobody-says-how-he-reads"),
    ],
)
def test_permissions_of_documents_that_no_longer_count_break_who_lives_by_them(
    reader: dict[str, Any], breaks: tuple[str, ...]
) -> None:
    writers = {"form": {"writes": {"status": "open"}, "roles": ["users"]}}
    declared = collection(
        document_security=True, permissions=['read("team:a")'], writers=writers, readers={"list": reader}
    )

    assert [each[2] for each in differences(declared, document_security=False)] == [breaks]


@pytest.mark.parametrize(
    ("declared", "changed", "reason"),
    [
        pytest.param({}, {"permissions": ['read("any")']}, Reason.PERMISSION_EXCESS, id="a-permission-more"),
        pytest.param({}, {"document_security": True}, Reason.PERMISSION_EXCESS, id="documents-grant-too"),
        pytest.param({"enabled": False}, {"enabled": True}, Reason.PERMISSION_EXCESS, id="enabled"),
        pytest.param({}, {"enabled": False}, Reason.NOT_FOUND, id="disabled"),
        pytest.param(
            {"document_security": True},
            {"document_security": False},
            Reason.PERMISSION_MISSING,
            id="documents-grant-not",
        ),
    ],
)
def test_what_opens_or_closes_a_whole_collection_breaks_with_its_reason(
    declared: dict[str, Any], changed: dict[str, Any], reason: Reason
) -> None:
    was = collection(**declared)
    live = DeclaredCollection.model_validate(was.model_dump() | changed)

    (found,) = compare("c", was, live)

    assert (found.impact, found.reason) == (Impact.BREAKING, reason)


NARROWER = {
    "any": ["guests", "users", "users/verified", "user:a", "user:a/verified", "team:a/owner", "member:m", "label:vip"],
    "users": ["users/verified", "user:a", "user:a/unverified", "team:a", "team:a/owner", "member:m", "label:vip"],
    "users/verified": ["user:a/verified"],
    "team:a": ["team:a/owner"],
    "user:a": ["user:a/verified"],
    "label:vip": [],
    "guests": [],
}


@pytest.mark.parametrize(
    ("declared", "live", "is_covered"),
    [
        *((wide, narrow, True) for wide, all_ in NARROWER.items() for narrow in all_),
        ("guests", "any", False),
        ("guests", "users", False),
        ("users", "any", False),
        ("users", "guests", False),
        ("users/verified", "users", False),
        ("users/verified", "users/unverified", False),
        ("users/verified", "user:a", False),
        ("team:a", "team:b/owner", False),
        ("team:a", "users", False),
        ("team:a/owner", "team:a", False),
        ("user:a", "user:b", False),
        ("label:vip", "label:vi", False),
    ],
)
def test_a_permission_more_is_excess_only_where_it_lets_in_somebody_new(
    declared: str, live: str, is_covered: bool
) -> None:
    was = collection(permissions=[f'read("{declared}")'])
    widened = collection(permissions=[f'read("{declared}")', f'read("{live}")'])

    (found,) = compare("c", was, widened)

    assert found.about == f'permission read("{live}")'
    assert found.impact is (Impact.ADDITIVE if is_covered else Impact.BREAKING)
    assert found.reason is (Reason.SCHEMA if is_covered else Reason.PERMISSION_EXCESS)


def test_another_action_covers_nothing() -> None:
    (found,) = compare(
        "c", collection(permissions=['read("any")']), collection(permissions=['read("any")', 'update("users")'])
    )

    assert found.reason is Reason.PERMISSION_EXCESS


@pytest.mark.parametrize(("declared", "live"), [("any", "users"), ("users", "users/verified"), ("team:a", "team:a/b")])
def test_narrower_access_is_what_is_lost_and_no_excess(declared: str, live: str) -> None:
    lost, gained = compare(
        "c", collection(permissions=[f'read("{declared}")']), collection(permissions=[f'read("{live}")'])
    )

    assert (lost.about, lost.reason) == (f'permission read("{declared}")', Reason.PERMISSION_MISSING)
    assert lost.breaks == ("any reader",)
    assert str(gained) == (f'permission read("{live}") is not declared: read("{declared}") is declared, and covers it')
    assert gained.impact is Impact.ADDITIVE


def test_wider_access_is_excess_and_breaks_nobody_who_was_let_in_before() -> None:
    gained, lost = compare("c", collection(permissions=['read("users")']), collection(permissions=['read("any")']))

    assert (gained.reason, lost.impact) == (Reason.PERMISSION_EXCESS, Impact.ADDITIVE)


RELATIONSHIP = {
    "key": "customer",
    "type": "relationship",
    "status": "available",
    "relatedCollection": "customers",
    "relationType": "manyToOne",
    "twoWay": False,
    "onDelete": "restrict",
}


@pytest.mark.parametrize("writes", [pytest.param(None, id="anything"), pytest.param("customer-1", id="an-example")])
@pytest.mark.parametrize(
    ("field", "value", "told", "breaks"),
    [
        pytest.param(
            "relatedCollection", "users", "related collection: declared 'customers', live 'users'", True, id="related"
        ),
        pytest.param(
            "relationType", "oneToMany", "relation type: declared 'manyToOne', live 'oneToMany'", True, id="type"
        ),
        pytest.param("twoWay", True, "two way: declared no, live yes", False, id="two-way"),
        pytest.param("onDelete", "cascade", "on delete: declared 'restrict', live 'cascade'", False, id="on-delete"),
    ],
)
def test_a_relationship_that_becomes_another_is_named(
    field: str, value: object, told: str, breaks: bool, writes: JsonValue
) -> None:
    was, becomes = (related(RELATIONSHIP | changed) for changed in ({}, {field: value}))
    was = was.model_copy(update={"writers": {"form": Writer(writes={"customer": writes})}})

    (found,) = compare("bookings", was, becomes)

    assert str(found) == f"attribute customer {told}" + (": breaks form" if breaks else "")


def test_a_relationship_is_the_same_in_both_families_and_told_with_what_it_is_to() -> None:
    as_column = {"relatedTable" if key == "relatedCollection" else key: each for key, each in RELATIONSHIP.items()}

    assert related(as_column) == related(RELATIONSHIP)
    (found,) = compare("bookings", related(RELATIONSHIP), DeclaredCollection())
    assert str(found) == "attribute customer is gone, declared relationship to customers: breaks any writer, any reader"


def related(attribute: Mapping[str, object]) -> DeclaredCollection:
    return declare(answers.Collection.model_validate({"$id": "bookings", "attributes": [attribute]}))


def test_what_is_no_longer_encrypted_is_named_and_refuses_nobody() -> None:
    was, becomes = (
        related({"key": "phone", "type": "string", "size": 200, "status": "available", "encrypt": encrypt})
        for encrypt in (True, False)
    )

    (found,) = compare("bookings", was, becomes)

    assert (str(found), found.impact) == ("attribute phone encrypt: declared yes, live no", Impact.ADDITIVE)


@pytest.mark.parametrize(
    ("declared", "live", "has_remedy"),
    [
        pytest.param(None, {"type": "string", "required": True}, True, id="one-more"),
        pytest.param({"type": "string"}, {"type": "string", "required": True}, True, id="one-that-was-optional"),
        pytest.param(None, {"type": "string"}, False, id="an-optional-one"),
        pytest.param({"type": "string", "required": True}, {"type": "integer", "required": True}, False, id="before"),
    ],
)
def test_what_becomes_required_has_more_remedies_than_to_undo_it(
    declared: dict[str, Any] | None, live: dict[str, Any], has_remedy: bool
) -> None:
    was, becomes = (
        DeclaredCollection.model_validate({"attributes": {"new": each} if each else {}}) for each in (declared, live)
    )

    (found,) = compare("c", was, becomes)

    assert bool(found.remedy) is has_remedy


def test_the_gravest_come_first_and_additive_ones_last() -> None:
    manifest = Manifest(
        collections={"a": collection(permissions=['create("users")']), "b": collection(), "c": collection()}
    )
    changed = DeclaredCollection.model_validate(
        manifest.collections["a"].model_dump() | {"permissions": ['read("any")'], "attributes": {}}
    )

    found = compare_all(manifest, {"a": changed, "b": collection(), "d": collection()})

    assert [(each.collection, each.about) for each in found] == [
        ("a", 'permission read("any")'),
        ("c", "collection"),
        ("a", "attribute status"),
        ("a", 'permission create("users")'),
        ("d", "collection"),
    ]
    assert [each.impact for each in found][3:] == [Impact.BREAKING, Impact.ADDITIVE]


def test_a_chosen_collection_is_compared_alone() -> None:
    manifest = Manifest(collections={"a": collection(), "b": collection()})

    assert compare_all(manifest, {"a": collection(), "d": collection()}, ["a"]) == ()


def test_a_difference_reads_as_a_sentence() -> None:
    gone = Difference(collection="c", about="attribute x", declared="boolean", live="absent", breaks=("form", "list"))

    assert str(gone) == "attribute x is gone, declared boolean: breaks form, list"


def test_a_gained_permission_says_what_it_exposes() -> None:
    (found,) = compare("chat", collection(), collection(permissions=['read("any")']))

    assert str(found) == 'permission read("any") is not declared: Any: read on chat publishes every document'


@pytest.mark.parametrize(
    ("was", "becomes", "narrower"),
    [
        pytest.param({"type": "double"}, {"type": "integer"}, True, id="fractions-are-refused"),
        pytest.param({"type": "integer"}, {"type": "double"}, False, id="whole-numbers-are-numbers"),
        pytest.param({"type": "integer"}, {"type": "bigint"}, False, id="more-bits"),
        pytest.param({"type": "integer", "min": 0, "max": 9}, {"type": "integer", "min": 0}, False, id="an-open-end"),
        pytest.param({"type": "integer"}, {"type": "integer", "max": 9}, True, id="an-end"),
        pytest.param({"type": "string", "size": 9}, {"type": "text"}, False, id="a-longer-text"),
        pytest.param({"type": "text"}, {"type": "string", "size": 9}, True, id="a-shorter-text"),
        pytest.param({"type": "email"}, {"type": "string", "size": 254}, False, id="an-address-is-a-text"),
        pytest.param({"type": "string", "size": 9}, {"type": "email"}, True, id="a-text-is-no-address"),
        pytest.param({"type": "datetime"}, {"type": "string", "size": 29}, False, id="a-moment-is-a-text"),
        pytest.param({"type": "boolean"}, {"type": "string", "size": 9}, True, id="a-truth-is-no-text"),
        pytest.param(
            {"type": "string", "size": 9}, {"type": "string", "size": 9, "required": True}, True, id="nothing"
        ),
    ],
)
def test_an_attribute_narrows_when_some_value_fits_no_longer(
    was: dict[str, Any], becomes: dict[str, Any], narrower: bool
) -> None:
    assert narrows(DeclaredAttribute.model_validate(was), DeclaredAttribute.model_validate(becomes)) is narrower


@pytest.mark.parametrize(
    ("type_", "limits", "declared"),
    [
        pytest.param("integer", (-(1 << 63), (1 << 63) - 1), (None, None), id="open"),
        pytest.param("integer", (None, None), (None, None), id="not-shown"),
        pytest.param("integer", (-(1 << 62), 1 << 62), (-float(1 << 62), float(1 << 62)), id="nearly"),
        pytest.param("double", (-sys.float_info.max, sys.float_info.max), (None, None), id="open-fraction"),
        pytest.param("double", (-1e300, 0.5), (-1e300, 0.5), id="fraction"),
    ],
)
def test_a_range_is_declared_only_where_the_type_does_not_end(
    type_: str, limits: tuple[float | None, float | None], declared: tuple[float | None, float | None]
) -> None:
    number = {"key": "n", "type": type_, "status": "available", "min": limits[0], "max": limits[1]}

    found = declare(answers.Collection.model_validate({"$id": "c", "attributes": [number]})).attributes["n"]

    assert (found.min, found.max) == declared


@pytest.mark.parametrize(
    ("writer", "told"),
    [
        pytest.param(
            {"writes": {"status": "open", "city": "x"}},
            ["writer form attribute city: declared written, live unknown: breaks form"],
            id="an-attribute-that-nobody-made",
        ),
        pytest.param(
            {"writes": {"status": "Pending"}},
            ["writer form attribute status: declared written, live refused, is not among the elements: breaks form"],
            id="a-value-of-another-vocabulary",
        ),
        pytest.param(
            {"writes": {}},
            ["writer form attribute status: declared left out, live required: breaks form"],
            id="a-required-one-left-out",
        ),
        pytest.param({"writes": {}, "action": "update"}, [], id="an-update-may"),
        pytest.param({"writes": {"status": None}}, [], id="what-fits"),
    ],
)
def test_a_writer_that_manifest_and_project_refuse_alike_is_told_though_nothing_changed(
    writer: dict[str, Any], told: list[str]
) -> None:
    declared = collection(writers={"form": writer}, readers={"list": {}})

    found = compare("c", declared, collection())

    assert [str(each) for each in found] == told
    assert {each.impact for each in found} <= {Impact.BREAKING}
