// Shows how far a new start or switching off is; without this script the page has a link for that.
"use strict";
const asked = document.getElementById("asked");
let shown = "";
const look = async () => {
  let reply;
  try {
    reply = await fetch("/power/state");
  } catch {
    return; // the page itself starts again
  }
  if (reply.status === 403) {
    window.location.reload(); // the session is over: the way in
  } else if (reply.ok) {
    const told = await reply.text();
    if (told !== shown) {
      shown = told;
      asked.innerHTML = told; // made by the kit's own templates, which escape what they are given
    }
  }
};
if (asked && window.fetch) {
  window.setInterval(look, 1000);
}
