// Sends a file in pieces that survive a broken line and a reload; then the form names the upload instead of carrying it.
// Without this file, or without tus, the form sends the file in one go.
(function () {
  "use strict";
  var PIECE = 256 * 1024;
  var PAUSES = [0, 1000, 3000, 5000, 10000, 20000];
  var words = document.getElementById("kata-unggah").dataset;
  var loading = null;

  // The client is fetched when a file is chosen, not with the page; without it the form goes the plain way.
  function load() {
    loading = loading || new Promise(function (resolve) {
      var script = document.createElement("script");
      script.onload = function () { resolve(Boolean(window.tus && window.tus.isSupported)); };
      script.onerror = function () { loading = null; resolve(false); };
      script.src = words.client;
      document.head.appendChild(script);
    });
    return loading;
  }

  function size(bytes) {
    if (bytes < 1000 * 1024) { return Math.round(bytes / 1024) + " KB"; }
    return (bytes / 1048576).toFixed(1).replace(".", ",") + " MB";
  }

  // The same file for the same line of the same checklist goes on where it stopped.
  function mark(form, file) {
    return ["latsar", form.dataset.target, file.name, file.size, file.lastModified].join("|");
  }

  function send(form, button, file) {
    var box = form.querySelector("[data-progress]");
    var text = box.querySelector("[data-text]");
    var bar = box.querySelector("progress");
    var cancel = form.querySelector("[data-cancel]");
    var say = function (line) { text.textContent = line; };
    var stop = function (line) { say(line); button.disabled = false; cancel.hidden = true; };
    cancel.hidden = false;
    var upload = new window.tus.Upload(file, {
      endpoint: form.dataset.endpoint,
      chunkSize: PIECE,
      retryDelays: PAUSES,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      metadata: { filename: file.name, ticket: form.dataset.ticket },
      fingerprint: function () { return Promise.resolve(mark(form, file)); },
      onProgress: function (sent, total) {
        bar.value = Math.round(sent * 100 / total);
        say(size(sent) + " " + words.of + " " + size(total) + " " + words.sent + ".");
      },
      onShouldRetry: function (error) {
        var answer = error.originalResponse;
        var status = answer ? answer.getStatus() : 0;
        var again = status === 0 || status === 409 || status >= 500;
        if (again && status === 0) { say(words.waiting); }
        return again;
      },
      onError: function (error) { stop(error.originalResponse ? words.refused : words.broken); },
      onSuccess: function () {
        bar.value = 100;
        say(words.checking);
        cancel.hidden = true;
        form.querySelector("input[name=upload]").value = upload.url.replace(/\/$/, "").split("/").pop();
        form.querySelector("input[type=file]").disabled = true;
        form.submit();
      }
    });
    cancel.onclick = function () {
      upload.abort(true).then(function () { stop(words.cancelled); bar.value = 0; }, function () { stop(words.cancelled); });
    };
    upload.findPreviousUploads().then(function (found) {
      if (found.length) { say(words.resumed); upload.resumeFromPreviousUpload(found[0]); }
      upload.start();
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!("resume" in form.dataset)) { return; }
    var input = form.querySelector("input[type=file]");
    var file = input.files[0];
    if (!file || !file.size) { return; }
    event.preventDefault();
    var box = form.querySelector("[data-progress]");
    var button = event.submitter || form.querySelector("button:not([type])");
    box.hidden = false;
    box.querySelector("[data-name]").textContent = file.name;
    if (file.size > Number(form.dataset.limit)) { box.querySelector("[data-text]").textContent = words.tooLarge; return; }
    button.disabled = true;
    load().then(function (ready) {
      if (ready) { send(form, button, file); } else { form.submit(); }
    });
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("form[data-resume] input[type=file]")) { load(); }
  });

  // Coming back to the page by the browser's arrow finds a form that can be used again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-resume] input[type=file]").forEach(function (input) { input.disabled = false; });
  });
})();
