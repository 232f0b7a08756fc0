// The address says what is shown: #clips?reason=dark, #sources?fate=none, #source=ID, #clip=ID, #left?kind=cut.
const keepAddress = (section, form) => {
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) chosen.set(name, value);
  const text = chosen.toString();
  history.replaceState(null, "", `#${section}?${text}`);
};
const put = (form, chosen) => {
  form.reset();
  for (const node of form.elements) {
    const value = chosen.get(node.name) || "";
    if (node.type === "radio") node.checked = node.value === value;
    else if (node.name && (node.matches("select") || node.type === "search")) node.value = value;
  }
};

startPlaying();
startDialog();
startCurves();
drawNear();
const clipsPart = startClips();
const sourcesPart = startSources();
const leftPart = startLeft();

const follow = () => {
  const hash = location.hash.slice(1);
  const [section, query] = hash.split("?");
  const chosen = new URLSearchParams(query || "");
  const [kind, id] = [section.split("=")[0], decodeURIComponent(section.split("=")[1] || "")];
  if (kind === "source" && sourcesPart) sourcesPart.showSource(id);
  if (kind === "clip") {
    const number = columns.id.indexOf(id);
    if (number >= 0) openWindow(number, null);
  }
  if (query === undefined) return;
  if (section === "clips" && clipsPart) {
    put(clipsPart.form, chosen);
    clipsPart.apply();
  }
  if (section === "sources" && sourcesPart) {
    put(sourcesPart.form, chosen);
    sourcesPart.apply();
  }
  if (section === "left" && leftPart) leftPart.show(chosen.get("kind"));
  const target = document.getElementById(section);
  if (target) target.scrollIntoView();
};
if (clipsPart) clipsPart.apply();
if (sourcesPart) sourcesPart.apply();
window.addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.at = String(Math.round(performance.now()));
document.documentElement.dataset.ready = "yes";
