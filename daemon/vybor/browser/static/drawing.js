// Draws what the kit composes, as it is: patches of boxes, words, marks and discs, in pixels of this window.
const FAMILY = '"Noto Sans", "DejaVu Sans Condensed", Roboto, "DejaVu Sans", system-ui, sans-serif';
const LETTERS =
  " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" +
  "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя" +
  "0123456789.,?!:;\"-()'…$%&/@+=*“”„«»‘’–—•·_#<>[]{}|~^`°×№\u00a0\u202f\u2009";
const AT = 200; // pixels: letters are measured so large, and grow evenly
const ICON_LINE = 2.1; // of an icon's square of 24
const SIDE = 24;

const font = (size, bold) => `${bold ? 700 : 400} ${size}px ${FAMILY}`;

function plain(context) {
  context.fontKerning = "none"; // so that the widths of letters add up to that of a word
  context.textRendering = "optimizeSpeed";
  context.textBaseline = "alphabetic";
}

export function widths(bold) {
  const context = document.createElement("canvas").getContext("2d");
  plain(context);
  context.font = font(AT, bold);
  const found = {};
  for (const letter of LETTERS) found[letter] = Math.min(4, context.measureText(letter).width / AT);
  return found;
}

export class Drawing {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.patches = [];
    this.colours = {};
    this.signs = {};
  }

  fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    plain(this.context);
    this.all();
  }

  wear(colours) {
    this.colours = colours;
    this.all();
  }

  take(scene) {
    if (scene.whole) this.patches = new Array(scene.count);
    for (const [at, rect, things, words] of scene.patches) this.patches[at] = { rect, things, words };
    if (scene.whole) this.all();
    else for (const [at] of scene.patches) this.patch(this.patches[at]);
  }

  all() {
    this.context.fillStyle = this.colours.ground || "#0c1016";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    for (const patch of this.patches) if (patch) this.patch(patch);
  }

  patch({ rect, things }) {
    const context = this.context;
    context.save();
    context.beginPath();
    context.rect(...rect);
    context.clip();
    context.fillStyle = this.colours.ground;
    context.fillRect(...rect);
    for (const [kind, ...told] of things) this[kind](...told);
    context.restore();
  }

  box(x, y, width, height, fill, edge, edgeWidth, radius) {
    if (width <= 0 || height <= 0) return;
    if (edgeWidth) this.round(x, y, width, height, radius, edge);
    const inner = [x + edgeWidth, y + edgeWidth, width - 2 * edgeWidth, height - 2 * edgeWidth];
    if (inner[2] > 0 && inner[3] > 0) this.round(...inner, Math.max(0, radius - edgeWidth), fill);
  }

  round(x, y, width, height, radius, colour) {
    this.context.fillStyle = this.colours[colour];
    this.context.beginPath();
    this.context.roundRect(x, y, width, height, radius);
    this.context.fill();
  }

  text(text, x, baseline, size, colour, bold) {
    this.context.font = font(size, bold);
    plain(this.context);
    this.context.fillStyle = this.colours[colour];
    this.context.fillText(text, x, baseline);
  }

  icon(sign, x, y, side, colour) {
    const context = this.context;
    context.save();
    context.translate(x, y);
    context.scale(side / SIDE, side / SIDE);
    context.fillStyle = context.strokeStyle = this.colours[colour];
    context.lineWidth = ICON_LINE;
    context.lineCap = context.lineJoin = "round";
    for (const [filled, points] of this.signs[sign]) {
      context.beginPath();
      for (const [across, down] of points) context.lineTo(across, down);
      if (filled) {
        context.closePath();
        context.fill();
      } else context.stroke();
    }
    context.restore();
  }

  disc(x, y, radius, colour, width) {
    const context = this.context;
    context.beginPath();
    context.arc(x, y, Math.max(0, width ? radius - width / 2 : radius), 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = this.colours[colour];
    context.lineWidth = width;
    if (width) context.stroke();
    else context.fill();
  }

  words() {
    return this.patches.map((patch) => (patch ? patch.words : "")).filter(Boolean);
  }
}
