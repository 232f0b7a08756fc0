
"use strict";
(() => {
  const form = document.querySelector(".controls");
  if (!form) return;
  const groups = [...document.querySelectorAll(".group")];
  const cards = groups.flatMap((group) =>
    [...group.querySelectorAll(".card")].map((node) => ({
      node,
      group,
      source: group.dataset.source,
      verdict: node.dataset.verdict,
      side: node.dataset.side,
      reasons: JSON.parse(node.dataset.reasons),
      text: node.dataset.text,
    })),
  );
  const empty = document.querySelector(".empty");
  const output = form.querySelector("output");
  const value = (name) => (form.elements[name] ? form.elements[name].value : "");
  form.hidden = false;

  const fits = (card, want) =>
    (!want.verdict || card.verdict === want.verdict) &&
    (!want.reason || card.reasons.includes(want.reason)) &&
    (!want.side || card.side === want.side) &&
    (!want.source || card.source === want.source) &&
    want.words.every((word) => card.text.includes(word));

  const apply = () => {
    const want = Object.fromEntries(["verdict", "reason", "side", "source"].map((name) => [name, value(name)]));
    want.words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    const busy = new Set();
    let shown = 0;
    for (const card of cards) {
      const fit = fits(card, want);
      card.node.hidden = !fit;
      if (fit) {
        shown += 1;
        busy.add(card.group);
      }
    }
    for (const group of groups) group.hidden = !busy.has(group);
    empty.hidden = shown > 0;
    document.body.classList.toggle("show-scores", form.elements.scores.checked);
    output.textContent = `${shown.toLocaleString("en")} of ${cards.length.toLocaleString("en")} shown`;
  };

  const reset = () => {
    form.reset();
    setTimeout(apply);
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.querySelector("[data-reset]").addEventListener("click", reset);

  for (const link of document.querySelectorAll("[data-set-reason]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.elements.reason.value = link.dataset.setReason;
      apply();
    });
  }

  // A link to a card that the controls hide shows it.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      form.reset();
      apply();
      target.scrollIntoView({ block: "center" });
    }
  });

  const dialog = document.createElement("dialog");
  dialog.innerHTML =
    '<h3></h3><div class="still-box"></div><div class="facts"></div>' +
    '<div class="row"><button type="button" data-step="-1">← Previous</button>' +
    '<button type="button" data-close autofocus>Close</button>' +
    '<button type="button" data-step="1">Next →</button></div>';
  document.body.append(dialog);
  let current = null;

  const picture = (card) => {
    const link = card.node.querySelector(".pic");
    if ("video" in link.dataset) {
      const video = document.createElement("video");
      Object.assign(video, { src: link.href, loop: true, muted: true, autoplay: true, controls: true, playsInline: true });
      video.addEventListener("error", () => video.replaceWith(still(card)));
      return video;
    }
    return still(card);
  };
  const still = (card) => {
    const image = card.node.querySelector("img");
    if (!image) return document.createTextNode("no picture");
    const copy = image.cloneNode();
    copy.className = "still";
    copy.loading = "eager";
    return copy;
  };
  const open = (card) => {
    current = card;
    dialog.querySelector("h3").textContent = card.group.querySelector(".name").textContent;
    dialog.querySelector(".still-box").replaceChildren(picture(card));
    dialog.querySelector(".facts").replaceChildren(card.node.querySelector("figcaption").cloneNode(true));
    if (!dialog.open) dialog.showModal();
  };
  const step = (by) => {
    const visible = cards.filter((card) => !card.node.hidden);
    const next = visible[visible.indexOf(current) + by];
    if (next) open(next);
  };
  dialog.addEventListener("click", (event) => {
    const by = event.target.dataset && event.target.dataset.step;
    if (by) step(Number(by));
    else if (event.target === dialog || "close" in event.target.dataset) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.querySelector(".still-box").replaceChildren();
    if (current) current.node.querySelector(".pic").focus();
  });
  for (const card of cards) {
    card.node.querySelector(".pic").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(card);
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search], select");
    if (dialog.open && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      if (!event.target.matches("video")) step(event.key === "ArrowRight" ? 1 : -1);
    } else if (event.key === "/" && !typing && !dialog.open) {
      event.preventDefault();
      form.elements.text.focus();
    } else if (event.key === "Escape" && event.target === form.elements.text) {
      form.elements.text.value = "";
      apply();
    }
  });
  apply();
})();
