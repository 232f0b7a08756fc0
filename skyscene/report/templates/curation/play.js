// Flip-books: a strip of pictures that steps by. They play while they are seen or pointed at.
const reel = (picture, alt = "") => {
  const uri = address(picture.place, picture.key);
  if (!uri) return el("span", { class: "none" }, "no picture");
  const image = el("img", { src: uri, alt, loading: "lazy", decoding: "async" });
  const box = el(
    "span",
    { class: `reel${picture.aspect >= 16 / 9 - 0.01 ? " wide" : ""}`, style: `--n:${picture.count};--ar:${picture.aspect}` },
    image,
  );
  image.addEventListener("error", () => {
    const gone = `its picture is in ${data.folder}, which is not beside this page`;
    box.replaceWith(el("span", { class: "none" }, gone));
  });
  return box;
};
// The same pictures side by side.
const row = (picture, alt = "") => {
  const uri = address(picture.place, picture.key);
  return uri ? el("img", { class: "row", src: uri, alt, loading: "lazy", decoding: "async" }) : "";
};

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) entry.target.classList.toggle("seen", entry.isIntersecting);
});

const playing = find("button.playing");
const setPaused = (paused) => {
  document.body.classList.toggle("paused", paused);
  playing.textContent = paused ? "Play" : "Pause";
  playing.title = playing.ariaLabel = `${playing.textContent} all moving pictures`;
};
const startPlaying = () => {
  playing.hidden = false;
  setPaused(matchMedia("(prefers-reduced-motion: reduce)").matches);
  playing.addEventListener("click", () => setPaused(!document.body.classList.contains("paused")));
};
