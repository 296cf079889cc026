// The platform as a page sees it: settings, the official web SDK, and what this page is to do wrong.

const { Account, Client, Databases, Functions, Realtime } = window.Appwrite;
let loaded;

/** Return the platform; the settings are read once a page load. */
export function loadPlatform() {
  loaded ??= read();
  return loaded;
}

async function read() {
  const answer = await fetch("/site/settings.json", { cache: "no-store" });
  if (!answer.ok) throw new Error(`the site's settings answered ${answer.status}`);
  return new Platform(await answer.json());
}

class Platform {
  constructor(settings) {
    this.settings = settings;
    this.profile = new URLSearchParams(location.search).get("profile") === "march" ? "march" : "january";
    this.language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "id";
    this.endpoint = new URL(settings.endpoint, location.origin).href;
    this.client = this.clientOf(settings.project);
    this.account = new Account(this.client);
    this.databases = new Databases(this.client);
    this.functions = new Functions(this.clientOf(settings.chat_project));
    this.realtime = new Realtime(this.client);
    this.subscriptions = [];
  }

  clientOf(project) {
    return new Client().setEndpoint(this.endpoint).setProject(project);
  }

  /** Return the parameters of what the page is to do wrong, null when it is to do it right. */
  quirk(name) {
    return this.settings.quirks[name] ?? null;
  }

  /** Return the ids of the collections as the customer's pages are configured; the dashboard has a configuration of its own. */
  get collections() {
    return this.settings.collections;
  }

  /** Create a document that the team of the two may read and change; return it. */
  create(collectionId, data, permissions = this.shared) {
    const { database: databaseId } = this.settings;
    // The SDK refuses an empty id; other code builds its paths by hand, and does not.
    if (collectionId === "") return this.createByHand(data, permissions);
    return this.databases.createDocument({
      databaseId, collectionId, documentId: window.Appwrite.ID.unique(), data, permissions,
    });
  }

  async createByHand(data, permissions) {
    const path = `${this.endpoint}/databases/${this.settings.database}/collections//documents`;
    const answer = await fetch(path, {
      method: "POST", credentials: "include",
      headers: { "Content-Type": "application/json", "X-Appwrite-Project": this.settings.project },
      body: JSON.stringify({ documentId: "unique()", data, permissions }),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.message ?? `the server answered ${answer.status}`);
    return body;
  }

  /** A user may give permissions only to roles that he holds: both are in this team. */
  get shared() {
    const role = `team:${this.settings.team}`;
    return [`read("${role}")`, `update("${role}")`];
  }

  list(collectionId, queries) {
    return this.databases.listDocuments({ databaseId: this.settings.database, collectionId, queries });
  }

  update(collectionId, documentId, data) {
    return this.databases.updateDocument({ databaseId: this.settings.database, collectionId, documentId, data });
  }

  channel(collectionId, documentId) {
    const whole = `databases.${this.settings.database}.collections.${collectionId}.documents`;
    return documentId ? `${whole}.${documentId}` : whole;
  }

  async subscribe(channels, heard) {
    const subscription = await this.realtime.subscribe(channels, heard);
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** Give up what the last page listened to. */
  async leave() {
    const old = this.subscriptions.splice(0);
    await Promise.allSettled(old.map((each) => each.unsubscribe()));
  }

  /** Return the user who is signed in, null for a guest. */
  async user() {
    return this.account.get().catch((error) => {
      if (error.code === 401) return null;
      throw error;
    });
  }

  run(body) {
    return this.functions.createExecution({ functionId: this.settings.chat_function, body: JSON.stringify(body) });
  }
}

/** Make an element; `on…` attributes are handlers, booleans stand alone, children are nodes or texts. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((each) => each !== null && each !== undefined));
  return made;
}

/** Show what went wrong where the reader looks. */
export function alertOf(error) {
  return element("p", { class: "alert", role: "alert" }, error.message);
}
