// What no filter had to judge, kind by kind.
const ROWS = 50;

const leftItems = (kind) => {
  const items = [];
  const owned = (source) => source.status === "done";
  for (const source of data.sources) {
    if (source.status === kind) items.push({ source, text: data.texts[source.why] });
    if (kind === "barren" && owned(source) && source.windows[0] === source.windows[1]) items.push({ source, text: data.texts[source.why] });
    if (kind === "short") {
      for (const [start, stop, windows, text] of source.scenes) if (!windows) items.push({ source, start, stop, text: data.texts[text] });
    }
    source.joins.forEach((join, number) => {
      if (join[2] === kind) items.push({ ...joinAt(source, number), join: number });
    });
  }
  return items;
};

const leftNode = (item) => {
  const name = el("a", { href: `#source=${item.source.id}` }, item.source.name);
  const when = item.start === undefined ? "" : ` ${clock(item.source.seconds(item.start))}, ${item.stop > item.start ? `frames ${framesOf(item)}` : `at frame ${whole(item.start)}`}`;
  const picture = item.join === undefined ? "" : el("button", { type: "button", class: "pair", "aria-label": `${item.text} ${item.source.name}${when}`, onclick: () => openJoin(item.source, item.join) }, row(item.picture) || "look");
  return el("li", {}, picture, el("div", {}, el("p", { class: "because" }, item.text), el("p", { class: "fine" }, name, when)));
};

const startLeft = () => {
  const host = find("#left-list");
  if (!host) return null;
  const pages = pager("left-list", ROWS, leftNode);
  return {
    show(kind) {
      const items = leftItems(kind);
      pages.set(items);
      const link = all(".kinds a").find((node) => new URLSearchParams(node.hash.split("?")[1]).get("kind") === kind);
      for (const node of all(".kinds tr")) node.classList.toggle("chosen", Boolean(link) && node.contains(link));
      find("#left-said").textContent = link ? `${link.textContent}: ${whole(items.length)}` : "";
    },
  };
};
