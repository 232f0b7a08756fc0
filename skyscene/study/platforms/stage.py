"""Two clips side by side in somebody else's page: the same markup, style and script wherever it stands.

No text of a study ever gets into the script, and the script has no template literals: MTurk replaces
``${...}`` wherever it finds it.
"""

from __future__ import annotations

import html

from skyscene.study.frozen import Study
from skyscene.study.tasks import WARNING

STYLE = """
.stage { font: 1rem/1.4 system-ui, sans-serif; color: #111; background: #fff; text-align: center; }
.stage .pair { display: flex; flex-wrap: wrap; justify-content: center; gap: 1rem; }
.stage video, .stage img { width: var(--side); max-width: 46vw; height: auto; display: block; }
.stage .question { font-weight: 600; }
.warning { border: 2px solid #a40000; padding: .5rem 1rem; }
"""

SCRIPT = """
"use strict";
// Shows both sides of a stage at once and lets nobody answer before both were seen to their end.
function watchPair(stage, buttons) {
  const film = stage.dataset.show === "video";
  const limit = Number(stage.dataset.plays), seconds = Number(stage.dataset.seconds);
  const again = stage.querySelector(".again"), trouble = stage.querySelector(".trouble");
  const state = { left_plays: 0, right_plays: 0, watched: false, shown_at: "" };
  let began = 0;
  buttons.forEach(function (button) { button.disabled = true; });
  const media = Array.from(stage.querySelectorAll(".side"), function (side) {
    const one = document.createElement(film ? "video" : "img");
    if (film) {
      one.muted = true;
      one.defaultMuted = true;
      one.playsInline = true;
      one.setAttribute("playsinline", "");
      one.preload = "auto";
      one.disablePictureInPicture = true;
    } else {
      one.alt = "";
      one.style.visibility = "hidden";
    }
    one.addEventListener("error", function () { trouble.hidden = false; });
    one.src = side.dataset.url;
    side.replaceChildren(one);
    return one;
  });
  function begin() {
    if (!began) { began = performance.now(); state.shown_at = new Date().toISOString(); }
    state.left_plays += 1;
    state.right_plays += 1;
  }
  function seen() {
    state.watched = true;
    buttons.forEach(function (button) { button.disabled = false; });
    again.hidden = !film || (limit > 0 && state.left_plays >= limit);
  }
  function play() {
    again.hidden = true;
    let running = media.length;
    media.forEach(function (one) {
      one.currentTime = 0;
      one.onended = function () { running -= 1; if (running === 0) { seen(); } };
    });
    // A browser that wants a click first refuses here: the button then starts what it would start anew.
    Promise.all(media.map(function (one) { return one.play(); })).then(begin, function () {
      again.hidden = false;
    });
  }
  again.addEventListener("click", play);
  Promise.all(media.map(function (one) {
    if (!film) { return one.decode(); }
    if (one.readyState >= 4) { return null; }
    return new Promise(function (ready) { one.addEventListener("canplaythrough", ready, { once: true }); });
  })).then(function () {
    if (film) { play(); return; }
    begin();
    media.forEach(function (one) { one.style.visibility = "visible"; });
    setTimeout(function () {
      media.forEach(function (one) { one.style.visibility = "hidden"; });
      seen();
    }, 1000 * seconds);
  }, function () { trouble.hidden = false; });
  return function () {
    return Object.assign({ rt_ms: Math.round(performance.now() - began) }, state);
  };
}
"""


def escaped(text: str) -> str:
    """A text for HTML, also where MTurk reads it first, to which a dollar and a brace are a place to fill."""
    return html.escape(text, quote=True).replace("$", "&#36;")


def stage(study: Study, show: str, left: str, right: str, asked: str | None = None) -> str:
    """Markup of a pair.

    Args:
        study: The frozen protocol.
        show: video or frame, or what stands for it.
        left: Address of the left one, already fit for an attribute.
        right: Of the right one.
        asked: Markup of the question; the one of ``show`` if there is none.
    """
    protocol = study.protocol
    asked = f'<p class="question">{escaped(study.question(show))}</p>' if asked is None else asked
    return (
        f'<div class="stage" data-show="{show}" data-plays="{protocol.plays}"'
        f' data-seconds="{protocol.frame_seconds:g}" style="--side: {protocol.display}px">{asked}'
        f'<div class="pair"><div class="side" data-url="{left}"></div>'
        f'<div class="side" data-url="{right}"></div></div>'
        '<p><button type="button" class="again" hidden>Play both</button></p>'
        '<p class="trouble" role="alert" hidden>A clip could not be loaded. Please reload the page.</p></div>'
    )


def preface(study: Study) -> str:
    """Markup of what is read before the first pair: instructions, consent, and the warning of flashing."""
    paragraphs = [*study.protocol.instructions, study.protocol.consent]
    return f'<p class="warning">{escaped(WARNING)}</p>' + "".join(
        f"<p>{escaped(text)}</p>" for text in paragraphs
    )
