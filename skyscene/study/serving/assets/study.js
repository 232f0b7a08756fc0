// A rater's way: consent, one trial after the other, the end. What is shown comes from the server, as text.

import { Showing, Sides } from "/assets/stage.js";
import { Refused, ask, drop, keep, kept, tryNow } from "/assets/wire.js";

const KEYS = {
  1: "left", ArrowLeft: "left", 2: "right", ArrowRight: "right", 0: "tie", t: "tie", T: "tie", x: "invalid", X: "invalid",
};
const SCREENS = ["loading", "welcome", "trial", "end", "stopped"];
const RETRIES = [500, 2000];

const at = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)");

let study = null; // texts and settings, the same for the whole study
let place = null; // where the rater is: position, total, trial, next, end
let sides = null; // files on show
let coming = null; // files of the next trial, loading
let showing = null;
let open = false; // whether an answer would be taken
let asked = 0; // when both sides could be seen
let away = 0; // how long the rater was away since then
let leftAt = 0;

function screen(name) {
  for (const each of SCREENS) at(each).hidden = each !== name;
  document.documentElement.dataset.screen = name;
  if (name !== "trial") at(name).querySelector("h1")?.focus();
  scrollTo(0, 0);
}

function items(list, texts) {
  list.replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

// ---- Welcome

function welcome() {
  const rounds = place.total * (study.seconds * 1.5 + 3);
  const minutes = Math.max(1, Math.round(rounds / 60));
  at("length").textContent = `${place.total} pairs, about ${minutes} ${minutes === 1 ? "minute" : "minutes"}. `
    + "You can pause at any time and go on later.";
  items(at("questions"), Object.values(study.questions));
  items(at("instructions"), [...study.instructions, ...howTo()]);
  at("warning").textContent = study.warning;
  at("consent").textContent = study.consent;
  screen("welcome");
}

function howTo() {
  const lines = [];
  if ("video" in study.questions) {
    lines.push(study.plays === 0
      ? "Both videos play again and again. You can answer once you have seen them to the end."
      : `Both videos play ${study.plays === 1 ? "once" : `up to ${study.plays} times`}. Then you can answer.`);
  }
  if ("frame" in study.questions) {
    lines.push(`Pictures are shown for ${study.frame_seconds} seconds and then hidden. Then you can answer.`);
  }
  const touch = matchMedia("(pointer: coarse)").matches;
  lines.push(`Press the button under your choice${touch ? "" : ", or the key 1 for left and 2 for right"}.`);
  return lines;
}

async function agree() {
  at("agree").disabled = true;
  const trouble = (on) => {
    at("agree-trouble").hidden = !on;
    at("agree-trouble").textContent = "No connection at the moment. The page tries again by itself.";
  };
  await guarded(async () => arrive(await ask("/api/consent", {}, trouble)));
  at("agree").disabled = false;
}

// ---- A trial

function arrive(next) {
  place = next;
  if (next.study) study = next.study;
  document.documentElement.style.setProperty("--display", `${study.display}px`);
  if (place.end) return finish();
  if (!place.trial) return welcome();
  return begin();
}

function begin() {
  screen("trial");
  document.documentElement.dataset.position = place.position;
  for (const id of ["feedback", "broken", "offline", "play-row"]) at(id).hidden = true;
  for (const [each, other] of [["tie", "invalid"], ["invalid", "tie"]]) {
    at(each).hidden = !study.answers.includes(each);
    at(each).classList.toggle("alone", !study.answers.includes(other));
  }
  at("question").textContent = study.questions[place.trial.show];
  at("place").textContent = `${place.trial.practice ? "Practice, " : ""}${place.position + 1} of ${place.total}`;
  at("progress").max = place.total;
  at("progress").value = place.position;
  let mine = coming && coming.files.left === place.trial.left ? coming : null;
  if (coming && !mine) coming.remove();
  coming = null;
  mine ||= new Sides(place.trial, screens());
  offer(mine, 0);
}

function screens() {
  return [at("screen-left"), at("screen-right")];
}

async function offer(mine, tries) {
  if (sides && sides !== mine) sides.remove();
  sides = mine;
  close();
  say("Loading the pair.");
  try {
    await mine.ready;
  } catch {
    if (sides !== mine) return;
    if (tries < RETRIES.length) {
      await new Promise((done) => { setTimeout(done, RETRIES[tries]); });
      if (sides === mine) offer(new Sides(place.trial, screens(), true), tries + 1);
    } else broken();
    return;
  }
  if (sides !== mine) return;
  asked = 0;
  away = 0;
  showing = new Showing(mine, {
    plays: study.plays, frameSeconds: study.frame_seconds, still: still.matches,
  }, told);
  if (document.hidden || at("paused").open) pause();
  else showing.start();
  if (place.next && !coming) coming = new Sides(place.next, screens());
}

function told(what) {
  const video = sides.video;
  if (what === "shown") {
    asked = performance.now();
    away = 0;
  } else if (what === "playing") {
    at("play-row").hidden = true;
    if (!showing.watched) say("Watch both videos to the end.");
  } else if (what === "still") {
    const rest = showing.playsLeft;
    at("play").textContent = showing.watched
      ? `Play again${rest === Infinity ? "" : ` (${rest} left)`}` : "Play both";
    at("play-row").hidden = rest < 1;
    if (!showing.watched) say("Press Play to start both videos.");
  } else if (what === "seen") unlock();
  else if (what === "broken") broken();
  if (what === "shown" && !video) say("Look at both pictures.");
}

function unlock() {
  if (open) return;
  open = true;
  for (const button of buttons()) button.disabled = false;
  say("Your answer, please.");
  document.documentElement.dataset.open = "yes";
}

function close() {
  open = false;
  if (showing) showing.end();
  showing = null;
  for (const button of buttons()) {
    button.disabled = true;
    button.classList.remove("chosen");
  }
  document.documentElement.dataset.open = "no";
}

function buttons() {
  return document.querySelectorAll(".answer");
}

function say(text) {
  at("status").textContent = text;
}

function broken() {
  close();
  say("");
  at("broken").hidden = false;
  at("reload").focus();
}

function answer(choice) {
  if (!open || !showing || showing.held || at(choice).hidden) return;
  const taken = Math.round(performance.now() - asked - away);
  const [left, right] = showing.plays;
  const ballot = {
    nonce: place.trial.nonce, choice, rt_ms: taken, left_plays: left, right_plays: right, watched: showing.watched,
  };
  close();
  at("play-row").hidden = true;
  at(choice).classList.add("chosen");
  send(ballot);
}

function report() {
  at("broken").hidden = true;
  send({
    nonce: place.trial.nonce, choice: "invalid", rt_ms: 0, left_plays: 0, right_plays: 0, watched: false,
  });
}

async function send(ballot) {
  keep(ballot);
  say("");
  const trouble = (on) => {
    at("offline").hidden = !on;
    at("offline-text").textContent = "No connection at the moment. Your answer is kept, and sent again by itself.";
  };
  await guarded(async () => {
    const receipt = await ask("/api/vote", ballot, trouble);
    drop();
    // Another tab of the same rater was here first: what counts is there already.
    if (receipt.choice !== ballot.choice) return arrive(await ask("/api/state", undefined, trouble));
    if (receipt.feedback) return feedback(receipt);
    return arrive(receipt);
  });
}

function feedback(receipt) {
  const { right, side } = receipt.feedback;
  at("feedback-text").textContent = right
    ? "That is the answer we expected." : `Not quite: the expected answer was the ${side} one.`;
  at("feedback-text").className = right ? "right" : "";
  at("feedback").hidden = false;
  at("go-on").onclick = () => arrive(receipt);
  at("go-on").focus();
  document.documentElement.dataset.screen = "feedback";
}

// ---- Pause

function pause() {
  if (document.documentElement.dataset.screen !== "trial" || at("paused").open) return;
  leftAt = performance.now();
  if (showing) showing.hold();
  at("paused").showModal();
}

function resume() {
  if (asked) away += performance.now() - leftAt;
  if (!showing) return;
  if (!asked && !showing.held) showing.start();
  else showing.resume();
}

// ---- The end

function finish() {
  close();
  for (const each of [sides, coming]) if (each) each.remove();
  sides = null;
  coming = null;
  at("code").textContent = place.end.code;
  const url = place.end.url;
  if (url.startsWith("https://")) {
    at("onward-link").href = url;
    at("onward").hidden = false;
  }
  screen("end");
}

async function copy() {
  try {
    await navigator.clipboard.writeText(at("code").textContent);
    at("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(at("code"));
    at("copied").textContent = "The code is marked: copy it with your keyboard or a long touch.";
  }
}

// ---- All together

// What the server refuses for good has a page of its own; an answer that belongs to no trial leads back to the present one.
async function guarded(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status !== 401) drop(); // with the link opened again it is sent
    if (error.code === "other-trial" || error.code === "no-answer") return start();
    close();
    if (at("paused").open) at("paused").close();
    at("stopped-text").textContent = error.message;
    screen("stopped");
  }
}

