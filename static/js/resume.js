// Sends files in pieces that survive a broken line and a reload; then the form names the uploads instead of carrying them.
// Without this file, or without tus, the form sends one file in one go.
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

  // What is sent: the photos of the list in their order, else the chosen file. What has a token is there already.
  function partsOf(form) {
    var items = Array.from(form.querySelectorAll("[data-photo]"));
    if (items.length) {
      return items.map(function (item) {
        return { item: item, file: item.file, name: item.querySelector("[data-name]").textContent, size: Number(item.dataset.size), token: item.dataset.token };
      });
    }
    var file = form.querySelector("input[type=file]").files[0];
    return file && file.size ? [{ file: file, name: file.name, size: file.size, token: "" }] : [];
  }

  function title(parts, part) {
    if (parts.length === 1) { return part.name; }
    return words.photo.replace("%n", parts.indexOf(part) + 1).replace("%m", parts.length).replace("%s", part.name);
  }

  function sum(parts) { return parts.reduce(function (bytes, part) { return bytes + part.size; }, 0); }

  // While something is on its way the list of photos stays as it is.
  function rest(form, button, isResting) {
    button.disabled = isResting;
    form.querySelector("[data-cancel]").hidden = !isResting;
    form.querySelectorAll("[data-list]").forEach(function (list) { list.inert = isResting; });
    form.querySelector("input[type=file]").disabled = isResting;
  }

  function send(form, button, parts) {
    var part = parts.find(function (one) { return !one.token; });
    var box = form.querySelector("[data-progress]");
    var text = box.querySelector("[data-text]");
    var bar = box.querySelector("progress");
    var say = function (line) { text.textContent = line; };
    var stop = function (line) { say(line); rest(form, button, false); };
    if (!part) { finish(form, parts, stop); return; }
    var total = sum(parts);
    var before = sum(parts.filter(function (one) { return one.token; }));
    box.querySelector("[data-name]").textContent = title(parts, part);
    var upload = new window.tus.Upload(part.file, {
      endpoint: form.dataset.endpoint,
      chunkSize: PIECE,
      retryDelays: PAUSES,
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      metadata: { filename: part.name, ticket: form.dataset.ticket },
      fingerprint: function () { return Promise.resolve(mark(form, part.file)); },
      onProgress: function (sent) {
        bar.value = Math.round((before + sent) * 100 / total);
        say(size(before + sent) + " " + words.of + " " + size(total) + " " + words.sent + ".");
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
        part.token = upload.url.replace(/\/$/, "").split("/").pop();
        part.upload = upload;
        if (part.item) { part.item.dataset.token = part.token; }
        send(form, button, parts);
      }
    });
    form.querySelector("[data-cancel]").onclick = function () {
      upload.abort(true).then(function () { stop(words.cancelled); bar.value = 0; }, function () { stop(words.cancelled); });
    };
    upload.findPreviousUploads().then(function (found) {
      if (found.length) { say(words.resumed); upload.resumeFromPreviousUpload(found[0]); }
      upload.start();
    });
  }

  // Until all is there a reload finds what was sent; from here on the form names it.
  function finish(form, parts, stop) {
    form.querySelector("[data-progress] progress").value = 100;
    form.querySelector("[data-progress] [data-text]").textContent = words.checking;
    form.querySelector("[data-cancel]").hidden = true;
    form.querySelector("input[name=upload]").value = parts.map(function (part) { return part.token; }).join(",");
    parts.forEach(function (part) {
      if (!part.upload) { return; }
      part.upload.findPreviousUploads().then(function (found) {
        found.forEach(function (one) { part.upload.options.urlStorage.removeUpload(one.urlStorageKey); });
      });
    });
    var detail = { stop: function (why) { stop(words[why]); } };
    if (form.dispatchEvent(new CustomEvent("sent", { bubbles: true, cancelable: true, detail: detail }))) { form.submit(); }
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!("resume" in form.dataset)) { return; }
    var parts = partsOf(form);
    if (!parts.length) { return; }
    event.preventDefault();
    var box = form.querySelector("[data-progress]");
    var button = event.submitter || form.querySelector("button:not([type])");
    var large = parts.find(function (part) { return part.size > Number(form.dataset.limit); });
    box.hidden = false;
    box.querySelector("[data-name]").textContent = title(parts, large || parts[0]);
    if (large) { box.querySelector("[data-text]").textContent = words.tooLarge; return; }
    button.disabled = true;
    load().then(function (ready) {
      if (ready) { rest(form, button, true); send(form, button, parts); return; }
      if (parts.length === 1 && parts[0].file) { form.submit(); return; }
      button.disabled = false;
      box.querySelector("[data-text]").textContent = words.broken;
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
