// Times in the reader's own zone, and how long ago they were. The rules are those of `wording.py`.

const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60]];
// How far the server's clock is ahead of this one, in milliseconds: "4 s ago" must be true on a phone that is wrong.
let ahead = 0;

const now = () => Date.now() + ahead;
const two = (number) => String(number).padStart(2, "0");

function stretch(seconds) {
  for (const [unit, size] of UNITS) if (seconds >= 2 * size) return `${Math.round(seconds / size)} ${unit}`;
  return `${Math.max(1, Math.round(seconds))} s`;
}

function clock(at) {
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isToday = new Date(now()).toDateString() === at.toDateString();
  return isToday ? `${time}:${two(at.getSeconds())}` : `${date} ${time}`;
}

const FORMS = {
  clock,
  ago: (at) => `${stretch((now() - at) / 1000)} ago`,
  lasting: (at) => stretch((now() - at) / 1000),
  left: (at) => `in ${stretch((at - now()) / 1000)}`,
};

function showTimes() {
  for (const time of document.querySelectorAll("time[data-form]")) {
    const shown = FORMS[time.dataset.form](new Date(time.dateTime));
    if (time.textContent !== shown) time.textContent = shown;
  }
}

// `page` was made at the moment that it names, and came at `cameAt` of this clock.
function setClock(page, cameAt) {
  const at = page.querySelector("main")?.dataset.at;
  if (at) ahead = Date.parse(at) - cameAt;
}

const loaded = performance.getEntriesByType("navigation")[0];
setClock(document, performance.timeOrigin + (loaded ? loaded.responseEnd : 0));
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone !== "UTC") byId("zone").textContent = `Times are those of ${zone}; point at one to see it in UTC.`;
showTimes();
setInterval(showTimes, 1_000);
