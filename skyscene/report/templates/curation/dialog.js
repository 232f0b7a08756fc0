// One window or transition with all that is known of it.
const dialog = el("dialog", { "aria-labelledby": "told" });
let current = null;
let back = null;

const player = (item) => {
  if (!item.video) return el("div", { class: "player auto seen" }, reel(item.picture, "A few frames of the window, over and over"));
  const video = el("video", { src: item.video, loop: true, controls: true, playsinline: true });
  video.muted = true;
  video.autoplay = !document.body.classList.contains("paused");
  video.addEventListener("error", () => video.replaceWith(player({ ...item, video: null })));
  return el("div", { class: "player" }, video);
};

const verdictTable = (item) => {
  if (!data.filters.length) return "";
  const rows = data.filters.map((filter, index) => {
    const bad = item.reasons.some((reason) => data.reasons[reason].name === filter.name);
    const need = filter.threshold === null ? "–" : amount(`${filter.passes} ${short(filter.threshold)}`.trim(), filter.unit);
    return el(
      "tr",
      { class: bad ? "bad" : null },
      el("th", { scope: "row" }, tag(filter.name, filter.style)),
      el("td", { class: "num" }, amount(beside(item.scores[index], filter.threshold), filter.unit)),
      el("td", { class: "num" }, need),
      el("td", {}, bad ? "rejected" : "passed"),
    );
  });
  const heads = ["Filter", "Measured", "Needed", "Verdict"].map((name, at) => el("th", { scope: "col", class: at === 1 || at === 2 ? "num" : null }, name));
  return el("table", { class: "data verdicts" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows));
};

const reasonsNode = (item) => {
  if (item.kept) return el("p", { class: "because" }, "Kept: every filter let it through.");
  return item.reasons.map((reason, at) => {
    const [first, ...more] = item.why[at];
    return el("div", { class: "reason" }, tag(data.reasons[reason].name, data.reasons[reason].style), el("p", { class: "because" }, first), el("ul", {}, more.map((line) => el("li", {}, line))));
  });
};

const curveSwitch = () => {
  const box = el("input", { type: "checkbox", class: "every-curve" });
  box.checked = document.body.classList.contains("all-curves");
  return el("label", { class: "check" }, box, " All curves");
};

const show = (title, subtitle, parts, steps) => {
  const close = el("button", { type: "button", "aria-label": "Close", class: "close", onclick: () => dialog.close() }, "✕");
  const step = (name, target) => el("button", { type: "button", disabled: target === null, onclick: () => target !== null && target() }, name);
  dialog.replaceChildren(
    el("header", {}, el("h3", { id: "told" }, title), el("p", { class: "fine" }, subtitle), close),
    ...parts,
    el("footer", {}, step("← Previous", steps[0]), step("Next →", steps[1])),
  );
  if (!dialog.open) {
    back = document.activeElement;
    dialog.showModal();
  }
  dialog.scrollTop = 0;
};

const around = (item) => {
  const reach = Math.max(64, 2 * (item.stop - item.start));
  return [Math.max(0, item.start - reach), Math.min(item.source.frames, item.stop + reach)];
};

const openWindow = (number, among) => {
  const item = windowAt(number);
  const { source } = item;
  const list = among || Array.from({ length: source.windows[1] - source.windows[0] }, (_, at) => source.windows[0] + at);
  const at = list.indexOf(number);
  current = { next: (by) => list[at + by] !== undefined && openWindow(list[at + by], among) };
  const notes = [`frames ${framesOf(item)}`, `${clock(source.seconds(item.start))} to ${clock(source.seconds(item.stop))}`, item.side, item.state === "encoded" ? "" : item.state, ...item.labels];
  const [from, to] = around(item);
  const steps = [-1, 1].map((by) => (list[at + by] === undefined ? null : () => current.next(by)));
  show(
    source.name,
    `${notes.filter(Boolean).join(" · ")} · window ${whole(at + 1)} of ${whole(list.length)}`,
    [
      el("div", { class: "told" }, el("div", {}, player(item), row(item.picture)), el("div", {}, reasonsNode(item), verdictTable(item))),
      el("h4", {}, "What was measured, here and around", curveSwitch()),
      source.frames ? axis(source, from, to, number) : "",
      el(
        "p",
        { class: "fine" },
        el("a", { href: `#source=${source.id}` }, "The whole source"),
        ` · clip ${item.id}`,
        item.video ? [" · ", el("a", { href: item.video }, "its file")] : "",
      ),
    ],
    steps,
  );
};

const openJoin = (source, number) => {
  const item = joinAt(source, number);
  const last = source.joins.length - 1;
  current = { next: (by) => number + by >= 0 && number + by <= last && openJoin(source, number + by) };
  const frames = item.stop > item.start ? `frames ${framesOf(item)}` : `at frame ${whole(item.start)}`;
  const [from, to] = around(item);
  show(
    source.name,
    `${item.kind} ${frames} · ${clock(source.seconds(item.start))} · transition ${whole(number + 1)} of ${whole(last + 1)}`,
    [
      el("p", { class: "because" }, item.text),
      row(item.picture, item.stop > item.start ? "The pictures before, in and after it" : "The pictures before and after it"),
      el("h4", {}, "What was measured around it", curveSwitch()),
      axis(source, from, to),
    ],
    [number > 0 ? () => current.next(-1) : null, number < last ? () => current.next(1) : null],
  );
};

const startCurves = () => {
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".every-curve")) return;
    document.body.classList.toggle("all-curves", event.target.checked);
    for (const box of all(".every-curve")) box.checked = event.target.checked;
  });
};

const startDialog = () => {
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    else if (event.target.closest("a[href^='#']")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    current = null;
    if (back && back.isConnected) back.focus({ preventScroll: true });
  });
  dialog.addEventListener("keydown", (event) => {
    if (!current || event.target.matches("video") || (event.target.matches(".axis") && event.key === "Enter")) return;
    if (event.key === "ArrowRight") current.next(1);
    if (event.key === "ArrowLeft") current.next(-1);
  });
};
