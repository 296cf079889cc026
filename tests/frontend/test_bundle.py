import gc
import time

import pytest

from monitor.frontend.bundle import Capture, Mention, capture, read_mentions
from monitor.frontend.naming import Thing, Trust, fold, meaning_of

SYDNEY = "https://syd.cloud.appwrite.io/v1"
# As the web SDK ships it, minified.
SDK = f'class C{{constructor(){{this.config={{endpoint:"{SYDNEY}",endpointRealtime:"",project:"",jwt:""}}}}}}'


def read(text: str, *, concepts: frozenset[str] = frozenset(), is_env: bool = False) -> list[Mention]:
    return list(read_mentions(text, file="app.js", concepts=concepts, is_env=is_env))


def told(text: str, *, is_env: bool = False) -> set[tuple[str, str | None, str]]:
    return {(each.thing.value, each.value, each.place) for each in read(text, is_env=is_env)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('a={BOOKINGS_COLLECTION_ID:"b"}', ("collection", "b", "BOOKINGS_COLLECTION_ID"), id="key"),
        pytest.param('a={"collectionId" : "b"}', ("collection", "b", "collectionId"), id="quoted key"),
        pytest.param("const bookingsCollectionId='b';", ("collection", "b", "bookingsCollectionId"), id="constant"),
        pytest.param("a={collectionId:`b`}", ("collection", "b", "collectionId"), id="template without a hole"),
        pytest.param('x.collectionId=e.VITE_X||"b"', ("collection", "b", "collectionId"), id="fallback"),
        pytest.param('{chatCollectionId:void 0||"b"}', ("collection", "b", "chatCollectionId"), id="fallback of void"),
        pytest.param('{chatCollectionId:e.X??"b"}', ("collection", "b", "chatCollectionId"), id="other fallback"),
        pytest.param("{chatCollectionId:void 0}", ("collection", None, "chatCollectionId"), id="undefined, minified"),
        pytest.param("{chatCollectionId:undefined,a}", ("collection", None, "chatCollectionId"), id="undefined"),
        pytest.param('{chatCollectionId:""}', ("collection", "", "chatCollectionId"), id="empty"),
        pytest.param('get chatCollection(){return"b"}', ("collection", "b", "chatCollection"), id="getter"),
        pytest.param('COLLECTION_CHAT:"b"', ("collection", "b", "COLLECTION_CHAT"), id="constant of a collection"),
        pytest.param('VITE_APPWRITE_CHAT_TABLE_ID:"b"', ("collection", "b", "VITE_APPWRITE_CHAT_TABLE_ID"), id="table"),
        pytest.param('collections:{x:"y",chat:"b"}', ("collection", "b", "collections.chat"), id="object"),
        pytest.param(
            'COLLECTIONS = {\n "chat": "b",\n}', ("collection", "b", "COLLECTIONS.chat"), id="object, as source"
        ),
        pytest.param('tableIds:{chat:"b"}', ("collection", "b", "tableIds.chat"), id="object of ids"),
        pytest.param('x.listDocuments("d","b",[])', ("collection", "b", "listDocuments()"), id="call"),
        pytest.param('x.createRow("d", "b")', ("database", "d", "createRow()"), id="call of tables"),
        pytest.param('s(["databases.d.collections.b.documents"])', ("collection", "b", "a channel"), id="channel"),
        pytest.param('s("databases.d.tables.undefined.rows")', ("collection", "undefined", "a channel"), id="no id"),
        pytest.param('VITE_APPWRITE_PROJECT_ID:"p"', ("project", "p", "VITE_APPWRITE_PROJECT_ID"), id="project"),
        pytest.param('h={"X-Appwrite-Project":"p"}', ("project", "p", "X-Appwrite-Project"), id="header"),
        pytest.param('c.setProject( "p" )', ("project", "p", "setProject()"), id="setter"),
        pytest.param(
            'const r="p",i=new C;i.setProject(r)', ("project", "p", "setProject()"), id="setter of a variable"
        ),
        pytest.param("c.setProject(void 0)", ("project", None, "setProject()"), id="setter of nothing"),
        pytest.param(f'{{endpoint:"{SYDNEY}",projectId:"p"}}', ("project", "p", "projectId"), id="beside an endpoint"),
        pytest.param('{"endpoint":"/v1","database":"d"}', ("database", "d", "database"), id="relative endpoint"),
        pytest.param('{"endpoint":"/v1","chat_function":"f"}', ("function", "f", "chat_function"), id="function"),
        pytest.param('databaseId:"d"', ("database", "d", "databaseId"), id="database"),
        pytest.param(f"x('{SYDNEY}')", ("endpoint", SYDNEY, "an address"), id="address"),
        pytest.param(
            'setEndpoint("http://10.0.0.1/v1")', ("endpoint", "http://10.0.0.1/v1", "setEndpoint()"), id="own"
        ),
        pytest.param('API_ENDPOINT="http://a.b/v1"', ("endpoint", "http://a.b/v1", "API_ENDPOINT"), id="endpoint"),
    ],
)
def test_recognises(text: str, expected: tuple[str, str | None, str]) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SDK, id="the defaults of the SDK"),
        pytest.param('{projectId:"my-firebase",authDomain:"x.firebaseapp.com"}', id="a project of another product"),
        pytest.param('fetch("https://api.stripe.com/v1")', id="another API"),
        pytest.param('{endpoint:"https://ingest.example.com/logs"}', id="an endpoint without a version"),
        pytest.param('useState({collectionId:""})', id="an argument without a value yet"),
        pytest.param('if(collectionId==="b")x()', id="comparison"),
        pytest.param("channel(`databases.${d}.collections.${c}.documents`)", id="template with holes"),
        pytest.param('{collectionName:"Bookings",collectionTitle:"x"}', id="what a collection has beside its id"),
        pytest.param('{mutationTable:{m:"v",b:"v"}}', id="an object that is a table itself"),
        pytest.param('{tableId:"grid-1"}', id="a table of a page"),
        pytest.param('{database:"local"}', id="a database far from any endpoint"),
        pytest.param("BOOKINGS_COLLECTION_ID=b", id="env file that is none"),
    ],
)
def test_takes_nothing_else_for_a_name(text: str) -> None:
    assert told(text) == set()


