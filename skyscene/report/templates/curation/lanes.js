// Curves under an axis: what a filter looks at, its score on every window, and the line it compares with.
const STEPS = 500; // pairs of numbers of a curve as wide as the page
const HEIGHT = 100;

// The lanes of a page: each filter's score first, on its own curve where both have one unit and one line.
const laneList = (() => {
  const made = [];
  data.filters.forEach((filter, index) => {
    const mine = data.lanes.map((lane, number) => ({ ...lane, number })).filter((lane) => lane.filter === index);
    const same = mine.find((lane) => lane.unit === filter.unit && lane.line === filter.threshold);
    const finite = columns.scores[index].filter((value) => value !== null);
    const line = filter.threshold === null ? [] : [filter.threshold];
    if (!same && finite.length) {
      const low = finite.concat(line).reduce((a, b) => Math.min(a, b), 0);
      const high = filter.high === null ? finite.concat(line).reduce((a, b) => Math.max(a, b), low + 1e-9) : filter.high;
      const name = `${filter.name}: ${filter.measures || "score"}`;
      const about = "The score that was compared, a level stretch for every window.";
      made.push({ name, unit: filter.unit, low, high, line: filter.threshold, filter: index, score: index, number: -1, meaning: about });
    }
    for (const lane of mine) made.push({ ...lane, score: lane === same ? index : -1 });
  });
  data.lanes.forEach((lane, number) => {
    if (lane.filter < 0) made.push({ ...lane, number, score: -1 });
  });
  return made;
})();

const heightOf = (lane, value) => {
  const share = Math.min(1, Math.max(0, (value - lane.low) / (lane.high - lane.low)));
  return Math.round(HEIGHT * 10 * (1 - share)) / 10;
};

// A path over frames; of too many numbers every stretch keeps its least and its largest.
const curvePath = (source, lane, from, to, zoom) => {
  const curve = curveOf(source, lane.number);
  if (!curve) return "";
  const scale = source.frames / curve.length;
  const first = Math.max(0, Math.floor(from / scale));
  const last = Math.min(curve.length, Math.ceil(to / scale));
  const stride = Math.max(1, Math.ceil((last - first) / (STEPS * zoom)));
  const parts = [];
  let up = true;
  const put = (at, value) => {
    parts.push(`${up ? "M" : "L"}${Math.round(at * scale * 10) / 10} ${heightOf(lane, value)}`);
    up = false;
  };
  for (let at = first; at < last; at += stride) {
    let low = NaN;
    let high = NaN;
    for (let k = at; k < Math.min(last, at + stride); k += 1) {
      if (!(low <= curve[k])) low = Number.isNaN(curve[k]) ? low : curve[k];
      if (!(high >= curve[k])) high = Number.isNaN(curve[k]) ? high : curve[k];
    }
    if (Number.isNaN(low)) {
      up = true;
      continue;
    }
    put(at, low);
    if (high > low) put(at + stride / 2, high);
  }
  return parts.join("");
};

// The score of every window in sight as a level stretch; two paths, for windows let through and rejected.
const scorePaths = (source, lane, from, to) => {
  const parts = { passed: [], rejected: [] };
  const name = data.filters[lane.score].name;
  for (let number = source.windows[0]; number < source.windows[1]; number += 1) {
    const value = columns.scores[lane.score][number];
    if (value === null || columns.stop[number] <= from || columns.start[number] >= to) continue;
    const bad = columns.reasons[number].some((reason) => data.reasons[reason].name === name);
    parts[bad ? "rejected" : "passed"].push(`M${columns.start[number]} ${heightOf(lane, value)}H${columns.stop[number]}`);
  }
  const style = data.filters[lane.score].style;
  return Object.entries(parts)
    .filter(([, path]) => path.length)
    .map(([fate, path]) => drawn("path", { class: `level ${fate} ${fate === "rejected" ? style : "kept"}`, d: path.join("") }));
};

// Lanes seen at once: the scores, brightness, and all that a filter looks at where it rejected something.
const isMain = (source, lane, from, to, rejecting) => {
  if (lane.score >= 0 || rejecting.has(lane.filter)) return true;
  if (lane.filter >= 0) return false;
  return lane.name !== "structure kept" || source.joins.some(([start, stop, kind]) => kind === "cut" && inSight(start, stop, from, to));
};
const rejectingIn = (source, from, to) => {
  const names = new Set();
  for (let number = source.windows[0]; number < source.windows[1]; number += 1) {
    if (inSight(columns.start[number], columns.stop[number], from, to)) for (const reason of columns.reasons[number]) names.add(data.reasons[reason].name);
  }
  return new Set(data.filters.map((filter, index) => (names.has(filter.name) ? index : -2)));
};

const laneNode = (source, lane, from, to, zoom, main) => {
  const curve = lane.number >= 0 ? curvePath(source, lane, from, to, zoom) : "";
  const scores = lane.score >= 0 ? scorePaths(source, lane, from, to) : [];
  if (!curve && !scores.length) return null;
  const line = lane.line === null ? null : heightOf(lane, lane.line);
  const range = amount(`${short(lane.low)}–${short(lane.high)}`, lane.unit);
  const now = el("small", {}, range);
  const node = el(
    "div",
    { class: main ? "lane" : "lane more", title: lane.meaning || null },
    el("div", { class: "lane-name" }, lane.name, now),
    el(
      "div",
      { class: "lane-box trace-box" },
      drawn(
        "svg",
        { class: "trace", viewBox: `${from} -5 ${to - from} 110`, preserveAspectRatio: "none", "aria-hidden": "true" },
        curve ? drawn("path", { class: "curve", d: curve }) : "",
        line === null ? "" : drawn("path", { class: "line", d: `M${from} ${line}H${to}` }),
        scores,
      ),
      line === null ? "" : el("span", { class: "line-value num", style: `top:${(100 * (line + 5)) / 110}%` }, short(lane.line)),
    ),
  );
  node.tell = (frame) => {
    if (frame === null) {
      now.textContent = range;
      return;
    }
    const item = lane.score >= 0 ? windowIn(source, frame) : null;
    const value = lane.number >= 0 ? valueAt(source, lane.number, frame) : item ? item.scores[lane.score] : NaN;
    const over = lane.number >= 0 && value >= lane.high ? "≥ " : "";
    now.textContent = amount(over + short(value), lane.unit);
  };
  return node;
};
