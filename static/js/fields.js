// Fields that save themselves: form[data-fields=address][data-user], each field with a hidden "lihat.<name>" that says what this tab saw.
// What is typed is kept in this device until the server has it. Without this file the form saves with its button.
(function () {
  "use strict";
  var form = document.querySelector("form[data-fields]");
  if (!form) { return; }
  var WAIT = 1500, RETRY = 10000, words = form.dataset, prefix = "isian:" + words.user + ":";
  var state = document.querySelector("[data-state]"), model = document.getElementById("t-bentrok");
  // `known` is the text this tab last had from the server: leaving a field unchanged sends nothing.
  var pending = {}, known = {}, timers = {}, busy = false, retry, fresh, leaving = false;

  function inputs(key) { return Array.prototype.slice.call(form.querySelectorAll("[name='" + key + "']")); }
  function seenOf(key) { return form.elements["lihat." + key]; }
  function textOf(key) {
    var all = inputs(key), ticked = all.filter(function (one) { return one.checked; }).map(function (one) { return one.value; });
    return all.length && /^(checkbox|radio)$/.test(all[0].type) ? ticked.join(",") : all.length ? all[0].value : "";
  }
  function show(key, text) {
    inputs(key).forEach(function (one) {
      if (/^(checkbox|radio)$/.test(one.type)) { one.checked = text.split(",").indexOf(one.value) >= 0; } else { one.value = text; }
    });
  }
  function keep(key) { try { window.localStorage.setItem(prefix + key, JSON.stringify(pending[key])); } catch (full) { /* kept in the page only */ } }
  function stored(key) { try { return JSON.parse(window.localStorage.getItem(prefix + key)); } catch (broken) { return null; } }
  function settle(key) {
    var mine = pending[key], other = stored(key);
    delete pending[key];
    // Another tab may have typed more into the same field; that is still to be sent.
    if (!other || other.value === mine.value) { try { window.localStorage.removeItem(prefix + key); } catch (none) { /* nothing to forget */ } }
  }
  function list(test) { return Object.keys(pending).filter(function (key) { return test(pending[key]); }); }
  function open() { return list(function (entry) { return !entry.conflict && !entry.refused; }); }

  function say(text, kind, icon) {
    if (!state) { return; }
    state.className = "flow fw-semibold " + kind;
    state.querySelectorAll("[data-icon]").forEach(function (one) { one.classList.toggle("d-none", one.dataset.icon !== icon); });
    if (state.lastElementChild.textContent !== text) { state.lastElementChild.textContent = text; }
  }
  function count(text, n) { return text.replace("%n", n); }
  function tell(at) {
    var asked = list(function (entry) { return entry.conflict; }), wrong = list(function (entry) { return entry.refused; }), n = open().length;
    if (asked.length) { say(count(words.conflict, asked.length), "is-warn", "warn"); }
    else if (wrong.length) { say(count(words.refused, wrong.length), "is-bad", "warn"); }
    else if (n && retry) { say(count(words.offline, n), "is-warn", "off"); }
    else if (n) { say(words.saving, "muted", "wait"); }
    else if (at) { say(words.saved.replace("%t", at), "is-ok", "ok"); }
  }

  function place(key) { var first = inputs(key)[0]; return first && (first.closest("[data-box]") || first.closest("td") || first.parentElement); }
  function note(key, text) {
    var box = place(key), line = box && box.querySelector("[data-note]");
    if (!box) { return; }
    if (line) { line.remove(); }
    box.classList.toggle("has-error", Boolean(text));
    if (!text) { return; }
    line = document.createElement("p");
    line.dataset.note = "";
    line.className = "mb-1 fw-semibold is-bad";
    line.textContent = text;
    box.insertBefore(line, inputs(key)[0].closest(".form-control,.form-select") || null);
  }
  function ask(key, answer) {
    var box = place(key), card, entry = pending[key];
    entry.conflict = answer;
    keep(key);
    if (!box) {
      var link = document.querySelector("[data-elsewhere]");
      if (link && answer.url) { link.href = answer.url; link.hidden = false; }
      return;
    }
    if (box.querySelector("[data-conflict]")) { box.querySelector("[data-conflict]").remove(); }
    card = model.content.firstElementChild.cloneNode(true);
    var labels = function (text) { var all = inputs(key), option = all[0].options && Array.prototype.find.call(all[0].options, function (o) { return o.value === text; }); return option ? option.text : text || "-"; };
    card.querySelector("[data-stored]").textContent = labels(answer.stored);
    card.querySelector("[data-typed]").textContent = labels(entry.value);
    card.querySelector("[data-mine]").addEventListener("click", function () {
      card.remove();
      entry.seen = answer.seen;
      delete entry.conflict;
      keep(key);
      pump();
    });
    card.querySelector("[data-theirs]").addEventListener("click", function () {
      card.remove();
      post({ kunci: key, isi: entry.value, lepas: "1" }).catch(function () { /* the trail misses the dropped words; the stored ones stand */ });
      show(key, answer.stored);
      if (seenOf(key)) { seenOf(key).value = answer.seen; }
      known[key] = answer.stored;
      settle(key);
      inputs(key)[0].focus();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      tell(words.now);
    });
    box.appendChild(card);
  }

  function post(data, more) {
    data.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    return fetch(words.fields, Object.assign({ method: "POST", body: new URLSearchParams(data), credentials: "same-origin" }, more));
  }
  function pump() {
    var key = open().filter(function (one) { return !timers[one]; })[0];
    if (busy || !key) { tell(); return Promise.resolve(); }
    var entry = pending[key];
    // After a broken line nobody knows whether the last text arrived: it goes again first, then what was typed since.
    if (entry.sent === undefined) { entry.sent = entry.value; keep(key); }
    busy = true;
    tell();
    return post({ kunci: key, isi: entry.sent, lihat: entry.seen }).then(function (answer) {
      if (answer.redirected || (!answer.ok && answer.status !== 409 && answer.status !== 422)) { throw answer; }
      return answer.json().then(function (said) { hear(key, entry, answer.status, said); });
    }).then(function () {
      window.clearTimeout(retry);
      retry = null;
      busy = false;
      return pump();
    }, function (failed) {
      busy = false;
      if (failed && failed.redirected) { document.dispatchEvent(new Event("signedout")); }
      window.clearTimeout(retry);
      retry = window.setTimeout(function () { pump(); }, RETRY);
      tell();
    });
  }
  function hear(key, entry, status, said) {
    var sent = entry.sent;
    delete entry.sent;
    if (status === 409) { ask(key, said); return; }
    if (status === 422) { entry.refused = true; keep(key); note(key, said.message); return; }
    entry.seen = said.seen;
    known[key] = sent;
    words.now = said.at;
    if (seenOf(key)) { seenOf(key).value = said.seen; }
    if (said.choice && seenOf("rancangan.chosen_issue")) { seenOf("rancangan.chosen_issue").value = said.choice.seen; }
    note(key, "");
    if (entry.value === sent) { settle(key); tell(said.at); freshen(); } else { keep(key); }
  }
  // What follows from the fields is brought up to date a moment after everything is saved: the parts of the page with data-fresh.
  function learn() { form.querySelectorAll("input[name^='lihat.']").forEach(function (one) { var key = one.name.slice(6); known[key] = textOf(key); }); }
  function freshen() {
    window.clearTimeout(fresh);
    if (list(Boolean).length) { return; }
    fresh = window.setTimeout(function () {
      fetch(window.location.pathname, { credentials: "same-origin" }).then(function (answer) {
        if (answer.redirected || !answer.ok) { throw answer; }
        return answer.text();
      }).then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html");
        if (list(Boolean).length) { return; }
        document.querySelectorAll("[data-fresh]").forEach(function (one) {
          var now = page.querySelector("[data-fresh='" + one.dataset.fresh + "']");
          if (now && !one.contains(document.activeElement)) { one.replaceChildren.apply(one, Array.from(now.childNodes)); }
        });
        learn();
        form.dispatchEvent(new Event("restored", { bubbles: true }));
      }).catch(function () { /* the words stay as old as the page */ });
    }, 500);
  }

  function typed(event) {
    var key = event.target.name;
    if (!key || !seenOf(key) || (!pending[key] && known[key] === textOf(key))) { return; }
    var entry = pending[key] = pending[key] || { seen: seenOf(key).value };
    entry.value = textOf(key);
    delete entry.refused;
    keep(key);
    window.clearTimeout(timers[key]);
    timers[key] = window.setTimeout(function () { delete timers[key]; pump(); }, event.type === "change" ? 0 : WAIT);
    tell();
    left(event.target);
  }
  function left(field) {
    var help = field.dataset.limit && document.getElementById("n-" + field.name);
    if (help) { help.textContent = field.value.length > field.dataset.limit * 0.7 ? words.count.replace("%n", field.value.length).replace("%m", field.dataset.limit) : ""; }
  }
  function flush() { Object.keys(timers).forEach(function (key) { window.clearTimeout(timers[key]); delete timers[key]; }); }

  // The page goes with everything saved, or it stays and says why.
  form.addEventListener("submit", function (event) {
    if (leaving || !open().length) { return; }
    var button = event.submitter;
    event.preventDefault();
    flush();
    (function wait(tries) {
      if (!busy) { pump(); }
      if (open().length && !retry && tries) { window.setTimeout(function () { wait(tries - 1); }, 50); return; }
      if (open().length) { tell(); state.scrollIntoView({ block: "center" }); return; }
      leaving = true;
      form.requestSubmit(button);
    })(400);
  });
  window.addEventListener("pagehide", function () {
    if (leaving) { return; }
    open().forEach(function (key) {
      var entry = pending[key];
      if (!busy && entry.sent === undefined) { post({ kunci: key, isi: entry.value, lihat: entry.seen }, { keepalive: true }).catch(function () {}); entry.sent = entry.value; keep(key); }
    });
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { window.location.reload(); } });
  window.addEventListener("online", function () { window.clearTimeout(retry); retry = null; flush(); pump(); });
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);

  learn();

  // What this person typed here and the server does not have yet, from this page or another one.
  try {
    Object.keys(window.localStorage).forEach(function (name) {
      if (name.indexOf(prefix) !== 0) { return; }
      var key = name.slice(prefix.length), entry = stored(key);
      if (!entry) { return; }
      pending[key] = entry;
      if (inputs(key).length) { show(key, entry.value); }
      if (entry.conflict) { delete entry.conflict; }
      delete entry.refused;
    });
  } catch (none) { /* a browser without storage saves as one types, and no more */ }
  if (open().length) { form.dispatchEvent(new Event("restored", { bubbles: true })); pump(); }
})();
