// Several photos of one document: chosen together or one after the other, put in order, then sent by resume.js.
// With data-mixed each file stands for itself, PDF or photo, with its own words beside it.
// Without this file the form takes one file.
(function () {
  "use strict";
  var words = document.getElementById("kata-foto").dataset;
  var mould = document.getElementById("cetakan-foto").content;
  var drawing = Promise.resolve();

  function size(bytes) {
    if (bytes < 1000 * 1024) { return Math.round(bytes / 1024) + " KB"; }
    return (bytes / 1048576).toFixed(1).replace(".", ",") + " MB";
  }
  function listed(form) { return Array.from(form.querySelectorAll("[data-photo]")); }
  function picker(form) { return form.querySelector("input[type=file]"); }
  function nameOf(item) { return item.querySelector("[data-name]").textContent; }
  function isMixed(form) { return "mixed" in form.dataset; }
  function isPdf(name) { return /\.pdf$/i.test(name); }
  function say(form, text) { form.querySelector("[data-said]").textContent = text; }

  // One after the other: a phone has no memory for ten opened photos at once.
  function draw(item, file) {
    if (!window.createImageBitmap || isPdf(file.name)) { return; }
    drawing = drawing.then(function () {
      return window.createImageBitmap(file, { resizeHeight: 320, resizeQuality: "medium" });
    }).then(function (picture) {
      var canvas = item.querySelector("canvas");
      var ratio = Math.min(canvas.width / picture.width, canvas.height / picture.height);
      var wide = picture.width * ratio;
      var high = picture.height * ratio;
      canvas.getContext("2d").drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
      picture.close();
    }).catch(function () { /* the server says what is wrong with it; name and size are there */ });
  }

  // The list is what will be sent; the input shows how many of it are on this device.
  function tidy(form) {
    var items = listed(form);
    items.forEach(function (item, index) {
      item.querySelectorAll("[data-place]").forEach(function (place) { place.textContent = index + 1; });
      item.querySelector("[data-up]").disabled = index === 0;
      item.querySelector("[data-down]").disabled = index === items.length - 1;
    });
    var input = picker(form);
    var label = form.querySelector("label[for='" + input.id + "']");
    label.dataset.first = label.dataset.first || label.textContent;
    label.textContent = items.length && (isMixed(form) || !isPdf(nameOf(items[0]))) ? words.add : label.dataset.first;
    input.multiple = true;
    var kept = new DataTransfer();
    items.forEach(function (item) { if (item.file) { kept.items.add(item.file); } });
    input.files = kept.files;
    form.querySelector("[data-list]").hidden = !items.length;
    form.querySelector("[data-hint]").hidden = false;
    form.querySelectorAll("[data-plain]").forEach(function (part) { part.hidden = items.length > 0; });
  }

  function start(root) { root.querySelectorAll("form[data-photos]").forEach(tidy); }

  function isThere(items, file) {
    return items.some(function (item) {
      return item.file && item.file.name === file.name && item.file.size === file.size && item.file.lastModified === file.lastModified;
    });
  }

  function itemOf(file) {
    var item = mould.cloneNode(true).querySelector("[data-photo]");
    item.file = file;
    item.dataset.size = file.size;
    item.querySelector("[data-name]").textContent = file.name;
    item.querySelector("[role=group]").setAttribute("aria-label", file.name);
    item.querySelector("[data-facts]").textContent = size(file.size);
    draw(item, file);
    return item;
  }

  // New photos come behind the others, or in the place of the one that is to be replaced. A PDF stands alone.
  function add(form, files) {
    var list = form.querySelector("[data-list] ol");
    var swapped = form.swapped || null;
    say(form, "");
    if (!isMixed(form) && files.length === 1 && isPdf(files[0].name) && listed(form).every(function (item) { return isPdf(nameOf(item)); })) {
      listed(form).forEach(function (item) { forget(form, item); });
      swapped = null;
    }
    var added = files.filter(function (file) {
      var items = listed(form).filter(function (item) { return item !== swapped; });
      if (isThere(items, file)) { say(form, words.twice.replace("%s", file.name)); return false; }
      if (!isMixed(form) && items.length && (isPdf(file.name) || isPdf(nameOf(items[0])))) { say(form, words.alone); return false; }
      if (items.length >= Number(words.limit)) { say(form, words.full); return false; }
      list.insertBefore(itemOf(file), swapped);
      return true;
    });
    if (swapped && added.length) { forget(form, swapped); }
    form.swapped = null;
    tidy(form);
  }

  // What the server has of it is thrown away too; when that fails it goes by itself after a day.
  function forget(form, item) {
    item.remove();
    if (form.swapped === item) { form.swapped = null; }
    if (!item.dataset.token) { return; }
    var headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value, "Tus-Resumable": "1.0.0" };
    window.fetch(form.dataset.endpoint + item.dataset.token + "/", { method: "DELETE", headers: headers }).catch(function () {});
  }

  function move(form, item, button) {
    var up = "up" in button.dataset;
    if (up) { item.previousElementSibling.before(item); } else { item.nextElementSibling.after(item); }
    tidy(form);
    (button.disabled ? item.querySelector(up ? "[data-down]" : "[data-up]") : button).focus();
    say(form, words.moved.replace("%n", listed(form).indexOf(item) + 1));
  }

  function drop(form, item) {
    var next = item.nextElementSibling || item.previousElementSibling;
    forget(form, item);
    tidy(form);
    (next ? next.querySelector("[data-drop]") : picker(form)).focus();
    say(form, words.dropped.replace("%s", nameOf(item)));
  }

  document.addEventListener("click", function (event) {
    if (event.isTrusted && event.target.matches("form[data-photos] input[type=file]")) { event.target.form.swapped = null; }
    var button = event.target.closest("[data-photo] button");
    if (!button) { return; }
    var form = button.form;
    var item = button.closest("[data-photo]");
    if ("drop" in button.dataset) { drop(form, item); return; }
    if ("swap" in button.dataset) { form.swapped = item; picker(form).click(); return; }
    move(form, item, button);
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("form[data-photos] input[type=file]")) { add(event.target.form, Array.from(event.target.files)); }
  });

  // All is sent: the answer is either the way back to the page or this page with what is wrong.
  document.addEventListener("sent", function (event) {
    var form = event.target;
    if (!("photos" in form.dataset)) { return; }
    event.preventDefault();
    window.fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).then(function (answer) {
      if (answer.type === "opaqueredirect") { leave(form); return null; }
      return answer.text().then(function (html) { if (!show(form, html)) { event.detail.stop("refused"); } });
    }).catch(function () { event.detail.stop("broken"); });
  });

  function leave(form) {
    var back = new URL(form.dataset.back, window.location.href);
    var isHere = back.pathname + back.search === window.location.pathname + window.location.search;
    window.location.assign(back);
    if (isHere) { window.location.reload(); }
  }

  // Only this line of the page is replaced; the pictures drawn before stay with their photos.
  function show(form, html) {
    var old = form.closest("details, [data-part]");
    var fresh = new DOMParser().parseFromString(html, "text/html").getElementById(old.id);
    if (!fresh) { return false; }
    listed(fresh).forEach(function (item) {
      var before = listed(form).find(function (one) { return one.dataset.token === item.dataset.token; });
      if (!before) { return; }
      item.file = before.file;
      item.querySelector("canvas").replaceWith(before.querySelector("canvas"));
    });
    old.replaceWith(document.adoptNode(fresh));
    start(fresh);
    var first = fresh.querySelector("[data-focus]") || fresh.querySelector(".has-error input");
    if (first) {
      first.focus({ preventScroll: true });
      (first.closest(".field") || first).scrollIntoView({ block: "center" });
    }
    return true;
  }

  start(document);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { start(document); } });
})();
