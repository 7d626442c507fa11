// Shows what the wearer says as it is said, and how what was asked for stands; without it the page is loaded anew.
"use strict";
const places = ["stands", "mirror"].map((name) => document.getElementById(name));
if (places.every(Boolean) && window.EventSource) {
  const still = document.getElementById("still");
  const live = document.getElementById("live");
  const lives = (is) => {
    still.hidden = is;
    live.hidden = !is;
  };
  const source = new EventSource("/own/live");
  source.onopen = () => lives(true);
  source.onerror = () => {
    lives(false);
    places[1].replaceChildren(); // what is not told any more is not left standing
  };
  for (const place of places) {
    source.addEventListener(place.id, (event) => {
      place.innerHTML = event.data; // made by the kit's own templates, which escape what they are given
    });
  }
  source.addEventListener("over", () => {
    source.close();
    window.location.reload(); // the session is over: the way in
  });
}
