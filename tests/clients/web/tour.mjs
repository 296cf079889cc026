// A tour of the sandbox with the official web SDK, as a page would use it: cookies that do not arrive, a session kept
// in localStorage, a WebSocket. Prints one JSON line per step, and is run by test_web.py, which knows what must come.
//
// Steps that were recorded against a real server print {"step", "recorded", "ok", "class", "code", "type", "message"},
// all others {"step", "ok", "got", "expected"}.

import { format, isDeepStrictEqual } from "node:util";
import WebSocket from "ws";

const stored = new Map();
const sent = [];
const received = [];
const opened = [];
const sockets = [];

class NotedSocket extends WebSocket {
  constructor(url) {
    super(url);
    opened.push(url);
    sockets.push(this);
    this.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      received.push(message.data?.to ?? message.type);
    });
  }
  send(data, ...rest) {
    sent.push(JSON.parse(data).type);
    super.send(data, ...rest);
  }
}

globalThis.window = globalThis;
globalThis.WebSocket = NotedSocket;
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, String(value)) },
});
// The SDK warns of the version on every call; standard output belongs to the steps.
const warnings = [];
for (const level of ["log", "warn", "error"]) console[level] = (...words) => warnings.push(format(...words));

const sdk = await import("appwrite");
const { Account, Client, Databases, Functions, ID, Locale, Permission, Query, Realtime, Role, TablesDB, Teams } = sdk;
const { endpoint, project, database } = JSON.parse(process.argv[2]);

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(ready, seconds = 5) {
  for (const end = Date.now() + seconds * 1000; !ready(); await pause(5)) if (Date.now() > end) return false;
  return true;
}

async function recorded(step, call) {
  try {
    await call();
    say({ step, recorded: true, ok: true });
  } catch (error) {
    const { code, type, message } = error;
    say({ step, recorded: true, ok: false, class: error.constructor.name, code, type, message });
  }
}

async function expect(step, call, expected) {
  let got;
  try {
    // As JSON: the SDK's objects have no prototype.
    got = JSON.parse(JSON.stringify((await call()) ?? null));
  } catch (error) {
    got = `${error.constructor.name} ${error.code ?? ""} ${error.type ?? ""} ${error.message}`;
  }
  say({ step, ok: isDeepStrictEqual(got, expected), got, expected });
}

async function refused(step, call, ...expected) {
  const verdict = () => Promise.resolve(call()).then(() => [], (error) => [error.code, error.type]);
  await expect(step, verdict, expected);
}

const count = (list, word) => list.filter((each) => each === word).length;

// Run what makes the SDK send a message, and wait for the answer.
async function answered(to, action) {
  const before = count(received, to);
  const result = await action();
  await until(() => count(received, to) > before);
  return result;
}

// Events and answers travel in order: what has not come before the pong does not come.
const settle = () => answered("pong", () => sockets.at(-1).send('{"type":"ping"}'));

const clientOf = (id, at = endpoint) => new Client().setEndpoint(at).setProject(id);
const client = clientOf(project);
const [account, databases, tables] = [new Account(client), new Databases(client), new TablesDB(client)];
const place = (collectionId) => ({ databaseId: database, collectionId });
const row = (tableId, rowId) => ({ databaseId: database, tableId, rowId });

async function asGuest() {
  await recorded("account.get as guest", () => account.get());
  await recorded("listDocuments any-readable as guest", () => databases.listDocuments(place("any")));
  await recorded("listDocuments no permissions as guest", () => databases.listDocuments(place("none")));
  await recorded("getDocument no permissions as guest", () =>
    databases.getDocument({ ...place("none"), documentId: "get-guest" }),
  );
  await recorded("listDocuments missing collection", () => databases.listDocuments(place("does_not_exist")));
  await recorded("createDocument missing attribute", () =>
    databases.createDocument({ ...place("any"), documentId: ID.unique(), data: { status: "open" } }),
  );
}

async function signIn() {
  const [email, password] = ["ann@example.com", "a-password"];
  await expect("account.create", async () => (await account.create({ userId: "ann", email, password })).$id, "ann");
  await recorded("createSession wrong password", () =>
    account.createEmailPasswordSession({ email, password: "not-it-at-all" }),
  );
  await recorded("createSession", () => account.createEmailPasswordSession({ email, password }));
  await expect("the session is kept for want of cookies", () => stored.has("cookieFallback"), true);
  await recorded("account.get after session", () => account.get());
  await expect("who it is", async () => (await account.get()).$id, "ann");
  await refused("createSession again", () => account.createEmailPasswordSession({ email, password }), 401,
    "user_session_already_exists");
  await expect("updatePrefs", async () => (await account.updatePrefs({ prefs: { dark: true } })).prefs, { dark: true });
  // Without cookies the SDK sends the kept session along, whatever else it was given.
  await refused("a JWT beside the kept session", async () => {
    const { jwt } = await account.createJWT();
    return new Account(clientOf(project).setJWT(jwt)).get();
  }, 403, "user_jwt_and_cookie_set");
}

