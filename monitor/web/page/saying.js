// What is said aloud, and how the server is asked.

const byId = (id) => document.getElementById(id);
const said = byId("said");
const SAID_MS = 12_000;
// Longer than any run may take: who asks for one may be kept waiting until it has ended.
const ACT_DEADLINE_MS = 120_000;
const MOST_SAID_CHARACTERS = 300;
let silentAgain = 0;

// Says `words` where every reader notices them, and takes them away after a while.
function say(words) {
  said.textContent = words;
  clearTimeout(silentAgain);
  silentAgain = setTimeout(() => { said.textContent = ""; }, SAID_MS);
}

// The token lives as long as the tab; where nothing may be kept, as long as the page.
const TOKEN = "monitor-token";
let token = "";
try { token = sessionStorage.getItem(TOKEN) ?? ""; } catch { /* nothing may be kept */ }

function keepToken(value) {
  token = value;
  try {
    if (value) sessionStorage.setItem(TOKEN, value);
    else sessionStorage.removeItem(TOKEN);
  } catch { /* as above */ }
}

function ask(method, path, { body, deadline }) {
  const headers = {};
  // Who may read has shown so already, perhaps by a password, which a header of ours would displace.
  if (token && method !== "GET") headers["Authorization"] = `Bearer ${token}`;
  // Of this form even where there is nothing to say, or any other site's form could send the same.
  if (method !== "GET") headers["Content-Type"] = "application/json";
  // Not the path alone: of a page that was opened with a password in its address, nothing may be asked by that.
  return fetch(location.origin + path, {
    method, headers, body: body && JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout(deadline),
  });
}

// What an answer that is no success says, in one line.
async function refusal(response) {
  const text = (await response.text()).slice(0, 10_000);
  let words = text;
  try {
    const answer = JSON.parse(text);
    words = answer.error ?? answer.message ?? answer.detail ?? text;
  } catch { /* it is no JSON, and so stands for itself */ }
  const line = String(words).replace(/\s+/g, " ").trim().slice(0, MOST_SAID_CHARACTERS);
  return line ? `${response.status}: ${line}` : `the server answered ${response.status}`;
}

function whyNot(error) {
  if (error.name === "TimeoutError") return "the server did not answer in time";
  return error instanceof TypeError ? "the server cannot be reached" : error.message;
}
