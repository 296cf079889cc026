// Follows the stream of events: each means that something has changed, and so the page is asked for again.

const live = byId("live");
const LEAST_PAUSE_MS = 1_000;
// No more than a fifth of the time is spent on asking, however large the page.
const PAUSE_FOR_EACH_MS = 4;
// Asked so often without an event as well: a stream that is dead may look like one that is calm.
const UNASKED_MS = 30_000;
const READ_DEADLINE_MS = 10_000;
const LONGEST_RETRY_S = 30;
const EVENTS = ["check", "incident", "status"];

let source = null;
let listenAgain = 0;
let isStreaming = false;
let failedReading = "";
let retries = 0;
let lostAt = null;
let isWanted = false;
let isAsking = false;
let notBefore = 0;

function showLive() {
  const [mark, words] = live.children;
  const isLive = isStreaming && !failedReading;
  if (isLive && lostAt) say("Live again.");
  if (isLive) lostAt = null;
  else if (lostAt === null) {
    lostAt = new Date(now());
    if (live.dataset.is) say(`Not live since ${clock(lostAt)}.`);
  }
  live.dataset.is = isLive ? "live" : "lost";
  mark.textContent = isLive ? "●" : "○";
  const why = failedReading || "the stream of events has ended, or too many listen";
  words.textContent = isLive ? "Live" : `Not live since ${clock(lostAt)}: ${why}. Trying again.`;
}

// Has the page read again soon; however often it is called, at most once a second, and never twice at once.
function want() {
  if (isWanted) return;
  isWanted = true;
  if (!isAsking) setTimeout(read, Math.max(0, notBefore - performance.now()));
}

async function read() {
  const began = performance.now();
  isWanted = false;
  isAsking = true;
  try {
    const response = await ask("GET", location.pathname, { deadline: READ_DEADLINE_MS });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    takeOver(await response.text(), Date.now());
    failedReading = "";
  } catch (error) {
    failedReading = whyNot(error);
  }
  const took = performance.now() - began;
  notBefore = began + Math.max(LEAST_PAUSE_MS, took * (1 + PAUSE_FOR_EACH_MS));
  isAsking = false;
  showLive();
  if (isWanted) {
    isWanted = false;
    want();
  }
}

// A page that nobody sees listens to nothing, and is read every half minute for its title: a browser has six connections
// to one server, and a page that waits for a seventh never comes.
function listen() {
  clearTimeout(listenAgain);
  source?.close();
  if (document.hidden) return;
  source = new EventSource(location.origin + "/api/v1/events");
  source.onopen = () => {
    retries = 0;
    isStreaming = true;
    // What happened while nobody listened is in no event.
    want();
  };
  for (const kind of EVENTS) source.addEventListener(kind, want);
  source.onerror = () => {
    source.close();
    isStreaming = false;
    const seconds = Math.min(LONGEST_RETRY_S, 2 ** retries) * (0.75 + Math.random() / 2);
    retries += 1;
    listenAgain = setTimeout(listen, seconds * 1_000);
    showLive();
  };
}

// A page that is left is kept by the browser only when it listens to nothing.
addEventListener("pagehide", () => source?.close());
document.addEventListener("visibilitychange", listen);
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
setInterval(want, UNASKED_MS);
showControls();
applyFilter();
listen();
