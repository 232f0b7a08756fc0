// The page's data: columns of all windows, a row a source.
const data = JSON.parse(find("#data").textContent);
const strips = JSON.parse(find("#strips").textContent);
const columns = data.windows;
const windowCount = columns.id.length;
const INSIDE = 1;

const address = (place, key) => {
  if (!place) return null;
  return place === INSIDE ? `data:image/jpeg;base64,${strips[key]}` : `${encodeURIComponent(data.folder)}/${key}.jpg`;
};

data.sources.forEach((source, number) => {
  source.number = number;
  source.seconds = (frame) => (source.fps ? frame / source.fps : 0);
});

const held = new Map();
// One window as an object; made when it is first asked for.
const windowAt = (number) => {
  if (!held.has(number)) {
    const take = (name) => columns[name][number];
    const source = data.sources[take("source")];
    held.set(number, {
      number,
      source,
      id: take("id"),
      start: take("start"),
      stop: take("stop"),
      reasons: take("reasons"),
      why: take("why").map((lines) => lines.map((line) => data.texts[line])),
      kept: take("reasons").length === 0,
      style: take("reasons").length ? data.reasons[take("reasons")[0]].style : "kept",
      side: take("side"),
      state: take("state"),
      video: take("video"),
      labels: columns.labels.map((column) => (column[number] === null ? "" : data.texts[column[number]])),
      scores: columns.scores.map((column) => column[number]),
      picture: { place: take("picture"), key: `${source.number}/w${number}`, count: take("count"), aspect: take("aspect") },
    });
  }
  return held.get(number);
};
const framesOf = (item) => `${whole(item.start)}–${whole(item.stop - 1)}`;

// What the search looks in, made when something is first searched.
const texts = [];
const textAt = (number) => {
  if (texts[number] === undefined) {
    const item = windowAt(number);
    const names = item.reasons.map((reason) => data.reasons[reason].name);
    const words = [item.source.name, item.source.text, item.id, item.side, item.state, ...names, ...item.labels, ...item.why.flat()];
    texts[number] = words.join(" ").toLowerCase();
  }
  return texts[number];
};

const TOP = 254;
// A curve's numbers from its bytes; NaN where there is none.
const curveOf = (source, lane) => {
  source.decoded = source.decoded || [];
  if (source.decoded[lane] === undefined) {
    const packed = source.curves[lane];
    const { low, high } = data.lanes[lane];
    source.decoded[lane] = packed
      ? Float32Array.from(atob(packed), (byte) =>
          byte.charCodeAt(0) > TOP ? NaN : low + ((high - low) * byte.charCodeAt(0)) / TOP,
        )
      : null;
  }
  return source.decoded[lane];
};
const valueAt = (source, lane, frame) => {
  const curve = curveOf(source, lane);
  return curve ? curve[Math.min(curve.length - 1, Math.floor((frame * curve.length) / source.frames))] : NaN;
};

// Everything that lies on a source's axis at a frame.
const windowIn = (source, frame) => {
  let [low, high] = source.windows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (columns.stop[middle] <= frame) low = middle + 1;
    else high = middle;
  }
  return low < source.windows[1] && columns.start[low] <= frame ? windowAt(low) : null;
};
const sceneIn = (source, frame) => source.scenes.findIndex(([start, stop]) => start <= frame && frame < stop);
const joinIn = (source, frame, reach = 0) =>
  source.joins.findIndex(([start, stop]) => start - reach <= frame && frame < Math.max(stop, start + 1) + reach);
const joinAt = (source, number) => {
  const [start, stop, kind, text] = source.joins[number];
  const [place, count, aspect] = source.joined[number];
  const key = `${source.number}/j${number}`;
  return { source, number, start, stop, kind, text: data.texts[text], picture: { place, key, count, aspect } };
};
