// Shows how far an upload has come and keeps form and file when the line breaks. Without it the form works plainly.
(function () {
  "use strict";
  var LIMIT = 10 * 1024 * 1024;

  function size(bytes) {
    if (bytes < 1000 * 1024) { return Math.round(bytes / 1024) + " KB"; }
    return (bytes / 1048576).toFixed(1).replace(".", ",") + " MB";
  }

  // The answer is a whole page of ours: its main part replaces the one that is shown.
  function show(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var fresh = page.querySelector("main");
    if (!fresh) { window.location.reload(); return; }
    var old = document.querySelector("main");
    old.replaceWith(fresh);
    if (window.htmx) { window.htmx.process(fresh); }
    // What went wrong comes before what went well: the line that says "saved" stands above both.
    var first = fresh.querySelector("[data-focus]") || fresh.querySelector(".has-error input") || fresh.querySelector(".notice[role=status]");
    if (!first) { return; }
    if (first.tagName !== "INPUT") { first.setAttribute("tabindex", "-1"); }
    first.focus();
  }

  function send(form, button, file) {
    var box = form.querySelector("[data-progress]");
    var text = box.querySelector("[data-text]");
    var bar = box.querySelector("progress");
    var words = button.dataset;
    var request = new XMLHttpRequest();
    box.hidden = false;
    button.disabled = true;
    box.querySelector("[data-name]").textContent = file.name;
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable) { return; }
      bar.value = Math.round(event.loaded * 100 / event.total);
      text.textContent = size(event.loaded) + " " + words.of + " " + size(event.total) + " " + words.sent + ".";
    });
    request.upload.addEventListener("load", function () { bar.value = 100; text.textContent = words.checking; });
    request.addEventListener("load", function () {
      var session = document.getElementById("sesi");
      if (session && new URL(request.responseURL).pathname === session.dataset.door) {
        // Signed out elsewhere meanwhile: text and file stay, the notice says what to do.
        button.disabled = false;
        text.textContent = words.broken;
        document.dispatchEvent(new Event("signedout"));
        return;
      }
      show(request.responseText);
    });
    request.addEventListener("error", function () { button.disabled = false; text.textContent = words.broken; });
    request.open("POST", button.formAction);
    request.send(new FormData(form));
  }

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || !("upload" in button.dataset)) { return; }
    var input = event.target.querySelector("input[type=file]");
    var file = input && input.files[0];
    if (!file) { return; }
    event.preventDefault();
    if (file.size > LIMIT) {
      var box = event.target.querySelector("[data-progress]");
      box.hidden = false;
      box.querySelector("[data-name]").textContent = file.name;
      box.querySelector("[data-text]").textContent = button.dataset.tooLarge;
      return;
    }
    send(event.target, button, file);
  });
})();
