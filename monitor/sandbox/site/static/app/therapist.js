// The therapist's pages: login, and the dashboard with requests, bookings and chat.

import { alertOf, element } from "./platform.js";
import { MessageList } from "./messages.js";

export async function showTherapist(platform, route, container) {
  const user = await platform.user();
  if (!user) {
    showLogin(platform, container);
    return;
  }
  if (route[0] === "therapist-login") {
    location.hash = "#/therapist-bookings";
    return;
  }
  await new Dashboard(platform, user, container).show();
}

function showLogin(platform, container) {
  const email = element("input", { type: "email", placeholder: "Enter your email", "aria-label": "E-mail", required: true });
  const password = element("input", { type: "password", placeholder: "Enter your password", "aria-label": "Password", required: true });
  const problem = element("div");
  const form = element(
    "form", { class: "card" }, element("h1", {}, "Therapist login"),
    element("label", {}, "E-mail", email), element("label", {}, "Password", password), problem,
    element("button", { class: "main", type: "submit" }, "Sign In to Dashboard"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await platform.account.createEmailPasswordSession({ email: email.value, password: password.value });
      location.hash = "#/therapist-bookings";
    } catch (error) {
      problem.replaceChildren(alertOf(error));
    }
  });
  container.append(form);
}

class Dashboard {
  constructor(platform, user, container) {
    this.platform = platform;
    this.user = user;
    this.container = container;
    // A configuration of its own, as in the first user's site, where it named the other of two collections.
    this.collections = platform.settings.dashboard_collections;
    this.bookings = this.collections.bookings;
    this.chatMessages = this.collections.chat_messages;
    this.requests = element("div", { "aria-live": "polite" });
    this.rows = element("ul", { class: "bookings" });
    this.empty = element("p", { class: "soft" }, "No bookings yet.");
    this.chats = element("div");
    this.status = element("span", { class: "pill", role: "status" }, "Connecting...");
    this.problem = element("div");
    this.known = new Map();
  }

  async show() {
    const { platform } = this;
    this.container.append(
      element("div", { class: "row" }, element("h1", {}, "Your bookings"), this.status,
        element("button", { onclick: () => this.signOut() }, "Sign Out")),
      this.problem, this.requests, this.empty, this.rows, this.chats,
    );
    try {
      const { Query } = window.Appwrite;
      const mine = await platform.list(this.collections.therapists, [Query.equal("userId", [this.user.$id])]);
      this.therapist = mine.documents[0];
      if (!this.therapist) throw new Error("this account is not a therapist's");
      await this.listen();
      const found = await platform.list(this.bookings, [
        Query.equal("therapistId", [this.therapist.$id]), Query.orderDesc("$createdAt"), Query.limit(25),
      ]);
      for (const each of found.documents.reverse()) this.showBooking(each);
    } catch (error) {
      this.problem.replaceChildren(alertOf(error));
    }
  }

  async listen() {
    const { platform } = this;
    if (platform.quirk("dashboard_unsubscribed")) return;
    const channels = [this.bookings, this.collections.notifications, this.chatMessages].map((id) => platform.channel(id));
    await platform.subscribe(channels, ({ events, payload }) => this.heard(events, payload));
    this.status.textContent = "Live";
  }

  heard(events, payload) {
    const of = (id) => events.some((each) => each.includes(`.collections.${id}.documents.`));
    if (of(this.bookings) && payload.therapistId === this.therapist.$id) this.showBooking(payload);
    if (of(this.chatMessages) && !this.platform.quirk("messages_after_reload")) this.showMessage(payload);
  }

  showMessage(message) {
    for (const { sessionId, list } of this.known.values()) {
      if (message.sessionId === sessionId) list?.add(message);
    }
  }

  showBooking(booking) {
    // Nobody writes it: the attribute was given another name when the writer was changed.
    if (this.platform.quirk("requires_expiry") && !(new Date(booking.expiresAt) > new Date())) return;
    this.empty.hidden = true;
    const row = this.known.get(booking.$id) ?? this.newRow(booking);
    row.status.textContent = booking.status;
    if (booking.status !== "pending") row.request?.remove();
    if (booking.status === "confirmed") this.openChat(booking, row).catch((error) => this.problem.replaceChildren(alertOf(error)));
  }

  newRow(booking) {
    const status = element("span", { class: "pill" });
    const row = { status, request: booking.status === "pending" ? this.request(booking) : null };
    this.rows.prepend(element("li", { "data-booking": booking.$id }, `${booking.durationMinutes} min · `, status));
    this.known.set(booking.$id, row);
    return row;
  }

  request(booking) {
    const english = this.platform.language === "en";
    const panel = element(
      "section", { class: "request", "aria-labelledby": "new-booking-title" },
      element("h2", { id: "new-booking-title" }, english ? "New Booking Request" : "Permintaan Booking Baru"),
      element("p", {}, `${booking.durationMinutes} min`),
      element(
        "div", { class: "row" },
        element("button", { class: "main", id: "accept-booking-btn", onclick: () => this.answer(booking, "confirmed") }, english ? "Accept Booking" : "Terima Booking"),
        element("button", { id: "decline-booking-btn", onclick: () => this.answer(booking, "cancelled") }, english ? "Decline" : "Tolak"),
      ),
    );
    this.requests.prepend(panel);
    return panel;
  }

  async answer(booking, status) {
    try {
      if (this.platform.quirk("accept_refused")) {
        // The state machine looks at an attribute that was never stored.
        throw new Error(`invalid transition from ${booking.bookingStatus} to ${status.toUpperCase()}`);
      }
      this.showBooking(await this.platform.update(this.bookings, booking.$id, { status }));
    } catch (error) {
      this.problem.replaceChildren(alertOf(error));
    }
  }

  async openChat(booking, row) {
    if (row.list) return;
    row.list = new MessageList(this.platform, this.user.$id);
    row.sessionId = await this.sessionOf(booking);
    const input = element("input", { name: "chat_message", autocomplete: "off", placeholder: "Reply… (Press Enter to send)", "aria-label": "Message" });
    const form = element("form", { class: "row" }, input, element("button", { class: "main", type: "submit" }, "Send"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim();
      input.value = "";
      if (text) this.reply(row, text).catch((error) => this.problem.replaceChildren(alertOf(error)));
    });
    this.chats.append(element("section", { class: "card", "data-chat": booking.$id }, element("h3", {}, "Chat"), row.list.root, form));
    const { Query } = window.Appwrite;
    const written = await this.platform.list(this.chatMessages, [Query.equal("sessionId", [row.sessionId]), Query.limit(100)]);
    row.list.addAll(written.documents);
  }

  async sessionOf(booking) {
    if (this.platform.quirk("conversation_ids_differ")) return `therapist_${booking.$id}`.slice(0, 36);
    const { Query } = window.Appwrite;
    const found = await this.platform.list(this.collections.chat_sessions, [Query.equal("bookingId", [booking.$id])]);
    if (!found.documents.length) throw new Error("this booking has no chat");
    return found.documents[0].$id;
  }

  async reply(row, text) {
    row.list.add(await this.platform.create(this.chatMessages, {
      sessionId: row.sessionId, senderId: this.user.$id, text, read: false, sentAt: new Date().toISOString(),
    }));
  }

  async signOut() {
    await this.platform.account.deleteSession({ sessionId: "current" });
    location.hash = "#/therapist-login";
  }
}
