// Requests that are tried again until they are answered. An answer of a rater is kept by the browser until the
// server has said that it is on its disk, so that neither a lost network nor a closed tab can lose it.

const KEPT = "skyscene-answer";
const LONGEST_WAIT = 10000;
const PATIENCE = 10000;

let wake = null;

export class Refused extends Error {
  constructor(status, table) {
    super(table.message || "The server did not take that.");
    this.status = status;
    this.code = table.error || "";
  }
}

// Asks until there is an answer. `trouble(true)` is called when it takes another try, `trouble(false)` when it is over.
export async function ask(path, body, trouble) {
  for (let tries = 0; ; tries += 1) {
    try {
      const table = await once(path, body);
      trouble(false);
      return table;
    } catch (error) {
      if (error instanceof Refused && ![408, 429, 500, 502, 503, 504].includes(error.status)) {
        trouble(false);
        throw error;
      }
      if (tries > 0) trouble(true);
      await rest(Math.min(LONGEST_WAIT, 400 * 2 ** tries));
    }
  }
}

// Cuts the present wait short.
export function tryNow() {
  if (wake) wake();
}

export function keep(ballot) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(ballot));
  } catch { /* private windows may have no storage: then the page alone holds the answer */ }
}

export function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

export function drop() {
  try {
    localStorage.removeItem(KEPT);
  } catch { /* as above */ }
}

async function once(path, body) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE);
  try {
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: ending.signal,
    });
    if (answer.ok) return await answer.json();
    let table = {};
    try {
      table = await answer.json();
    } catch { /* a proxy's page */ }
    throw new Refused(answer.status, table);
  } finally {
    clearTimeout(timer);
  }
}

function rest(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    wake = () => {
      clearTimeout(timer);
      done();
    };
  });
}

addEventListener("online", tryNow);
