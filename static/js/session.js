// Tells in time that the session ends, and afterwards keeps what was typed until the same account is back.
// Without this file a form that comes too late leads to the sign-in page and back.
(function () {
  "use strict";
  var EVERY = 3 * 60000; // between two signs of life, in milliseconds
  var box = document.getElementById("sesi");
  if (!box) { return; }
  var shown = "", over = false, busy = false, told = Date.now(), due, timer;

  function tokens() { return document.querySelectorAll("input[name=csrfmiddlewaretoken]"); }
  function late() { return over || Date.now() > due; }

  // A machine that slept is late: `due` is the clock's, the timer only the usual way to keep it.
  function wait(seconds) {
    window.clearTimeout(timer);
    due = Date.now() + seconds * 1000;
    timer = window.setTimeout(ask, seconds * 1000);
  }
  function ask() {
    return fetch(box.dataset.url, { headers: { "X-Unattended": "1" } }).then(function (answer) {
      return answer.json().then(function (said) { hear(answer.ok, said); });
    }).catch(function () { wait(60); });
  }
  function hear(isIn, said) {
    over = !isIn;
    if (said.notice !== shown) { box.innerHTML = shown = said.notice; }
    if (over) { window.clearTimeout(timer); return; }
    // Signing in makes the token of every form new.
    tokens().forEach(function (input) { input.value = said.token; });
    if (said.ask_in) { wait(said.ask_in); }
  }

  // Only what a person does is a sign of life, not that the page stands open.
  function live(event) {
    var isSoon = box.querySelector("button"), token = tokens()[0];
    if (!event.isTrusted || over || busy || !token || (!isSoon && Date.now() - told < EVERY)) { return; }
    busy = true;
    told = Date.now();
    fetch(box.dataset.url, { method: "POST", headers: { "X-CSRFToken": token.value } })
      .then(function (answer) { return isSoon || !answer.ok ? ask() : null; })
      .catch(function () {})
      .then(function () { busy = false; });
  }
  ["keydown", "pointerdown", "click", "input", "wheel"].forEach(function (name) {
    document.addEventListener(name, live, { capture: true, passive: true });
  });

  function back() { if (!document.hidden && late()) { ask(); } }
  document.addEventListener("signedout", ask);
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back);
  window.addEventListener("pageshow", back);

  // A form that comes too late would be answered by the sign-in page, and what was typed would be gone.
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || !late()) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask().then(function () {
      var way = box.querySelector("a");
      if (!over) { form.requestSubmit(button); } else if (way) { way.focus(); }
    });
  }, true);
  document.addEventListener("htmx:beforeRequest", function (event) { if (over) { event.preventDefault(); } });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var to = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (to && to.split("?")[0] === box.dataset.door) { event.preventDefault(); ask(); }
  });

  wait(Number(box.dataset.askIn));
})();
