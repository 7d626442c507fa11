// Shows how the kit is as it changes; without this script the page stands as it was loaded.
"use strict";
const place = document.getElementById("faring");
if (place && window.EventSource) {
  const still = document.getElementById("still");
  const live = document.getElementById("live");
  const news = document.createElement("p");
  news.className = "hearing";
  news.setAttribute("role", "status");
  place.before(news);
  const lives = (is) => {
    still.hidden = is;
    live.hidden = !is;
  };
  const whole = () => document.getElementById("whole").textContent.trim();
  let said = whole();
  const source = new EventSource("/live");
  source.onopen = () => lives(true);
  source.onerror = () => lives(false);
  source.onmessage = (event) => {
    place.innerHTML = event.data; // made by the kit's own templates, which escape what they are given
    if (whole() !== said) {
      said = whole();
      news.textContent = said; // the whole alone is read aloud: parts change often
    }
  };
  source.addEventListener("over", () => {
    source.close();
    window.location.reload(); // the session is over: the way in
  });
}
