"""
Database, collections, schema and permissions: appwrite-protocol.md 4.4 to 4.6 and 10.1; booking-platform.md 6.
"""

from monitor.core.cause import Cause
from monitor.core.identity import KEY
from monitor.core.outcome import Reason, Status
from monitor.core.topic import Topic
from monitor.diagnosis.clue import GIVEN, NOT_GIVEN, Clue, seen
from monitor.diagnosis.rule import Rule

_GONE = frozenset({"collection_not_found", "table_not_found"})
_ANOTHER_ID = frozenset({"display_name", "other_database"})
# What a front end asks for that is not there.
_SITE_OF_MISSING = seen("the site names a collection that is gone", Reason.NOT_FOUND, mismatches=GIVEN)
# A function that the platform wrote tells no more than that it failed.
_FUNCTION_BEHIND = (
    seen(
        "a function on the way there fails",
        Reason.WRONG_ANSWER,
        function=GIVEN,
        profile=GIVEN,
        answer_status=range(500, 600),
    ),
    seen("what a function should have written is not there", Reason.NOT_FOUND, collection=GIVEN, status=NOT_GIVEN),
)
_REFUSED_DOCUMENT = seen("a document is refused for its structure", Reason.SCHEMA)
_DRIFT = "the schema of {collection} is not what its writers and readers were made for"
_UNDO_DRIFT = (
    "all differences at once: `monitor manifest diff`",
    "undo the change in the console > Databases > {database} > {collection} > Attributes, or mend the writer",
    "when the change was meant: `monitor manifest pull`, and deploy what writes it first",
)

