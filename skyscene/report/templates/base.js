// Elements and numbers. Texts of the data only ever become text nodes and attributes.
const SVG = "http://www.w3.org/2000/svg";

const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
};
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const drawn = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const whole = (value) => value.toLocaleString("en");
const plural = (count, noun) => `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
const short = (value) => {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return Math.abs(value) >= 100 ? whole(Math.round(value)) : String(Number(value.toPrecision(3)));
};
// As many digits as it takes to tell a number from the line beside it.
const beside = (value, line) =>
  value !== null && line !== null && value !== line && short(value) === short(line)
    ? String(Number(value.toPrecision(5)))
    : short(value);
const amount = (text, unit) => (unit ? `${text} ${unit}` : text);
const clock = (seconds) => {
  const rounded = Math.round(seconds * 10) / 10;
  const rest = (rounded % 60).toFixed(rounded < 60 && rounded % 1 ? 1 : 0);
  return `${Math.floor(rounded / 60)}:${rest.padStart(rest.includes(".") ? 4 : 2, "0")}`;
};
const tag = (name, style) => el("span", { class: `tag ${style}` }, el("i"), name);
const debounced = (run, wait) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
};
