// A source over its frames: film, scenes, transitions, windows and curves, all of one width.
const MOST_BANDS = 400;
const ZOOMED = 1200; // frames as wide as the page, at the largest zoom

const place = (start, stop, from, to) => {
  const share = (frame) => Math.round((1e5 * (frame - from)) / (to - from)) / 1e3;
  const left = share(Math.max(start, from));
  return `left:${left}%;width:${Math.max(0, share(Math.min(stop, to)) - left)}%`;
};
const inSight = (start, stop, from, to) => stop >= from && start < to;

const filmNode = (source, from, to) => {
  const [where, count, aspect] = source.film;
  const uri = address(where, `${source.number}/film`);
  if (!uri) return null;
  const box = el("div", { class: "lane-box film", style: `--n:${count}`, role: "img", "aria-label": `Pictures of ${source.name}` });
  // As many pictures as find room, each from the middle of what it covers.
  const draw = () => {
    const room = Math.max(1, Math.round(box.clientWidth / (box.clientHeight * aspect || 1)));
    const shown = Math.min(count, room);
    if (box.childElementCount === shown) return;
    box.replaceChildren(
      ...Array.from({ length: shown }, (_, cell) => {
        const frame = from + ((2 * cell + 1) * (to - from)) / (2 * shown);
        const at = Math.min(count - 1, Math.floor((frame * count) / source.frames));
        return el("span", {}, el("img", { src: uri, alt: "", decoding: "async", loading: "lazy", style: `--at:${at}` }));
      }),
    );
  };
  new ResizeObserver(draw).observe(box);
  return el("div", { class: "lane" }, el("div", { class: "lane-name" }, "pictures"), box);
};

const sceneNode = (source, from, to) => {
  const box = el("div", { class: "lane-box scenes" });
  for (const [start, stop, windows] of source.scenes) {
    if (inSight(start, stop, from, to)) box.append(el("i", { class: windows ? "scene" : "short", style: place(start, stop, from, to) }));
  }
  for (const [start, stop, kind] of source.joins) {
    if (inSight(start, stop, from, to)) box.append(el("i", { class: `join j-${kind}`, style: place(start, stop, from, to) }));
  }
  const scenes = source.scenes.filter(([start, stop]) => inSight(start, stop, from, to)).length;
  return el("div", { class: "lane" }, el("div", { class: "lane-name" }, plural(scenes, "scene")), box);
};

// A band a window; where they are too many to be seen, one for each run with the same reasons.
const windowNode = (source, from, to, zoom, chosen) => {
  const box = el("div", { class: "lane-box windows" });
  const bands = [];
  const merge = source.windows[1] - source.windows[0] > MOST_BANDS * zoom && to - from > 4000;
  for (let number = source.windows[0]; number < source.windows[1]; number += 1) {
    if (!inSight(columns.start[number], columns.stop[number], from, to)) continue;
    const key = columns.reasons[number].join();
    const last = bands[bands.length - 1];
    if (merge && last && last.key === key) last.stop = columns.stop[number];
    else bands.push({ key, number, start: columns.start[number], stop: columns.stop[number] });
  }
  for (const band of bands) {
    const reasons = columns.reasons[band.number];
    const fate = reasons.length ? "out" : "in kept";
    const state = band.number === chosen ? " chosen" : "";
    const parts = reasons.map((reason) => el("b", { class: data.reasons[reason].style }));
    box.append(el("i", { class: fate + state, style: place(band.start, band.stop, from, to) }, parts));
  }
  const name = source.windows[1] > source.windows[0] ? "windows" : "no windows";
  return el("div", { class: "lane" }, el("div", { class: "lane-name" }, name, el("small", {}, "kept above, rejected below")), box);
};

const ticksNode = (source, from, to, zoom) => {
  const seconds = source.seconds(to - from);
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200].find((size) => seconds / size <= 6 * zoom) || 14400;
  const box = el("div", { class: "ticks" });
  for (let at = Math.ceil(source.seconds(from) / step - 1e-6) * step; at < source.seconds(to) * 0.94; at += step) {
    const frame = at * source.fps;
    box.append(el("span", { style: `left:${(100 * (frame - from)) / (to - from)}%` }, clock(at)));
  }
  box.append(el("span", { class: "end" }, from === 0 && to === source.frames ? plural(to, "frame") : `frames ${whole(from)}–${whole(to - 1)}`));
  return box;
};