async function start() {
  const trouble = (on) => {
    if (on) at("loading").firstElementChild.textContent = "No connection at the moment. The page tries again by itself.";
  };
  await guarded(async () => {
    const left = kept();
    if (left) {
      try {
        await ask("/api/vote", left, trouble);
      } catch (error) {
        if (!(error instanceof Refused) || error.status === 401) throw error;
      }
      drop();
    }
    arrive(await ask("/api/state", undefined, trouble));
  });
}

at("agree").onclick = agree;
for (const choice of ["left", "right", "tie", "invalid"]) at(choice).onclick = () => answer(choice);
at("play").onclick = () => showing?.play();
at("pause").onclick = pause;
at("resume").onclick = () => at("paused").close();
at("paused").addEventListener("close", resume);
at("reload").onclick = () => {
  at("broken").hidden = true;
  offer(new Sides(place.trial, screens(), true), 0);
};
at("report").onclick = report;
at("send-now").onclick = tryNow;
at("copy").onclick = copy;
document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); });
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || at("paused").open) return;
  if (document.documentElement.dataset.screen !== "trial") return;
  const choice = KEYS[event.key];
  if (choice) {
    event.preventDefault();
    answer(choice);
  } else if (event.key === "p" || event.key === "P" || event.key === "Escape") {
    event.preventDefault();
    pause();
  }
});
start();
