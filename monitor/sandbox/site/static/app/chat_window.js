// The chat window: how long → where → the chat. A booking is made, and the chat opens, only when the server says so.

import { alertOf, element } from "./platform.js";
import {
  COUNTRY_CODES, DURATIONS, MASSAGE_FOR, PLACES, RESPONSE_SECONDS, countdownText,
} from "./texts.js";
import { MessageList } from "./messages.js";

export function openChatWindow(platform, therapist) {
  document.querySelector("[data-testid=persistent-chat-window]")?.remove();
  document.body.append(new ChatWindow(platform, therapist).root);
}

class ChatWindow {
  constructor(platform, therapist) {
    this.platform = platform;
    this.therapist = therapist;
    this.order = { minutes: 60, massageFor: MASSAGE_FOR[0], place: PLACES[0] };
    this.status = element("span", { class: "pill", id: "availability-status", role: "status" }, "Connecting...");
    this.body = element("div", { class: "body" });
    const march = platform.profile === "march";
    const minimize = element("button", { id: "minimize-chat-btn", "aria-label": "Minimize chat", onclick: () => this.fold() }, "–");
    this.root = element(
      "section",
      { class: "window", "data-testid": "persistent-chat-window", "aria-label": "Chat" },
      element("header", {}, element("h2", { id: "chat-therapist-name" }, therapist.name), this.status, march ? languages(platform) : null, minimize),
      this.body,
    );
    this.showDurations();
  }

  fold() {
    this.body.hidden = !this.body.hidden;
  }

  show(...nodes) {
    this.body.replaceChildren(...nodes);
  }

  showDurations() {
    const buttons = DURATIONS.map(({ minutes, text, price }) =>
      element("button", { onclick: () => this.chooseDuration(minutes) }, element("span", {}, text), element("span", { class: "soft" }, `${price}k`)),
    );
    this.show(element("h3", {}, "Select Duration"), element("div", { class: "choice" }, ...buttons));
  }

  chooseDuration(minutes) {
    this.order.minutes = minutes;
    this.showDetails();
  }

  showDetails() {
    this.submit = element("button", { class: "main", type: "submit", "data-testid": "order-now-button" }, "Order Now");
    // In the browser's own way, a form leaves the page: its submit must be prevented.
    const form = element(
      "form", { action: "/", method: "get" },
      element("h3", {}, "Your details"),
      field("Name", { name: "customer_name", placeholder: "Enter your name", required: true }),
      element(
        "div", { class: "row" },
        element("label", {}, "Country code", element("select", { name: "country_code" }, ...COUNTRY_CODES.map((each) => element("option", {}, each)))),
        field("WhatsApp", { name: "whatsapp_number", type: "tel", placeholder: "812 3456 7890", required: true }),
      ),
      pictures("Massage for", MASSAGE_FOR, (chosen) => { this.order.massageFor = chosen; }),
      pictures("Location", PLACES, (chosen) => this.choosePlace(chosen)),
      this.place = element("div"),
      field("Discount code", { name: "discount_code", placeholder: "Enter code" }),
      this.problem = element("div"),
      this.submit,
    );
    form.addEventListener("submit", (event) => this.submitted(event));
    this.form = form;
    this.choosePlace(this.order.place);
    this.show(form);
  }

  choosePlace(place) {
    this.order.place = place;
    const fields = place === "Home"
      ? [
        field("Address", { name: "address_line_1", placeholder: "Street address, building name" }),
        field("Area", { name: "address_line_2", placeholder: "e.g. Seminyak, Kuta, Ubud" }),
      ]
      : [
        field(place, { name: "hotel_villa_name", placeholder: place === "Hotel" ? "e.g. Grand Hyatt Bali" : "e.g. Villa Seminyak Estate" }),
        field("Room", { name: "room_number", placeholder: "e.g. Room 1205" }),
      ];
    this.place.replaceChildren(...fields);
  }

  async submitted(event) {
    if (this.platform.quirk("order_navigates_away")) return;
    event.preventDefault();
    this.submit.disabled = true;
    this.submit.textContent = "Sending...";
    try {
      const user = await this.platform.user();
      if (user) await this.placeOrder(user);
      else this.showSignIn();
    } catch (error) {
      this.problem.replaceChildren(alertOf(error));
    } finally {
      this.submit.disabled = false;
      this.submit.textContent = "Order Now";
    }
  }

