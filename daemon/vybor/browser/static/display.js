// The kit's display on this page: draws what the kit sends, says when it stands there, and what the pointer does.
import { Drawing, widths } from "/drawing.js";
import { Looking } from "/looking.js";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;
const SILENT_MS = 3000; // the kit ticks twice a second
const WRONG_KEY = 4003;
const TAKEN = 4001;
const WORDS_EVERY_MS = 1000;

const main = document.querySelector("main");
const veil = document.getElementById("veil");
const told = document.getElementById("told");
const here = document.getElementById("here");
const list = document.getElementById("words");
const spoken = document.getElementById("spoken");
const drawing = new Drawing(document.getElementById("screen"));

let socket = null;
let pauseMs = FIRST_PAUSE_MS;
let heardAt = 0;
let wordsAt = 0;
let pressed = false;
let looking = null;
let sized = { width: 0, height: 0 }; // what the kit was told
let switchKey = " ";
const KEYS = { space: " ", return: "enter" }; // as the kit names them; all others are named alike

function cover(text, button = false, dotAt = 0) {
  if (told.textContent !== text) told.textContent = text;
  here.hidden = !button;
  veil.classList.toggle("low", Math.abs(dotAt - 0.5) < 0.3); // words out of a dot's way
  veil.hidden = false;
}

function say(kind, more = {}) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ kind, ...more }));
}

function size() {
  return { width: Math.max(1, window.innerWidth), height: Math.max(1, window.innerHeight) };
}

function resized() {
  const { width, height } = size();
  if (width === sized.width && height === sized.height) return;
  sized = { width, height };
  say("sized", sized);
}

function connect() {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const own = new WebSocket(`${scheme}://${window.location.host}/display`);
  socket = own;
  heardAt = performance.now();
  own.onopen = () => {
    const key = window.location.hash.slice(1);
    sized = size();
    say("hello", { key, ...sized, regular: widths(false), bold: widths(true) });
    if (document.hidden || looking?.isTeaching) say("seen", { visible: false });
  };
  own.onmessage = (event) => {
    heardAt = performance.now();
    take(JSON.parse(event.data));
  };
  own.onclose = (event) => {
    if (own !== socket) return;
    socket = null;
    if (event.code === WRONG_KEY) return cover(main.dataset.wrongKey);
    if (event.code === TAKEN) return cover(main.dataset.taken, true);
    cover(main.dataset.lost);
    window.setTimeout(connect, pauseMs);
    pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
  };
}

function take(message) {
  switch (message.kind) {
    case "tick":
      say("tock", { number: message.number, at: performance.now() });
      break;
    case "signs":
      drawing.signs = message.signs;
      switchKey = KEYS[message.switch] || message.switch.toLowerCase();
      break;
    case "colours":
      drawing.wear(message.colours);
      break;
    case "spoken":
      spoken.lang = message.language;
      spoken.textContent = message.said ? main.dataset.said.replace("{said}", () => message.said) : "";
      break;
    case "scene":
      pauseMs = FIRST_PAUSE_MS;
      show(message);
      break;
  }
}

function show(scene) {
  const from = socket;
  if (scene.whole) {
    const { width, height } = size();
    drawing.fit(width, height);
  }
  drawing.take(scene);
  if (!looking?.isTeaching) veil.hidden = true;
  // Drawn in one frame it is there when the next one begins.
  requestAnimationFrame(() =>
    requestAnimationFrame((at) => {
      if (from === socket) say("flipped", { number: scene.number, at });
    }),
  );
  list.dataset.stale = "yes";
}

function write() {
  if (list.dataset.stale !== "yes") return;
  list.dataset.stale = "";
  list.replaceChildren(
    ...drawing.words().map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }),
  );
}

function watch() {
  const now = performance.now();
  if (socket && now - heardAt > SILENT_MS) {
    cover(main.dataset.lost);
    socket.close();
    socket.onclose({ code: 0 }); // a line that is dead may close much later
  }
  if (now - wordsAt > WORDS_EVERY_MS) {
    wordsAt = now;
    write();
  }
  resized(); // a browser may say it while the window has no size yet, and not again
}

function moved(event) {
  const { width, height } = size();
  const [x, y] = [(event.clientX + 0.5) / width, (event.clientY + 0.5) / height];
  if (Math.min(x, y) < -0.3 || Math.max(x, y) > 1.3) return say("left"); // a finger that is drawn off the page
  say("moved", { x, y, at: event.timeStamp });
}

main.addEventListener("pointermove", moved);
main.addEventListener("pointerdown", moved);
for (const name of ["pointercancel", "pointerup"])
  main.addEventListener(name, (event) => event.pointerType !== "mouse" && say("left"));
document.documentElement.addEventListener("pointerleave", () => say("left"));
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== switchKey || !veil.hidden) return;
  event.preventDefault();
  if (event.repeat || pressed) return;
  pressed = true;
  say("pressed", { at: event.timeStamp });
});
document.addEventListener("keyup", (event) => {
  if (event.key.toLowerCase() !== switchKey || !pressed) return;
  pressed = false;
  say("released");
});
document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("visibilitychange", () =>
  say("seen", { visible: !document.hidden && !looking?.isTeaching }),
);
window.addEventListener("resize", resized);
here.addEventListener("click", () => {
  cover(main.dataset.connecting);
  connect();
});
window.setInterval(watch, 250);
if (main.dataset.follows)
  looking = new Looking({ words: main.dataset, say, size, cover, uncover: () => (veil.hidden = true) });
connect();