const told = (source, frame) => {
  const parts = [`${clock(source.seconds(frame))}, frame ${whole(frame)}`];
  const join = joinIn(source, frame);
  const scene = sceneIn(source, frame);
  const item = windowIn(source, frame);
  if (item) parts.push(item.kept ? "in a kept clip" : item.why.map((lines) => lines[0]).join(" "));
  else if (join >= 0) parts.push(joinAt(source, join).text);
  else if (scene >= 0 && source.scenes[scene][2] === 0) parts.push(data.texts[source.scenes[scene][3]]);
  else if (scene >= 0) parts.push("left over: no further whole window fits into the scene");
  return parts.join(" – ");
};

const axis = (source, from = 0, to = source.frames, chosen = -1, zoom = 1) => {
  const rejecting = chosen >= 0 ? rejectingIn(source, columns.start[chosen] + 1, columns.stop[chosen] - 1) : rejectingIn(source, from, to);
  const lanes = laneList.map((lane) => laneNode(source, lane, from, to, zoom, isMain(source, lane, from, to, rejecting))).filter(Boolean);
  const cross = el("div", { class: "cross", hidden: true });
  const marks = source.joins
    .filter(([start, stop]) => inSight(start, stop, from, to))
    .map(([start, stop, kind]) => el("i", { class: `through j-${kind}`, style: place(start, stop, from, to) }));
  if (chosen >= 0) marks.push(el("i", { class: "through chosen", style: place(columns.start[chosen], columns.stop[chosen], from, to) }));
  const over = el("div", { class: "over", "aria-hidden": "true" }, marks, cross);
  const say = el("p", { class: "say", "aria-live": "polite" });
  const parts = [filmNode(source, from, to), sceneNode(source, from, to), windowNode(source, from, to, zoom, chosen), ...lanes];
  const node = el(
    "div",
    { class: "axis", tabindex: 0, role: "group", "aria-label": `Time axis of ${source.name}; arrow keys go from window to window, Enter opens one` },
    parts.filter(Boolean),
    ticksNode(source, from, to, zoom),
    over,
  );
  let at = null;
  const point = (frame) => {
    at = frame;
    cross.hidden = frame === null;
    if (frame !== null) cross.style.left = `${(100 * (frame + 0.5 - from)) / (to - from)}%`;
    say.textContent = frame === null ? "" : told(source, frame);
    for (const lane of lanes) lane.tell(frame);
  };
  const frameOf = (event) => {
    const box = over.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return share < 0 || share > 1 ? null : Math.min(to - 1, Math.floor(from + share * (to - from)));
  };
  const open = (frame, reach) => {
    const item = windowIn(source, frame);
    const join = joinIn(source, frame, reach);
    if (join >= 0 && (!item || source.joins[join][1] === source.joins[join][0])) openJoin(source, join);
    else if (item) openWindow(item.number, null);
  };
  node.addEventListener("pointermove", (event) => point(frameOf(event)));
  node.addEventListener("pointerleave", () => point(null));
  node.addEventListener("click", (event) => {
    const frame = frameOf(event);
    if (frame !== null) open(frame, Math.ceil((3 * (to - from)) / over.clientWidth));
  });
  node.addEventListener("keydown", (event) => {
    const starts = [];
    for (let number = source.windows[0]; number < source.windows[1]; number += 1) starts.push(columns.start[number]);
    const next = { ArrowRight: starts.find((start) => at === null || start > at), ArrowLeft: starts.filter((start) => at !== null && start < at).pop() }[event.key];
    if (event.key === "Enter" && at !== null) open(at, 0);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    point(next);
    cross.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return el("div", { class: "axis-box", style: `--zoom:${zoom}` }, el("div", { class: "axis-scroll" }, node), say);
};

// A whole source; a long one can be drawn wider, and is then pushed along.
const wholeAxis = (source) => {
  const host = el("div", { class: "whole" });
  const most = 2 ** Math.max(0, Math.ceil(Math.log2(source.frames / ZOOMED)));
  const draw = (zoom) => {
    const before = find(".axis-scroll", host);
    const middle = before ? (before.scrollLeft + before.clientWidth / 2) / before.scrollWidth : 0;
    const step = (text, to, label) => el("button", { type: "button", "aria-label": label, disabled: to < 1 || to > most, onclick: () => draw(to) }, text);
    const buttons = most > 1 ? el("div", { class: "zoom" }, step("−", zoom / 2, "Narrower"), el("span", { class: "num" }, `${zoom} ×`), step("+", zoom * 2, "Wider")) : "";
    host.replaceChildren(...[buttons, axis(source, 0, source.frames, -1, zoom)].filter(Boolean));
    const after = find(".axis-scroll", host);
    after.scrollLeft = middle * after.scrollWidth - after.clientWidth / 2;
  };
  draw(1);
  return host;
};