DATA_RULES = (
    Rule(
        cause=Cause.DATABASE_MISSING,
        means="database {database} is deleted, disabled, or has another id",
        proofs=(
            seen("the database is not there", type="database_not_found"),
            seen("the database is disabled", Reason.NOT_FOUND, enabled=False, database=GIVEN),
        ),
        follows=(seen("no collection of it is there", Reason.NOT_FOUND, type=NOT_GIVEN), *_FUNCTION_BEHIND),
        remedy=(
            "the nearest that is there: {near_miss}; when that is meant, correct target.database",
            "console > Databases: is it there, and enabled?",
            "`appwrite databases get --database-id {database}`",
            "when it has another id: target.database, and the site's configuration",
            "when it was deleted: restore the backup; the manifest holds the schema (`monitor manifest diff`)",
        ),
        opinion="an answer of the database to a guest or user would rule it out",
    ),
    Rule(
        cause=Cause.COLLECTION_MISSING,
        means="there is no collection {collection}",
        proofs=(
            seen("the key does not see it", type=_GONE, identity=KEY),
            seen("the inventory lacks it", Reason.NOT_FOUND, about="collection"),
        ),
        hints=(seen("users are told that it does not exist", type=_GONE), _SITE_OF_MISSING),
        follows=_FUNCTION_BEHIND,
        unless=(
            Clue(says="it lives under another id", facts={"near_miss_kind": _ANOTHER_ID}),
            Clue(says="it is there, and disabled", facts={"enabled": False}),
        ),
        asks=(Topic.COLLECTION, Topic.SCHEMA),
        scope="collection",
        remedy=(
            "the nearest that is there: {near_miss}; when that is meant, correct the id in the check and the manifest",
            "`appwrite databases get-collection --database-id {database} --collection-id {collection}`",
            "was it deleted or renamed? console > Databases > {database}; the manifest holds what it must be",
            "only when it was deleted: create it again with the permissions of the manifest, never with *Any: read*",
        ),
        opinion="a key that sees it would make it disabled or a matter of permissions",
    ),
    Rule(
        cause=Cause.COLLECTION_DISABLED,
        means="disabled, so that users get 404: collection {collection}",
        proofs=(
            seen("it is there, and disabled", Reason.NOT_FOUND, enabled=False, collection=GIVEN),
            seen("it is declared enabled, and is not", Reason.NOT_FOUND, about="enabled"),
        ),
        hints=(seen("users are told that it does not exist", type=_GONE),),
        follows=_FUNCTION_BEHIND,
        asks=(Topic.COLLECTION, Topic.SCHEMA),
        scope="collection",
        remedy=(
            "console > Databases > {database} > {collection} > Settings: switch it on",
            "by hand, not by `appwrite databases update-collection`: that resets document security when it is left out",
        ),
        opinion="a key that does not see it would make it missing",
    ),
    Rule(
        cause=Cause.COLLECTION_ID_MISMATCH,
        means="asked for under an id that it does not have: collection {collection}",
        proofs=(
            seen("what was meant has another id", type=_GONE, near_miss_kind=_ANOTHER_ID),
            seen("the site names another collection", observed=frozenset({"other_collection", "name_as_id"})),
            seen(
                "the site names another collection",
                mismatches=frozenset({"other_collection", "name_as_id", "no_collection"}),
            ),
        ),
        hints=(
            seen("it does not exist under this id", type=_GONE),
            seen("the inventory lacks it", Reason.NOT_FOUND, about="collection"),
            _SITE_OF_MISSING,
        ),
        follows=_FUNCTION_BEHIND,
        asks=(Topic.COLLECTION, Topic.SITE),
        scope="collection",
        remedy=(
            "which id is right? console > Databases > {database}",
            "the nearest that is there: {near_miss}",
            "correct the site's configuration (VITE_…_COLLECTION_ID) and build it again, or rename in the manifest",
        ),
        opinion="nothing alike under any other id would make it missing",
    ),
    Rule(
        cause=Cause.SCHEMA_DRIFT,
        means=_DRIFT,
        proofs=(
            Clue(
                says="the schema differs from the manifest",
                statuses=(Status.FAILED, Status.DEGRADED),
                reasons=(Reason.SCHEMA,),
                facts={"about": GIVEN, "is_unfinished": False},
            ),
        ),
        follows=(_REFUSED_DOCUMENT, *_FUNCTION_BEHIND),
        asks=(Topic.SCHEMA,),
        scope="collection",
        remedy=_UNDO_DRIFT,
        opinion="a schema that equals the manifest would make it the writer's fault",
    ),
    Rule(
        cause=Cause.SCHEMA_DRIFT,
        means=_DRIFT,
        proofs=(),
        hints=(_REFUSED_DOCUMENT,),
        follows=_FUNCTION_BEHIND,
        unless=(Clue(says="a part of a schema is not finished", statuses=tuple(Status), facts={"unfinished": GIVEN}),),
        asks=(Topic.SCHEMA,),
        scope="collection",
        remedy=_UNDO_DRIFT,
        opinion="a schema that equals the manifest would make it the writer's fault",
    ),
    Rule(
        cause=Cause.SCHEMA_STUCK,
        means="a part of the schema never became available: the databases worker stands still",
        proofs=(
            Clue(
                says="a part of a schema is not finished",
                statuses=tuple(Status),
                facts={"unfinished": GIVEN},
            ),
            seen("jobs wait for the databases worker", queue=frozenset({"databases", "failed/v1-database"})),
        ),
        hints=(_REFUSED_DOCUMENT,),
        follows=_FUNCTION_BEHIND,
        asks=(Topic.SCHEMA, Topic.API),
        remedy=(
            "self-hosted: `docker compose restart appwrite-worker-databases`, then its log and the queue v1-database",
            "an attribute that stays stuck: delete it in the console and create it again",
            "cloud: open a ticket with the evidence bundle",
        ),
        opinion="every attribute and index available would make it drift",
    ),
    Rule(
        cause=Cause.PERMISSION_MISSING,
        means="somebody may not do what he must be able to do with {collection}",
        proofs=(
            Clue(
                says="an allowed action is refused", reasons=(Reason.PERMISSION_MISSING,), but_not={"function": GIVEN}
            ),
        ),
        follows=_FUNCTION_BEHIND,
        asks=(Topic.ACCESS, Topic.SCHEMA),
        scope="collection",
        remedy=(
            "{change}",
            "what differs from the manifest: {breaking}",
            "console > Databases > {database} > {collection} > Settings > Permissions: as the manifest declares",
            "never *Any: read* on what is private: that publishes every document",
        ),
        opinion="the same call allowed to the same identity would rule it out",
    ),
    Rule(
        cause=Cause.PERMISSION_EXCESS,
        means="somebody may do what he must not with {collection}: private data is public",
        proofs=(seen("a forbidden action is allowed", Reason.PERMISSION_EXCESS),),
        asks=(Topic.ACCESS,),
        scope="collection",
        remedy=(
            "{change}",
            "console > Databases > {database} > {collection} > Settings > Permissions: remove what is not declared",
            "then find out who has read it meanwhile: this is a data breach until the opposite is shown",
        ),
        opinion="the same call refused to the same identity would rule it out",
    ),
)