  showSignIn() {
    const email = field("E-mail", { type: "email", placeholder: "Enter your email", required: true });
    const password = field("Password", { type: "password", placeholder: "Enter your password", required: true });
    const problem = element("div");
    const form = element(
      "form", {}, element("h3", {}, "Sign in to book"), email, password, problem,
      element("button", { class: "main", type: "submit" }, "Sign In"),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await this.platform.account.createEmailPasswordSession({
          email: email.querySelector("input").value, password: password.querySelector("input").value,
        });
        this.show(this.form);
        await this.placeOrder(await this.platform.user());
      } catch (error) {
        problem.replaceChildren(alertOf(error));
        this.problem.replaceChildren(alertOf(error));
      }
    });
    this.show(form);
  }

  /** Booking → chat session → both listen → the request as the first message → the therapist's notification. */
  async placeOrder(user) {
    const { platform, therapist, order } = this;
    const ids = platform.collections;
    this.user = user;
    const buried = platform.quirk("therapist_buried");
    this.booking = await platform.create(ids.bookings, {
      userId: user.$id,
      therapistId: buried ? JSON.stringify({ id: therapist.$id }) : therapist.$id,
      status: "pending",
      durationMinutes: order.minutes,
      paid: false,
      startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    this.session = await platform.create(ids.chat_sessions, {
      bookingId: this.booking.$id, userId: user.$id, therapistId: therapist.$id,
      status: "open", openedAt: new Date().toISOString(),
    });
    this.showChat();
    await this.listen();
    await this.send(`Booking request: ${order.minutes === 60 ? "one hour" : "longer"}, ${order.massageFor}, ${order.place}`);
    await platform.create(ids.notifications, {
      userId: therapist.userId, kind: "booking", body: "New booking", read: false,
      createdAtClient: new Date().toISOString(),
    });
  }

  showChat() {
    this.list = new MessageList(this.platform, this.user.$id);
    this.state = element("p", { role: "status", class: "pill" }, "Waiting for the therapist");
    this.problem = element("div");
    if (this.platform.quirk("stuck_connecting")) {
      // The page's validator knows "book_now" only, and this page says "BOOK_NOW".
      this.show(element("h3", {}, "Connecting to Therapist..."), this.problem);
      return;
    }
    this.input = element("input", {
      name: "chat_message", autocomplete: "off", placeholder: "Type a message… (Press Enter to send)", "aria-label": "Message",
    });
    const form = element("form", { class: "row" }, this.input, element("button", { class: "main", type: "submit" }, "Send"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      this.input.value = "";
      if (text) this.send(text).catch((error) => this.problem.replaceChildren(alertOf(error)));
    });
    this.show(
      this.countdown(),
      this.state,
      this.list.root,
      this.problem,
      form,
      element("button", { "aria-label": "Cancel booking", onclick: () => this.cancel() }, "Cancel Booking"),
    );
  }

  countdown() {
    const shown = element("strong", {}, minutesAndSeconds(RESPONSE_SECONDS));
    const ends = Date.now() + RESPONSE_SECONDS * 1000;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
      shown.textContent = minutesAndSeconds(left);
      if (left === 0 || !shown.isConnected) clearInterval(timer);
    }, 250);
    this.timer = element("div", { class: "countdown-container", role: "timer" }, element("span", {}, countdownText(this.platform)), shown);
    return this.timer;
  }

  async listen() {
    const { platform } = this;
    if (platform.quirk("customer_unsubscribed")) return;
    const channels = [
      platform.channel(platform.collections.chat_messages),
      platform.channel(platform.collections.bookings, this.booking.$id),
    ];
    await platform.subscribe(channels, ({ events, payload }) => this.heard(events, payload));
    this.status.textContent = platform.profile === "march" ? "Live" : "Live Monitoring";
  }

  heard(events, payload) {
    if (payload.$id === this.booking.$id) {
      this.showBooking(payload);
    } else if (payload.sessionId === this.session.$id && events.some((each) => each.endsWith(".create"))) {
      if (!this.platform.quirk("messages_after_reload") || payload.senderId === this.user.$id) this.list.add(payload);
    }
  }

  showBooking({ status }) {
    if (status === "confirmed") {
      this.timer?.remove();
      this.state.className = "good";
      this.state.textContent = "Booking confirmed";
    } else if (status === "cancelled") {
      this.timer?.remove();
      this.state.className = "alert";
      this.state.textContent = "Booking cancelled";
    }
  }

  /** Send one message: in January through the platform's function, in March straight into the collection. */
  async send(text) {
    const { platform } = this;
    if (platform.quirk("optimistic_send")) {
      this.list.add({ $id: `local_${Date.now()}_${Math.random()}`, senderId: this.user.$id, text });
      return;
    }
    if (platform.profile === "march") {
      this.list.add(await platform.create(platform.collections.chat_messages, {
        sessionId: this.session.$id, senderId: this.user.$id, text, read: false, sentAt: new Date().toISOString(),
      }));
      return;
    }
    const ran = await platform.run({
      senderId: this.user.$id, recipientId: this.therapist.userId, sessionId: this.session.$id, message: text,
    });
    const answer = JSON.parse(ran.responseBody || "{}");
    if (!answer.success) throw new Error(answer.error ?? `the chat's function ended as ${ran.status}`);
    this.list.add({ $id: answer.messageId, senderId: this.user.$id, text });
  }

  async cancel() {
    try {
      this.showBooking(await this.platform.update(this.platform.collections.bookings, this.booking.$id, { status: "cancelled" }));
    } catch (error) {
      this.problem.replaceChildren(alertOf(error));
    }
  }
}

function languages(platform) {
  const options = ["id", "en"].map((each) => element("option", { value: each, selected: each === platform.language }, each.toUpperCase()));
  const chosen = ({ target }) => {
    const search = new URLSearchParams(location.search);
    search.set("lang", target.value);
    location.search = search;
  };
  return element("select", { id: "language-selector", "aria-label": "Language", onchange: chosen }, ...options);
}

function field(label, attributes) {
  return element("label", {}, label, element("input", { autocomplete: "off", ...attributes }));
}

function pictures(legend, names, chosen) {
  const buttons = names.map((name) => {
    const image = element("img", { alt: name, src: picture(name) });
    return element("button", {
      type: "button", class: "picture", "aria-pressed": String(name === names[0]),
      onclick: () => {
        buttons.forEach((each) => each.setAttribute("aria-pressed", String(each.contains(image))));
        chosen(name);
      },
    }, image);
  });
  return element("fieldset", {}, element("legend", {}, legend), element("div", { class: "row" }, ...buttons));
}

function picture(name) {
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 44"><rect width="60" height="44" rx="6" fill="#f6e6d8"/><text x="30" y="27" font-family="sans-serif" font-size="12" text-anchor="middle" fill="#6b3a10">${name}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
