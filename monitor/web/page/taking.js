// Takes over what the server renders now into the page that is open, so that there is one renderer. What is the reader's
// stays: what is unfolded, what he typed, where he is.

const isReaders = (element, name) => name === "open" && element.nodeName === "DETAILS";

function takeAttributes(here, there) {
  for (const { name } of [...here.attributes]) {
    if (!there.hasAttribute(name) && !isReaders(here, name)) here.removeAttribute(name);
  }
  for (const { name, value } of there.attributes) {
    if (here.getAttribute(name) !== value && !isReaders(here, name)) here.setAttribute(name, value);
  }
}

function take(here, there) {
  if (here.nodeType !== Node.ELEMENT_NODE) {
    if (here.data !== there.data) here.data = there.data;
    return;
  }
  takeAttributes(here, there);
  // A time's words are this script's.
  if (here.nodeName !== "TIME") takeChildren(here, there);
}

// What has its place in the page that is being taken over. Were two things to bear one id, none of them would be lost.
let placed = new WeakSet();

// What bears an id is the same thing wherever it stands; the rest is the same when it is of the same name.
function counterpart(here, theirs, next) {
  const named = theirs.id ? byId(theirs.id) : null;
  if (named) return placed.has(named) || named.contains(here) || named.nodeName !== theirs.nodeName ? null : named;
  return next && !next.id && !theirs.id && next.nodeName === theirs.nodeName ? next : null;
}

function move(parent, child, before) {
  // Keeps focus and scroll position of what moves; younger than some browsers.
  if (parent.moveBefore && child.isConnected) parent.moveBefore(child, before);
  else parent.insertBefore(child, before);
}

function takeChildren(here, there) {
  let next = here.firstChild;
  for (const theirs of [...there.childNodes]) {
    // A new one comes without its content: what is in it may be on the page already, somewhere else.
    const ours = counterpart(here, theirs, next) ?? document.importNode(theirs, false);
    if (ours === next) next = next.nextSibling;
    else move(here, ours, next);
    placed.add(ours);
    take(ours, theirs);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function takeOver(text, cameAt) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const main = fresh.querySelector("main");
  if (!main) throw new Error("the server answered something else");
  if (fresh.body.dataset.version !== document.body.dataset.version) location.reload();
  setClock(fresh, cameAt);
  const focused = document.activeElement;
  const before = byId("now")?.dataset.state;
  placed = new WeakSet();
  take(document.querySelector("main"), main);
  if (document.title !== fresh.title) document.title = fresh.title;
  takeAttributes(document.querySelector("link[rel=icon]"), fresh.querySelector("link[rel=icon]"));
  showTimes();
  showControls();
  applyFilter();
  if (focused && focused !== document.activeElement && focused !== document.body) {
    // Whoever goes by keyboard goes on from here, not from the top of the page, also when what he was at is gone.
    (focused.isConnected ? focused : document.querySelector("main")).focus({ preventScroll: true });
  }
  if (byId("now")?.dataset.state !== before) say(byId("now-title").textContent);
}
