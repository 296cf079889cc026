"""
What a person may do from the page: run checks now, silence them, lift a silence.

The buttons are hidden until the script shows them: when no token is needed, or one has been typed in.
"""

import json
from collections.abc import Sequence

from monitor.web.page.markup import Html, tag

# How long a silence may last that is given here, in seconds; the first is what is chosen at first.
_STRETCHES = {"30 minutes": 1_800, "2 hours": 7_200, "8 hours": 28_800, "1 day": 86_400}
_MOST_REASON_CHARACTERS = 200


def actions(checks: Sequence[str], *, what: str) -> Html:
    """
    Return the buttons that run or silence *checks*; *what* names them, for whoever hears the button out of its place.
    """
    names = json.dumps(list(checks))
    run = "Run it now" if len(checks) == 1 else f"Run all {len(checks)} now"
    return tag(
        "p",
        tag("button", run, type="button", data_does="run", data_checks=names, aria_label=f"{run}: {what}"),
        tag(
            "button", "Silence …", type="button", data_does="silence", data_checks=names, aria_label=f"Silence … {what}"
        ),
        class_="actions",
        data_acts=True,
        hidden=True,
    )


def lift_button(silence_id: str, *, what: str) -> Html:
    """
    Return the button that lifts a silence; *what* names it.
    """
    label = f"Lift it: the silence of {what}"
    return tag(
        "button",
        "Lift it",
        type="button",
        data_does="lift",
        data_silence=silence_id,
        data_acts=True,
        hidden=True,
        aria_label=label,
    )


def token_form() -> Html:
    """
    Return the field for the token, which stays in this tab of the browser.
    """
    field = tag(
        "input",
        id="token",
        type="password",
        autocomplete="off",
        required=True,
        maxlength=4_096,
        aria_describedby="token-note",
    )
    form = tag(
        "form",
        tag("label", "Token", for_="token"),
        field,
        tag("button", "Use it"),
        tag("p", "Needed to run and to silence checks. Kept until this tab is closed.", id="token-note", class_="note"),
        id="token-form",
    )
    forget = tag("button", "Forget the token", type="button", id="token-forget", hidden=True)
    return tag("div", tag("details", tag("summary", "Act"), form), forget, id="acting", data_scripted=True, hidden=True)


def silence_dialog() -> Html:
    """
    Return the question for how long, and why; the script opens it.
    """
    options = [tag("option", words, value=seconds) for words, seconds in _STRETCHES.items()]
    return tag(
        "dialog",
        tag(
            "form",
            tag("h2", "Silence", id="silence-title"),
            tag("p", "Trouble of these is measured and shown, and pages nobody:"),
            tag("p", id="silence-checks", class_="names"),
            tag("label", "For", for_="silence-for"),
            tag("select", *options, id="silence-for"),
            tag("label", "Because", for_="silence-reason"),
            tag(
                "input",
                id="silence-reason",
                type="text",
                required=True,
                maxlength=_MOST_REASON_CHARACTERS,
                autocomplete="off",
                placeholder="what is being done about it",
            ),
            tag("p", id="silence-said", role="alert", class_="said-here"),
            tag(
                "p",
                tag("button", "Silence", class_="main"),
                tag("button", "Not now", type="button", id="silence-not"),
                class_="actions",
            ),
            id="silence-form",
        ),
        id="silence",
        aria_labelledby="silence-title",
    )
