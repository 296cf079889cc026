// The customer's pages: the list of therapists, and a therapist's profile with the button that opens the chat window.

import { element } from "./platform.js";
import { openChatWindow } from "./chat_window.js";
import { SAMPLE_THERAPISTS, bookText } from "./texts.js";

const SLUG = /^([a-z0-9]+)-/;

export async function showCustomer(platform, route, container) {
  if (route[0] === "therapist-profile" || (route[0] === "share" && route[1] === "therapist")) {
    await showProfile(platform, route.at(-1) ?? "", container);
  } else {
    await showList(platform, container);
  }
}

async function showList(platform, container) {
  container.append(element("h1", {}, "Therapists near you"));
  const found = await platform.list(platform.collections.therapists, []).catch((error) => {
    console.warn("therapists cannot be listed, samples are shown:", error.message);
    return null;
  });
  if (found === null) {
    for (const name of SAMPLE_THERAPISTS) container.append(card(element("h2", {}, name), "sample"));
    return;
  }
  for (const each of found.documents) {
    const slug = each.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const link = element("a", { href: `/${location.search}#/therapist-profile/${each.$id}-${slug}` }, each.name);
    container.append(card(element("h2", {}, link), each.location));
  }
}

async function showProfile(platform, idAndSlug, container) {
  const id = SLUG.exec(idAndSlug)?.[1] ?? idAndSlug;
  const found = await platform.list(platform.collections.therapists, [window.Appwrite.Query.equal("$id", [id])]);
  const therapist = found.documents[0];
  if (!therapist) {
    container.append(element("p", { class: "alert", role: "alert" }, "This therapist is not known."));
    return;
  }
  const march = platform.profile === "march";
  const book = element(
    "button",
    { class: "main", "aria-label": march ? "Book Now" : null, onclick: () => start(platform, therapist) },
    bookText(platform),
  );
  const more = ["Scheduled bookings", "Menu prices"].map((label) => element("button", { "aria-label": label }, label));
  container.append(
    element(
      "section", { class: "card" },
      element("h2", {}, therapist.name),
      element("p", { class: "soft" }, `${therapist.location} · from ${therapist.price}k`),
      element("div", { class: "row" }, book, ...(march ? more : [])),
    ),
  );
  if (platform.quirk("socket_storm")) storm(platform);
}

function start(platform, therapist) {
  if (platform.quirk("feature_disabled")) {
    const text = encodeURIComponent(`Hello ${therapist.name}, I would like to book a massage`);
    window.open(`https://wa.me/?text=${text}`, "_blank", "noopener");
    return;
  }
  openChatWindow(platform, therapist);
}

function card(title, text) {
  return element("section", { class: "card" }, title, element("p", { class: "soft" }, text));
}

// An address with a value that was never defined, and a page that opens the next socket as soon as the last one ends.
function storm(platform) {
  const { sockets } = platform.quirk("socket_storm");
  const channel = `databases.${platform.settings.database}.collections.${undefined}.documents`;
  const address = `${platform.endpoint.replace(/^http/, "ws")}/realtime?project=${platform.settings.project}`;
  const open = (left) => {
    const socket = new WebSocket(`${address}&channels[]=${channel}`);
    setTimeout(() => socket.close(), 50);
    if (left > 1) setTimeout(open, 50, left - 1);
  };
  open(sockets);
}
