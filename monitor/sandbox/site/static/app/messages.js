// The messages of one conversation, each once, whoever tells of it first: the answer to the writer or the event.

import { element } from "./platform.js";

export class MessageList {
  constructor(platform, me) {
    this.me = me;
    this.shown = new Set();
    this.root = element("ul", { class: "messages", "aria-label": "Messages", "aria-live": "polite" });
  }

  add({ $id, senderId, text }) {
    if (this.shown.has($id)) return;
    this.shown.add($id);
    const mine = senderId === this.me;
    this.root.append(element("li", { "data-testid": "message", class: mine ? "mine" : null }, text));
    this.root.scrollTop = this.root.scrollHeight;
  }

  addAll(documents) {
    documents.forEach((each) => this.add(each));
  }
}
