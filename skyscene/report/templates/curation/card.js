// A window as a card.
const tagsOf = (item) => item.reasons.map((reason) => tag(data.reasons[reason].name, data.reasons[reason].style));

const card = (number, among, filter = null) => {
  const item = windowAt(number);
  const verdict = item.kept ? "kept" : `rejected by ${item.reasons.map((reason) => data.reasons[reason].name).join(", ")}`;
  const label = `${item.source.name}, frames ${framesOf(item)}, ${verdict}`;
  const open = el("button", { type: "button", class: "pic", "aria-label": label, onclick: () => openWindow(number, among) }, reel(item.picture));
  if (item.video) open.append(el("span", { class: "play", "aria-hidden": "true" }));
  const notes = [item.side, item.state === "encoded" ? "" : item.state, ...item.labels].filter(Boolean).join(" · ");
  const score = filter && item.scores[filter.index];
  const node = el(
    "figure",
    { class: `card ${item.style}`, "data-window": number },
    open,
    el(
      "figcaption",
      {},
      filter ? el("p", { class: "score" }, el("b", { class: "num" }, amount(beside(score, filter.threshold), filter.unit))) : "",
      el("div", { class: "why" }, item.kept ? tag("kept", "kept") : tagsOf(item), notes ? el("span", { class: "side" }, notes) : ""),
      item.why.map((lines) => el("p", { class: "because" }, lines[0])),
      el("p", { class: "from", title: item.source.name }, item.source.name),
      el("p", { class: "from frames" }, `frames ${framesOf(item)}`),
    ),
  );
  seen.observe(node);
  return node;
};

const drawNear = () => {
  for (const box of all("[data-near]")) {
    const index = data.filters.findIndex((item) => item.name === box.dataset.filter);
    const filter = { ...data.filters[index], index };
    const numbers = filter.near[Number(box.dataset.near)];
    for (const number of numbers) {
      const node = card(number, numbers, filter);
      node.classList.add("small", "auto");
      box.append(node);
    }
  }
};

// Pages of a long list: only one of them is in the document.
const pager = (name, size, draw) => {
  const box = find(`.pager[data-for="${name}"]`);
  const host = document.getElementById(name);
  let items = [];
  let page = 0;
  const show = (to) => {
    const last = Math.max(0, Math.ceil(items.length / size) - 1);
    page = Math.min(Math.max(0, to), last);
    const part = items.slice(page * size, (page + 1) * size);
    for (const node of host.children) seen.unobserve(node);
    host.replaceChildren(...part.map((item) => draw(item, items)));
    box.hidden = items.length <= size;
    const step = (text, target, label) =>
      el("button", { type: "button", disabled: target === page || target < 0 || target > last, "aria-label": label, onclick: () => turn(target) }, text);
    const range = `${whole(page * size + 1)}–${whole(page * size + part.length)} of ${whole(items.length)}`;
    const ends = [step("«", 0, "First page"), step("‹", page - 1, "Page before")];
    box.replaceChildren(...ends, el("span", { class: "num", role: "status" }, range), step("›", page + 1, "Next page"), step("»", last, "Last page"));
  };
  const turn = (to) => {
    show(to);
    host.closest("section").scrollIntoView();
  };
  return {
    set(list, at = 0) {
      items = list;
      show(Math.floor(at / size));
    },
  };
};
