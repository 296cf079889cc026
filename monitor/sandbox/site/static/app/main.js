// Hash routes, as the first user's site has them.

import { element, loadPlatform } from "./platform.js";
import { showCustomer } from "./customer.js";
import { showTherapist } from "./therapist.js";

const page = document.getElementById("page");

async function show() {
  const route = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
  document.querySelectorAll(".window").forEach((each) => each.remove());
  try {
    const platform = await loadPlatform();
    await platform.leave();
    page.replaceChildren();
    const isTherapist = /^therapist($|-(login|dashboard|bookings|chat))/.test(route[0] ?? "");
    await (isTherapist ? showTherapist : showCustomer)(platform, route, page);
  } catch (error) {
    page.replaceChildren(element("p", { class: "alert", role: "alert" }, `The page failed: ${error.message}`));
  }
}

window.addEventListener("hashchange", show);
show();
