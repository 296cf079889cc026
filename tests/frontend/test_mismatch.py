from dataclasses import replace

import pytest

from monitor.frontend.bundle import read_mentions
from monitor.frontend.mismatch import Backend, Flaw, Mismatch, find_mismatches

BACKEND = Backend(
    page="https://example.com/",
    endpoint="https://syd.cloud.appwrite.io/v1",
    project="booking",
    database="main",
    databases=frozenset({"archive"}),
    collections={
        "bookings": "Bookings",
        "bookings_collection_id": "Bookings (old)",
        "chat_messages": "Chat Messages",
        "notifications": "notifications",
        "therapists_collection_id": "Therapists",
    },
    missing_functions=frozenset({"gone"}),
    expected={"booking": "bookings"},
)
# What Vite makes of a configuration and its use.
BUNDLE = (
    'const e="https://syd.cloud.appwrite.io/v1",t="booking",n=new Ce;n.setEndpoint(e).setProject(t);const r={databaseId'
    ':"main",collections:{bookings:"bookings",chatMessages:"chat_messages",notifications:"notifications"}},i={collections'
    ':{title:"Our collections",empty:"Nothing here yet"}};export{r as c,i as t};'
)


def flaws(text: str, backend: Backend = BACKEND) -> tuple[Flaw, ...]:
    mentions = read_mentions(text, file="/app.js", concepts=frozenset(backend.expected))
    return find_mismatches(mentions, backend)


def test_a_bundle_that_fits_has_no_mismatch() -> None:
    assert flaws(BUNDLE) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "mismatch", "text"),
    [
        pytest.param(
            'bookings:"bookings"',
            'bookings:"therapists_collection_id"',
            Mismatch.OTHER_COLLECTION,
            "/app.js names collection 'therapists_collection_id' (collections.bookings), expected 'bookings'",
            id="F01 another collection",
        ),
        pytest.param(
            "export{",
            'const d={dashboardBookingsCollection:"x",bookings:"bookings_collection_id"};export{',
            Mismatch.OTHER_COLLECTION,
            "/app.js names collection 'bookings_collection_id' (bookings), expected 'bookings'",
            id="F02 two ids for one concept",
        ),
        pytest.param(
            'notifications:"notifications"',
            'notifications:""',
            Mismatch.EMPTY_ID,
            "/app.js names collection '' (collections.notifications), which is empty",
            id="F03 empty",
        ),
        pytest.param(
            'notifications:"notifications"',
            "notifications:void 0",
            Mismatch.UNDEFINED_ID,
            "/app.js names collection undefined (collections.notifications):"
            " a setting was missing when the site was built",
            id="F15 undefined",
        ),
        pytest.param(
            '"chat_messages"',
            '"Chat Messages"',
            Mismatch.NAME_AS_ID,
            "/app.js names collection 'Chat Messages' (collections.chatMessages), a display name and no id,"
            " expected 'chat_messages'",
            id="F05 display name",
        ),
        pytest.param(
            '"notifications"}',
            '"Therapist Notices!"}',
            Mismatch.NAME_AS_ID,
            "/app.js names collection 'Therapist Notices!' (collections.notifications), a display name and no id",
            id="F05 a name of nothing",
        ),
        pytest.param(
            '"chat_messages"',
            '"chat_message"',
            Mismatch.NO_COLLECTION,
            "/app.js names collection 'chat_message' (collections.chatMessages), which does not exist,"
            " expected 'chat_messages'",
            id="a similar id",
        ),
        pytest.param(
            '"chat_messages"',
            '"68f7a1b2c3d4e5f60718"',
            Mismatch.NO_COLLECTION,
            "/app.js names collection '68f7a1b2c3d4e5f60718' (collections.chatMessages), which does not exist",
            id="an id of nothing",
        ),
        pytest.param(
            "n.setEndpoint(e).setProject(t)",
            'n.setEndpoint(e).setProject("old")',
            Mismatch.OTHER_PROJECT,
            "/app.js names project 'old' (setProject()), expected 'booking'",
            id="F06 another project",
        ),
        pytest.param(
            'databaseId:"main"',
            'databaseId:"placeholder"',
            Mismatch.NO_DATABASE,
            "/app.js names database 'placeholder' (databaseId), which the project lacks, expected 'main'",
            id="F06 a database that is not",
        ),
        pytest.param(
            'databaseId:"main"',
            'databaseId:"archive"',
            Mismatch.OTHER_DATABASE,
            "/app.js names database 'archive' (databaseId), another one of the project, expected 'main'",
            id="another database only",
        ),
        pytest.param(
            "export{",
            's({functionId:"gone"});export{',
            Mismatch.NO_FUNCTION,
            "/app.js names function 'gone' (functionId), which the project lacks",
            id="F06 no function",
        ),
    ],
)
def test_names_what_does_not_fit(right: str, wrong: str, mismatch: Mismatch, text: str) -> None:
    assert right in BUNDLE

    found = flaws(BUNDLE.replace(right, wrong, 1))

    assert found == (Flaw(mismatch=mismatch, text=text),)


