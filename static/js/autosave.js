// Keeps a draft while somebody types: form[data-autosave=address], its state in [data-autosave-status].
(function () {
  "use strict";
  var WAIT = 1200; // milliseconds of rest before saving
  function watch(form) {
    var status = document.querySelector("[data-autosave-status]"), timer, busy = false, again = false, gone = false, waiting = false;
    function say(html, failed) {
      if (!status) { return; }
      status.classList.toggle("is-ok", !failed);
      status.classList.toggle("is-warn", failed);
      if (failed) { status.textContent = status.dataset.failed; } else { status.innerHTML = html; }
    }
    function send(more) {
      waiting = false;
      var how = { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, credentials: "same-origin" };
      return fetch(form.dataset.autosave, Object.assign(how, more));
    }
    function save() {
      if (gone) { return; }
      if (busy) { again = true; return; }
      busy = true;
      send({})
        .then(function (answer) {
          if (!answer.ok || answer.redirected) { throw new Error(String(answer.status)); }
          return answer.text();
        })
        .then(function (html) {
          say(html, false);
          // From now on a reload comes back to this draft.
          var key = form.elements.draf;
          if (key && !gone) { window.history.replaceState(null, "", "?draf=" + encodeURIComponent(key.value)); }
        })
        .catch(function () { say("", true); })
        .then(function () {
          busy = false;
          if (again) { again = false; save(); }
        });
    }
    function later() { waiting = true; window.clearTimeout(timer); timer = window.setTimeout(save, WAIT); }
    // Who goes on before the rest is over takes the last words along; the browser sends them after the page is gone.
    function leave() {
      // Once the session is over there is nobody to keep it for: the page itself keeps what was typed (session.js).
      var isOver = document.querySelector("#sesi [data-over]");
      if (gone || isOver || !(waiting || again)) { return; }
      window.clearTimeout(timer);
      send({ keepalive: true }).catch(function () { waiting = true; });
    }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    // What is sent now must not come back as a draft: the server ignores a late one, the page sends none.
    form.addEventListener("submit", function () { gone = true; window.clearTimeout(timer); });
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", function () { if (document.hidden) { leave(); } });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { gone = false; } });
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-autosave]").forEach(watch);
  });
})();