async function withRows() {
  await recorded("listDocuments users-only", () => databases.listDocuments(place("users")));
  await recorded("tablesDB.listRows users-only", () => tables.listRows({ databaseId: database, tableId: "users" }));
  await recorded("account.get bad project", () => new Account(clientOf("no-such-project")).get());
  await recorded("account.get nothing listens there", () =>
    new Account(clientOf(project, "http://127.0.0.1:9/v1")).get(),
  );
  const own = ["read", "update", "delete"].map((action) => Permission[action](Role.user("ann")));
  await expect("createRow", async () => {
    const made = await tables.createRow({ ...row("users", "r1"), data: { title: "one" }, permissions: own });
    return [made.title, made.$tableId, typeof made.$sequence, made.$permissions];
  }, ["one", "users", "string", own]);
  await expect("updateRow", async () => (await tables.updateRow({ ...row("users", "r1"), data: { title: "two" } })).title,
    "two");
  await expect("upsertRow", async () =>
    (await tables.upsertRow({ ...row("users", "r2"), data: { title: "three" } })).title, "three");
  const listed = async (...queries) => {
    const { rows } = await tables.listRows({ databaseId: database, tableId: "users", queries });
    return rows.map((each) => each.$id);
  };
  await expect("query equal", () => listed(Query.equal("title", "three")), ["r2"]);
  await expect("query order and limit", () => listed(Query.orderDesc("$sequence"), Query.limit(1)), ["r2"]);
  await expect("query cursor", () => listed(Query.orderAsc("$sequence"), Query.cursorAfter("r1")), ["r2"]);
  await expect("query or", () => listed(Query.or([Query.equal("title", "two"), Query.equal("title", "none")])), ["r1"]);
  await refused("query unknown", () => listed(Query.equal("nothing", 1)), 400, "general_query_invalid");
  await refused("permission for another", () =>
    tables.updateRow({ ...row("users", "r1"), permissions: [Permission.read(Role.user("ben"))] }), 401,
    "user_unauthorized");
  await expect("deleteRow", () => tables.deleteRow(row("users", "r2")).then(() => "gone"), "gone");
  await refused("getRow gone", () => tables.getRow(row("users", "r2")), 404, "row_not_found");
}

const channel = `databases.${database}.collections.users.documents`;
const write = (title) =>
  databases.createDocument({ ...place("users"), documentId: ID.unique(), data: { title } });

async function withRealtime() {
  const heard = [];
  const realtime = new Realtime(client);
  let subscription;
  sent.length = 0;
  await answered("subscribe", () =>
    recorded("realtime.subscribe", async () => {
      subscription = await realtime.subscribe(channel, (event) => heard.push(event));
    }),
  );
  await expect("what the SDK says first", async () => {
    await until(() => sent.length >= 2);
    return sent.slice(0, 2);
  }, ["authentication", "subscribe"]);
  await recorded("createDocument users-only", () => write("first"));
  await expect("the event comes", () => until(() => heard.length === 1), true);
  await expect("with its names", () => heard[0].events[0].replace(/documents\.[^.]+/, "documents.X"),
    `${channel}.X.create`);
  await expect("with the document", () => heard[0].payload.title, "first");
  await answered("subscribe", () => subscription.update({ queries: [Query.equal("title", "wanted")] }));
  await write("unwanted");
  await write("wanted");
  await expect("an updated subscription filters", async () => {
    await until(() => heard.length === 2);
    return heard.map((each) => each.payload.title);
  }, ["first", "wanted"]);
  await answered("unsubscribe", () => subscription.unsubscribe());
  await write("wanted");
  await settle();
  await expect("after unsubscribing nothing comes", () => heard.length, 2);
  await realtime.disconnect();
}

async function withOldRealtime() {
  const heard = [];
  const unsubscribe = await answered("subscribe", () =>
    client.subscribe(channel, (event) => heard.push(event.payload.title)),
  );
  await write("old way");
  await expect("client.subscribe hears", async () => (await until(() => heard.length === 1)) && heard, ["old way"]);
  unsubscribe();
  await expect("with the last subscription ends the socket", () =>
    until(() => sockets.at(-1).readyState === WebSocket.CLOSED), true);
}

async function withRefusedRealtime() {
  const errors = [];
  const realtime = new Realtime(clientOf("no-such-project"));
  realtime.onError((error, code) => errors.push([error.message, code]));
  opened.length = 0;
  await recorded("realtime.subscribe bad project", () => realtime.subscribe(channel, () => {}));
  await expect("the refusal comes as an error", async () => (await until(() => errors.length > 0)) && errors[0],
    ["Missing or unknown project ID", 1008]);
  // A real server ends the connection without a close frame, so that the SDK does not learn to give up.
  await expect("the SDK tries again", () => until(() => opened.length >= 2), true);
  await realtime.disconnect();
}

async function withTheRest() {
  const [functions, heard, realtime] = [new Functions(client), [], new Realtime(client)];
  await answered("subscribe", () => realtime.subscribe("executions", (event) => heard.push(event.payload.functionId)));
  await expect("createExecution", async () => {
    const { status, responseStatusCode } = await functions.createExecution({ functionId: "ping", body: "hello" });
    return [status, responseStatusCode];
  }, ["completed", 200]);
  await expect("an execution is announced", async () => (await until(() => heard.length > 0)) && heard, ["ping"]);
  await realtime.disconnect();
  await refused("missing function", () => functions.createExecution({ functionId: "none" }), 404, "function_not_found");
  await expect("teams", async () => {
    const teams = new Teams(client);
    await teams.create({ teamId: "crew", name: "Crew" });
    return (await teams.list()).teams.map((each) => each.$id);
  }, ["crew"]);
  await expect("locale", async () => (await new Locale(client).get()).ip, "127.0.0.1");
  await expect("warned of the version", () => warnings.some((each) => each.includes("server version is 1.9.6")), true);
  await expect("deleteSession", () => account.deleteSession({ sessionId: "current" }).then(() => "out"), "out");
  await refused("account.get afterwards", () => account.get(), 401, "general_unauthorized_scope");
}

const tour = [asGuest, signIn, withRows, withRealtime, withOldRealtime, withRefusedRealtime, withTheRest];
for (const part of tour) await part();
say({ step: "end", ok: true, got: null, expected: null });
process.exit(0);
