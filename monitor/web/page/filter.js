// The field that shows only some of the checks.

function applyFilter() {
  const field = byId("filter");
  if (!field) return;
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const checks = document.querySelectorAll("li.check");
  let shown = 0;
  for (const check of checks) {
    const text = words.length ? check.dataset.find : "";
    check.hidden = !words.every((word) => text.includes(word));
    if (!check.hidden) shown += 1;
  }
  for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("li.check:not([hidden])");
  byId("no-match").hidden = shown > 0 || !words.length;
  const told = words.length ? `${shown} of ${checks.length}` : "";
  if (byId("filter-count").textContent !== told) byId("filter-count").textContent = told;
}

document.addEventListener("input", (event) => { if (event.target.id === "filter") applyFilter(); });
