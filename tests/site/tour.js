// Run inside the booking site: what the official web SDK gets there. Returns everything that is compared.
async ({ email, password, project, database }) => {
  const { Account, Client, Databases, ID, Permission, Query, Realtime, Role } = window.Appwrite;
  const acknowledged = [];
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({ data }) => acknowledged.push(JSON.parse(data).data?.to));
    }
  };
  const client = new Client().setEndpoint(`${location.origin}/v1`).setProject(project);
  const [account, databases, realtime] = [new Account(client), new Databases(client), new Realtime(client)];
  const refused = (call) => call.then(() => "allowed", ({ name, code, type }) => [name, code, type]);
  const until = async (ready) => {
    for (let tries = 0; tries < 300 && !ready(); tries += 1) await new Promise((done) => setTimeout(done, 10));
  };
  const seen = { guest: await refused(account.get()) };
  seen.wrong = await refused(account.createEmailPasswordSession({ email, password: "not-it-at-all" }));
  await account.createEmailPasswordSession({ email, password });
  const user = await account.get();
  seen.user = user.$id;
  seen.stored = Object.keys(localStorage);

  const place = { databaseId: database, collectionId: "chat_messages" };
  const mine = Role.user(user.$id);
  const permissions = [Permission.read(Role.users()), Permission.update(mine), Permission.delete(mine)];
  const write = (text, granted = permissions) =>
    databases.createDocument({
      ...place, documentId: ID.unique(), data: { sessionId: "s", senderId: user.$id, text }, permissions: granted,
    });
  seen.heard = [];
  const channel = `databases.${database}.collections.chat_messages.documents`;
  const subscription = await realtime.subscribe([channel], ({ events, payload }) => {
    seen.heard.push([events[0].split(".").at(-1), payload.text]);
  });
  await until(() => acknowledged.includes("subscribe"));
  const document = { ...place, documentId: (await write("first")).$id };
  await until(() => seen.heard.length === 1);
  await databases.updateDocument({ ...document, data: { read: true } });
  await until(() => seen.heard.length === 2);
  await subscription.unsubscribe();
  await until(() => acknowledged.includes("unsubscribe"));
  await write("second");

  const listed = await databases.listDocuments({ ...place, queries: [Query.equal("text", ["second"]), Query.limit(5)] });
  seen.listed = listed.documents.map(({ text }) => text);
  seen.read = (await databases.getDocument(document)).read;
  await databases.deleteDocument(document);
  seen.gone = await refused(databases.getDocument(document));
  seen.foreign = await refused(write("x", [Permission.read(Role.user("somebody"))]));
  await account.deleteSession({ sessionId: "current" });
  seen.left = await refused(account.get());
  return seen;
};
