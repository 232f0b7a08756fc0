// Two clips or two frames that start together, repeat together and stop together.

const SIDES = ["left", "right"];
const BREATH = 400; // between two rounds of a clip, so that its end can be told from its begin
const PATIENCE = 20000;

let tries = 0;

// The files of one trial, loading as soon as this is made.
export class Sides {
  constructor(files, screens, again = false) {
    this.files = files;
    // A browser keeps what it got of an address as long as the page is open, broken or not.
    this.fresh = again ? `?${tries += 1}` : "";
    this.video = files.show === "video";
    this.elements = SIDES.map((side) => this.#element(side));
    this.elements.forEach((element, k) => screens[k].append(element));
    this.ready = Promise.all(this.elements.map((element) => this.#loaded(element)));
    this.ready.catch(() => {}); // whoever shows it asks again
  }

  // Takes them off the page, and gives their memory back.
  remove() {
    for (const element of this.elements) {
      if (this.video) element.pause();
      element.removeAttribute("src");
      if (this.video) element.load();
      element.remove();
    }
  }

  show(shown) {
    for (const element of this.elements) element.classList.toggle("waiting", !shown);
  }

  #element(side) {
    const element = document.createElement(this.video ? "video" : "img");
    element.className = "waiting";
    if (this.video) {
      element.muted = true;
      element.defaultMuted = true;
      element.playsInline = true;
      element.setAttribute("playsinline", "");
      element.disablePictureInPicture = true;
      element.disableRemotePlayback = true;
      element.preload = "auto";
      element.tabIndex = -1;
      element.setAttribute("aria-label", `${side} video`);
    } else {
      element.alt = `${side} picture`;
      element.draggable = false;
    }
    element.src = this.files[side] + this.fresh;
    if (this.video) element.load();
    return element;
  }

  #loaded(element) {
    if (!this.video) return withPatience(element.decode());
    return withPatience(new Promise((done, fail) => {
      if (element.readyState >= 4) done();
      element.addEventListener("canplaythrough", done, { once: true });
      // Phones that save power do not load far ahead before they play: what there is must do after a while.
      element.addEventListener("loadeddata", () => setTimeout(done, 3000), { once: true });
      element.addEventListener("error", () => fail(new Error("cannot be loaded")), { once: true });
    }));
  }
}

// Shows the sides of one trial. `tell` is called with "shown", "seen", "still" (waits for a tap) or "playing".
export class Showing {
  constructor(sides, { plays, frameSeconds, still }, tell) {
    this.sides = sides;
    this.most = plays;
    this.still = still;
    this.tell = tell;
    this.plays = [0, 0];
    this.watched = false;
    this.stopped = false;
    this.held = false;
    this.left = frameSeconds * 1000;
    this.timer = 0;
    this.guard = 0;
    this.round = 0;
    if (sides.video) {
      sides.elements.forEach((video, k) => {
        video.addEventListener("ended", () => this.#ended(k));
        video.addEventListener("error", () => this.#broke());
      });
    }
  }

  get playsLeft() {
    return this.most === 0 ? Infinity : this.most - Math.min(...this.plays);
  }

  start() {
    if (!this.sides.video) this.#frame();
    else if (this.still) {
      this.sides.show(true);
      this.tell("still");
    } else this.play();
  }

  // Both from the start, at the same moment.
  async play() {
    if (this.stopped || this.held || this.playsLeft < 1) return;
    clearTimeout(this.timer);
    this.round += 1;
    const { round } = this;
    this.sides.show(true);
    this.over = [false, false];
    try {
      await Promise.all(this.sides.elements.map(rewound));
      if (round !== this.round) return;
      await Promise.all(this.sides.elements.map((video) => video.play()));
      if (round !== this.round) return;
      const [{ duration }] = this.sides.elements;
      clearTimeout(this.guard);
      this.guard = setTimeout(() => this.#broke(), (2 * (duration || 0)) * 1000 + PATIENCE);
      this.tell("playing");
      if (!this.told) {
        this.told = true;
        this.tell("shown");
      }
    } catch (error) {
      if (round !== this.round) return;
      for (const video of this.sides.elements) video.pause();
      // A browser that wants a touch before anything moves.
      if (error.name === "NotAllowedError") this.tell("still");
      else this.#broke();
    }
  }

  hold() {
    if (this.held || this.stopped) return;
    this.held = true;
    this.#interrupt();
    if (this.sides.video) for (const video of this.sides.elements) video.pause();
    else if (this.since) {
      this.left -= performance.now() - this.since;
      this.sides.show(false);
    }
  }

  resume() {
    if (!this.held || this.stopped) return;
    this.held = false;
    if (!this.sides.video) {
      if (!this.watched) this.#frame();
    } else if (this.still || (this.most > 0 && this.watched)) this.tell("still");
    else this.play();
  }

  end() {
    this.stopped = true;
    this.#interrupt();
    if (this.sides.video) for (const video of this.sides.elements) video.pause();
  }

  // What is under way no longer counts.
  #interrupt() {
    this.round += 1;
    clearTimeout(this.timer);
    clearTimeout(this.guard);
  }

  #broke() {
    if (!this.stopped && !this.held) this.tell("broken");
  }

  #frame() {
    this.sides.show(true);
    this.since = performance.now();
    if (!this.told) {
      this.told = true;
      this.plays = [1, 1];
      this.tell("shown");
    }
    this.timer = setTimeout(() => {
      this.sides.show(false);
      this.watched = true;
      this.tell("seen");
    }, Math.max(0, this.left));
  }

  #ended(k) {
    if (this.stopped || this.held) return;
    this.over[k] = true;
    this.plays[k] += 1;
    if (!this.over.every(Boolean)) return;
    clearTimeout(this.guard);
    this.watched = true;
    const spent = this.playsLeft < 1;
    // Seen as often as allowed: the last picture must not stay to be looked at.
    if (spent) this.sides.show(false);
    this.tell("seen");
    if (this.most === 0 && !this.still) this.timer = setTimeout(() => this.play(), BREATH);
    else if (!spent) this.tell("still");
  }
}

function rewound(video) {
  if (video.currentTime === 0 && !video.ended) return Promise.resolve();
  return new Promise((done) => {
    video.addEventListener("seeked", done, { once: true });
    video.currentTime = 0;
  });
}

function withPatience(promise) {
  return Promise.race([
    promise,
    new Promise((_, fail) => {
      setTimeout(() => fail(new Error("takes too long")), PATIENCE);
    }),
  ]);
}