def test_reads_env_files_line_by_line() -> None:
    text = "# chat\nVITE_CHAT_COLLECTION_ID=chat_messages\nexport VITE_BOOKINGS_COLLECTION_ID=\nOTHER=1\n"

    assert told(text, is_env=True) == {
        ("collection", "chat_messages", "VITE_CHAT_COLLECTION_ID"),
        ("collection", "", "VITE_BOOKINGS_COLLECTION_ID"),
    }


def test_a_concept_that_is_asked_for_is_found_by_its_own_name_too() -> None:
    text = 'const Xe={bookings:"therapists_collection_id",menus:"x"};'

    [mention] = read(text, concepts=frozenset({"booking"}))

    assert (mention.value, mention.concept, mention.trust) == ("therapists_collection_id", "booking", Trust.GUESSED)


def test_the_entries_of_one_object_belong_together() -> None:
    first, second, other = read('{collections:{a:"x",b:"y"},dashboard_collections:{a:"x"}}')

    assert first.group == second.group != other.group
    assert other.place == "dashboard_collections.a"


@pytest.mark.parametrize(
    "key", ["bookings", "Booking", "VITE_BOOKINGS_COLLECTION_ID", "bookingsCollectionId", "bookings_collection_id"]
)
def test_the_spellings_of_a_concept_are_one(key: str) -> None:
    assert fold(key) == "booking"


def test_the_words_of_a_key_say_how_sure_it_is() -> None:
    assert meaning_of("chatCollectionId") == (Thing.COLLECTION, Trust.SURE)
    assert meaning_of("chatCollection") == (Thing.COLLECTION, Trust.LIKELY)
    assert meaning_of("projectId") == (Thing.PROJECT, Trust.LIKELY)
    assert meaning_of("appwriteProjectId") == (Thing.PROJECT, Trust.SURE)
    assert meaning_of("id") is None


def test_what_a_pattern_captures_is_named_after_it() -> None:
    wanted = Capture(name="chat project", thing=Thing.PROJECT, pattern=r'p\((?:"(\w+)")?\)')

    [mention] = capture('p() p("old") p("old")', file="a", captures=[wanted])

    assert (mention.thing, mention.value, mention.place) == (Thing.PROJECT, "old", "chat project")


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("a", id="one word"),
        pytest.param("a ", id="words"),
        pytest.param("a:", id="keys"),
        pytest.param('a:"', id="open texts"),
        pytest.param("a:x||", id="fallbacks"),
        pytest.param("a       ", id="blanks"),
        pytest.param("collections:{", id="open objects"),
        pytest.param('collections:{a:"b",', id="objects in objects"),
        pytest.param("setProject(a)", id="setters of variables"),
        pytest.param('endpointRealtime:"",project:"",', id="defaults of the SDK"),
        pytest.param('endpoint:"/v1",project:"a",', id="endpoints"),
        pytest.param('.listDocuments("', id="calls"),
        pytest.param('"databases.', id="channels"),
        pytest.param('"https://', id="addresses"),
        pytest.param("get a(){return ", id="getters"),
        pytest.param("export A=", id="lines"),
    ],
)
def test_takes_time_in_proportion_to_what_it_reads(unit: str) -> None:
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit))
        # The collector would look at whatever other tests have left, again and again.
        gc.collect()
        gc.disable()
        try:
            started = time.process_time()
            found = read_mentions(text, file="app.js", concepts=frozenset({"a"}), is_env=True)
            took = time.process_time() - started
        finally:
            gc.enable()
        assert len(found) <= 2000
        return took

    # What grows with the square takes sixteen times as long for four times as much.
    assert seconds(400_000) < 9 * seconds(100_000) + 0.1