@pytest.mark.parametrize(
    ("endpoint", "mismatch", "words"),
    [
        pytest.param("https://fra.cloud.appwrite.io/v1", Mismatch.OTHER_REGION, "of region 'fra'", id="region"),
        pytest.param("https://appwrite.old.example/v1", Mismatch.OTHER_ENDPOINT, "expected", id="another host"),
        pytest.param("http://syd.cloud.appwrite.io/v1", Mismatch.OTHER_ENDPOINT, "expected", id="not encrypted"),
        pytest.param("https://syd.cloud.appwrite.io:8443/v1", Mismatch.OTHER_ENDPOINT, "expected", id="another port"),
        pytest.param("/v1", Mismatch.OTHER_ENDPOINT, "expected", id="the site's own host"),
        pytest.param("http://[/v1", Mismatch.OTHER_ENDPOINT, "expected", id="no address"),
    ],
)
def test_another_endpoint_is_told_with_its_region(endpoint: str, mismatch: Mismatch, words: str) -> None:
    found = flaws(f'c.setEndpoint("{endpoint}")')

    assert found[0].mismatch is mismatch
    assert words in found[0].text


@pytest.mark.parametrize("endpoint", ["https://SYD.cloud.appwrite.io:443/v1/", "https://syd.cloud.appwrite.io/v1"])
def test_one_endpoint_may_be_written_in_several_ways(endpoint: str) -> None:
    assert flaws(f'c.setEndpoint("{endpoint}")') == ()


def test_a_second_database_beside_the_targets_is_fine() -> None:
    assert flaws('a={databaseId:"main"},b={databaseId:"archive"}') == ()


def test_a_collection_that_is_named_as_it_must_be_and_is_gone_is_not_the_sites_fault() -> None:
    gone = replace(BACKEND, collections={"bookings_live": "bookings"})

    [found] = flaws('{BOOKINGS_COLLECTION_ID:"bookings"}', gone)

    assert found.mismatch is Mismatch.MISSING_COLLECTION
    assert found.text.endswith("which does not exist, though 'bookings_live' has that name")


def test_texts_that_look_like_a_configuration_are_not_judged() -> None:
    assert flaws('{collections:{title:"Our collections",empty:""}}') == ()


def test_everything_is_told_at_once_and_the_worst_first() -> None:
    text = (
        '{endpoint:"https://fra.cloud.appwrite.io/v1",projectId:"old",collections:{bookings:"",chat:"Chat Messages"}}'
    )

    found = flaws(text)

    assert [each.mismatch for each in found] == [
        Mismatch.OTHER_REGION,
        Mismatch.OTHER_PROJECT,
        Mismatch.EMPTY_ID,
        Mismatch.NAME_AS_ID,
    ]
