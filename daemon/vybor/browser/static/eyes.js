// Beside the display, in a document of its own: WebGazer.js, as its owner fetched it, follows the eyes by the camera of
// this machine. It hears where dots stand and says where the eyes look; pictures stay in this document.
const webgazer = window.webgazer;
const parent_ = window.parent;
let paintsAt = performance.now(); // when the picture was taken out of the camera that the next look is of

// Milliseconds of the display's own clock: each document's begins when it does.
const atDisplay = (at) => at + performance.timeOrigin - parent_.performance.timeOrigin;
const tell = (message) => parent_.postMessage(message, window.location.origin);

let isSeen = false; // whether there were eyes in the newest picture

// WebGazer itself says no more than that it can tell no place, which it cannot before it was taught either.
function watch(tracker) {
  const taken = tracker.getEyePatches.bind(tracker);
  tracker.getEyePatches = async (...all) => {
    const eyes = await taken(...all);
    isSeen = Boolean(eyes);
    return eyes;
  };
}

function looked(data) {
  const at = atDisplay(paintsAt);
  requestAnimationFrame(() => {
    paintsAt = performance.now(); // WebGazer takes its next picture in this same frame, right after
  });
  const isPlace = data && Number.isFinite(data.x) && Number.isFinite(data.y);
  tell({ kind: "look", x: isPlace ? data.x : null, y: isPlace ? data.y : null, isSeen, at });
}

window.addEventListener("message", (event) => {
  if (event.origin !== window.location.origin || event.source !== parent_) return;
  if (event.data.kind === "at") webgazer.recordScreenPosition(event.data.x, event.data.y, "click");
  if (event.data.kind === "anew") webgazer.clearData();
});

async function begin() {
  if (!webgazer) return tell({ kind: "failed" });
  Object.assign(webgazer.params, {
    faceMeshSolutionPath: "/webgazer/mediapipe/face_mesh",
    showVideo: false,
    showFaceOverlay: false,
    showFaceFeedbackBox: false,
    showGazeDot: false,
    saveDataAcrossSessions: false, // nothing of the eyes is kept
    applyKalmanFilter: false, // the kit has a filter of its own, which does not lag
  });
  webgazer.setGazeListener(looked);
  watch(webgazer.getTracker());
  try {
    await webgazer.begin(() => tell({ kind: "failed" }));
  } catch {
    return tell({ kind: "failed" });
  }
  webgazer.removeMouseEventListeners(); // the pointer is not where the eyes are
  tell({ kind: "ready" });
}

begin();
