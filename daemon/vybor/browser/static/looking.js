// The eyes beside the display: nine dots that teach WebGazer, one after the other, and its looks on their way to the kit.
const DOTS = [
  [0.5, 0.5], [0.1, 0.1], [0.5, 0.1], [0.9, 0.1], [0.9, 0.5], [0.9, 0.9], [0.5, 0.9], [0.1, 0.9], [0.1, 0.5],
];
const SETTLE_MS = 900; // eyes have come to a dot by then
const TAUGHT = 12; // looks at each dot…
const LEAST = 3; // …or so many, where a slow browser takes longer than…
const ENOUGH_MS = 3000;
const APART_MS = 90; // looks nearer to each other say the same
const RING = 44;

export class Looking {
  // `say` tells the kit, `size` is that of the window, `cover` and `uncover` lay words over the display.
  constructor({ words, say, size, cover, uncover }) {
    Object.assign(this, { words, say, size, cover, uncover });
    this.isTaught = false;
    this.dot = document.getElementById("dot");
    this.frame = document.createElement("iframe");
    this.frame.src = "/eyes";
    this.frame.allow = "camera";
    this.frame.title = words.eyes;
    this.frame.tabIndex = -1;
    window.addEventListener("message", (event) => this.hear(event));
    document.body.append(this.frame);
  }

  hear(event) {
    if (event.source !== this.frame.contentWindow || event.origin !== window.location.origin) return;
    const told = event.data;
    if (told.kind === "failed") this.cover(this.words.noEyes);
    if (told.kind === "ready") this.teach();
    if (told.kind === "look") this.look(told);
  }

  look({ x, y, isSeen, at }) {
    if (this.isTeaching && isSeen) this.seen?.(at);
    if (!this.isTaught) return;
    const { width, height } = this.size();
    const place = x === null ? [null, null] : [x / width, y / height];
    const isNear = place.every((each) => each !== null && each > -0.5 && each < 1.5);
    this.say("look", { x: isNear ? place[0] : null, y: isNear ? place[1] : null, at: Math.max(0, at) });
  }

  async teach() {
    if (this.isTeaching) return;
    this.isTeaching = true;
    this.isTaught = false;
    this.say("seen", { visible: false }); // dots lie over the tiles: nothing can be chosen meanwhile
    this.frame.contentWindow.postMessage({ kind: "anew" }, window.location.origin);
    for (const [number, dot] of DOTS.entries()) await this.show(dot, number);
    this.dot.hidden = true;
    this.isTaught = true;
    this.isTeaching = false;
    this.uncover();
    if (!document.hidden) this.say("seen", { visible: true });
  }

  async show([across, down], number) {
    this.cover(this.words.look.replace("{dot}", number + 1).replace("{dots}", DOTS.length), false, down);
    this.dot.style.left = `${100 * across}%`;
    this.dot.style.top = `${100 * down}%`;
    this.dot.hidden = false;
    this.ring(1);
    await pause(SETTLE_MS);
    const from = performance.now();
    let last = from;
    for (let taught = 0; taught < TAUGHT && (taught < LEAST || last - from < ENOUGH_MS); ) {
      const at = await new Promise((then) => (this.seen = then));
      if (at - last < APART_MS) continue; // of a picture of before the eyes had come there, too
      last = at;
      taught += 1;
      this.ring(1 - taught / TAUGHT);
      const { width, height } = this.size();
      this.frame.contentWindow.postMessage({ kind: "at", x: across * width, y: down * height }, window.location.origin);
    }
    this.seen = null;
  }

  ring(left) {
    this.dot.style.width = this.dot.style.height = `${16 + (2 * RING - 16) * left}px`;
  }
}

const pause = (ms) => new Promise((then) => window.setTimeout(then, ms));
