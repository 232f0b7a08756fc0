// The sheet of all windows and its controls.
const CARDS = 60;

const startClips = () => {
  const form = find("#clips .controls");
  if (!form) return null;
  const output = find("output", form);
  const empty = find("#clips .empty");
  const pages = pager("sheet", CARDS, (number, list) => card(number, list));
  const touch = matchMedia("(hover: none)").matches;
  find("#sheet").classList.toggle("touch", touch);
  const named = new Map(data.reasons.map((reason, at) => [reason.name, at]));
  for (const source of data.sources) {
    const count = source.windows[1] - source.windows[0];
    if (count) form.elements.source.append(el("option", { value: source.id }, `${source.name} (${whole(count)})`));
  }
  for (const select of all("select[data-labeler]", form)) {
    const values = new Set(columns.labels[Number(select.dataset.labeler)].filter((value) => value !== null));
    for (const value of [...values].map((text) => data.texts[text]).sort()) select.append(el("option", { value }, value));
  }

  const wanted = () => {
    const value = (name) => (form.elements[name] ? form.elements[name].value : "");
    const source = data.sources.find((item) => item.id === value("source"));
    return {
      verdict: value("verdict"),
      side: value("side"),
      reason: value("reason") ? named.get(value("reason")) : -1,
      source: source ? source.number : -1,
      labels: all("select[data-labeler]", form).filter((select) => select.value).map((select) => [Number(select.dataset.labeler), select.value]),
      words: value("text").toLowerCase().split(/\s+/).filter(Boolean),
    };
  };
  const fits = (number, want) => {
    const reasons = columns.reasons[number];
    if (want.verdict && (want.verdict === "kept") !== (reasons.length === 0)) return false;
    if (want.reason >= 0 && !reasons.includes(want.reason)) return false;
    if (want.side && columns.side[number] !== want.side) return false;
    if (want.source >= 0 && columns.source[number] !== want.source) return false;
    if (want.labels.some(([labeler, value]) => data.texts[columns.labels[labeler][number]] !== value)) return false;
    return want.words.every((word) => textAt(number).includes(word));
  };
  const ordered = (numbers) => {
    const index = data.filters.findIndex((filter) => filter.name === form.elements.order.value);
    if (index < 0) return numbers;
    const line = data.filters[index].threshold || 0;
    const way = (number) => (columns.scores[index][number] === null ? Infinity : Math.abs(columns.scores[index][number] - line));
    return numbers.sort((a, b) => way(a) - way(b) || a - b);
  };
  const apply = () => {
    const want = wanted();
    const numbers = [];
    for (let number = 0; number < windowCount; number += 1) if (fits(number, want)) numbers.push(number);
    pages.set(ordered(numbers));
    empty.hidden = numbers.length > 0;
    output.textContent = `${whole(numbers.length)} of ${whole(windowCount)}`;
  };
  const keep = () => keepAddress("clips", form);

  form.hidden = false;
  const later = debounced(() => {
    apply();
    keep();
  }, 120);
  form.addEventListener("input", (event) => (event.target.name === "text" ? later() : (apply(), keep())));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => (apply(), keep())));
  find("[data-reset]").addEventListener("click", () => form.reset());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || dialog.open || event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    form.elements.text.focus();
  });
  return { form, apply };
};
