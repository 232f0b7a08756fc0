// Every source with its axis, a few at a time.
const FILMS = 12;

const fateNode = (source) => {
  const names = ["kept", "rejected", "joined", "lost", "rest"];
  const words = ["in kept clips", "in rejected windows", "in transitions", "in scenes too short", "left over"];
  const told = source.fates.map((count, at) => (count ? `${whole(count)} ${words[at]}` : "")).filter(Boolean).join(", ");
  return el("div", { class: "bar fate", role: "img", title: `Of ${plural(source.frames, "frame")}: ${told}`, "aria-label": `Of ${plural(source.frames, "frame")}: ${told}` }, source.fates.map((count, at) => (count ? el("span", { class: names[at], style: `flex-grow:${count}` }) : "")));
};

const sourceNode = (source) => {
  const [first, last] = source.windows;
  let kept = 0;
  for (let number = first; number < last; number += 1) kept += columns.reasons[number].length === 0;
  const counts = last > first ? `${whole(kept)} of ${plural(last - first, "window")} kept` : "";
  const facts = [counts, source.side, source.frames ? `${plural(source.frames, "frame")}, ${clock(source.seconds(source.frames))}` : "", source.facts];
  const links = [];
  if (last > first) links.push(el("a", { href: `#clips?source=${encodeURIComponent(source.id)}` }, "its windows"));
  if (source.url) links.push(el("a", { href: source.url, rel: "noreferrer" }, "its address"));
  const node = el(
    "article",
    { class: `source ${kept ? "gave" : "barren"}`, "data-source": source.id },
    el("h3", {}, el("span", { class: "name" }, source.name)),
    el("p", { class: "fine" }, facts.filter(Boolean).join(" · "), links.map((link) => [" · ", link])),
    data.texts[source.why] ? el("p", { class: "because" }, data.texts[source.why]) : "",
    source.frames ? [fateNode(source), wholeAxis(source)] : "",
  );
  return node;
};

const keptOf = (source) => source.fates[0];

const startSources = () => {
  const form = find("#sources .controls");
  if (!form) return null;
  const output = find("output", form);
  const pages = pager("films", FILMS, (source) => sourceNode(source));
  const orders = {
    rejected: (a, b) => b.fates[1] - a.fates[1],
    kept: (a, b) => keptOf(b) - keptOf(a),
    frames: (a, b) => b.frames - a.frames,
  };
  const apply = (first = null) => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fate = form.elements.fate.value;
    const chosen = data.sources.filter((source) => {
      if (fate && (fate === "gave") !== keptOf(source) > 0) return false;
      const text = `${source.name} ${source.text} ${source.side} ${data.texts[source.why]}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const order = orders[form.elements.order.value];
    if (order) chosen.sort((a, b) => order(a, b) || a.number - b.number);
    pages.set(chosen, first ? chosen.indexOf(first) : 0);
    output.textContent = `${whole(chosen.length)} of ${whole(data.sources.length)}`;
  };
  form.hidden = false;
  const later = debounced(() => {
    apply();
    keepAddress("sources", form);
  }, 120);
  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => event.preventDefault());
  return {
    form,
    apply,
    showSource(id) {
      const source = data.sources.find((item) => item.id === id);
      if (!source) return;
      form.reset();
      apply(source);
      const node = all("article", find("#films")).find((item) => item.dataset.source === id);
      node.scrollIntoView();
      const box = find(".axis", node);
      if (box) box.focus({ preventScroll: true });
    },
  };
};
