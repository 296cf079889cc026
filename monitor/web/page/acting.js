// What a person does: run, silence, lift, copy.

const dialog = byId("silence");
const busy = new WeakSet();

function mayAct() { return Boolean(token) || document.body.hasAttribute("data-may-act"); }

// Shows what a script is needed for, and what this reader may do.
function showControls() {
  for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-acts]")) each.hidden = !mayAct();
  const needsNone = document.body.hasAttribute("data-may-act");
  byId("acting").hidden = needsNone && !token;
  byId("acting").querySelector("details").hidden = Boolean(token);
  byId("token-forget").hidden = !token;
}

async function act(method, path, body) {
  const response = await ask(method, path, { body, deadline: ACT_DEADLINE_MS });
  if (response.ok) return response;
  const words = await refusal(response);
  if (response.status === 401 && token) {
    keepToken("");
    showControls();
    byId("acting").querySelector("details").open = true;
    byId("token").focus();
    throw new Error(`not allowed, type the token again (${words})`);
  }
  throw new Error(words);
}

const checksOf = (button) => JSON.parse(button.dataset.checks);
const named = (checks) => (checks.length > 3 ? `${checks.length} checks` : checks.join(", "));

// How the run ended, where the answer says it.
async function ending(response) {
  try {
    const answer = await response.json();
    const run = answer.outcome ?? answer.run ?? answer;
    if (run.status) return [run.status, run.reason].filter(Boolean).join(": ");
  } catch { /* it says nothing more than that it was taken */ }
  return "";
}

const DEEDS = {
  async run(button) {
    const checks = checksOf(button);
    say(`Running ${named(checks)} …`);
    // All at once, or those that are at the end of a long list are asked when nobody waits any more.
    const asked = await Promise.allSettled(checks.map(async (check) => {
      const how = await ending(await act("POST", `/api/v1/checks/${encodeURIComponent(check)}/runs`));
      return how ? `${check} ${how}` : `${check} has been asked to run`;
    }));
    const told = asked.map((each, number) =>
      each.status === "fulfilled" ? each.value : `${checks[number]} does not run: ${whyNot(each.reason)}`);
    say(told.slice(0, 5).join("; ") + (told.length > 5 ? `; and ${told.length - 5} more` : ""));
    want();
  },

  silence(button) {
    const checks = checksOf(button);
    dialog.dataset.checks = button.dataset.checks;
    byId("silence-checks").textContent = checks.join(", ");
    byId("silence-form").reset();
    byId("silence-said").textContent = "";
    dialog.showModal();
  },

  async lift(button) {
    try {
      await act("DELETE", `/api/v1/silences/${encodeURIComponent(button.dataset.silence)}`);
      say("The silence is lifted.");
      want();
    } catch (error) {
      say(`The silence stays: ${whyNot(error)}`);
    }
  },

  async copy(button) {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      say("Copied.");
    } catch {
      // Only pages of loopback and of https may write to the clipboard.
      getSelection().selectAllChildren(code);
      say("It is selected now: copy it.");
    }
  },
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-does]");
  if (!button || busy.has(button)) return;
  busy.add(button);
  try { await DEEDS[button.dataset.does](button); } finally { busy.delete(button); }
});

byId("silence-not").addEventListener("click", () => dialog.close());

byId("silence-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy.has(dialog)) return;
  busy.add(dialog);
  const length = byId("silence-for");
  const checks = checksOf(dialog);
  try {
    await act("POST", "/api/v1/silences", {
      checks, for_seconds: Number(length.value), reason: byId("silence-reason").value.trim(),
    });
    dialog.close();
    say(`${named(checks)}: silent for ${length.selectedOptions[0].textContent}.`);
    want();
  } catch (error) {
    byId("silence-said").textContent = `Not silenced: ${whyNot(error)}`;
  } finally {
    busy.delete(dialog);
  }
});

byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(byId("token").value.trim());
  byId("token").value = "";
  byId("acting").querySelector("details").open = false;
  showControls();
  byId("token-forget").focus();
  say("The token goes with whatever is run or silenced now.");
});

byId("token-forget").addEventListener("click", () => {
  keepToken("");
  showControls();
  say("The token is forgotten.");
});
