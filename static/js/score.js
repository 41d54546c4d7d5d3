// The scoring form of a seminar: live share and total, and scores that survive a lost line, a reload and a closed tab.
// form[data-score=key][data-keep=address]. What the server does not have yet lies in localStorage under "nilai:" + key as
// {at, fields: {name: {value, seen}}}; `seen` is the version of the field that was looked at. It goes once the server says it has it.
(function () {
  "use strict";
  var WAIT = 700, AGAIN = 8000, PREFIX = "nilai:";

  function read(key) {
    try { return JSON.parse(window.localStorage.getItem(PREFIX + key)) || { fields: {} }; } catch (error) { return { fields: {} }; }
  }
  function write(key, kept) {
    try {
      if (Object.keys(kept.fields).length) { window.localStorage.setItem(PREFIX + key, JSON.stringify(kept)); }
      else { window.localStorage.removeItem(PREFIX + key); }
    } catch (error) { /* a browser without storage keeps nothing; the form still works */ }
  }
  function parse(text) {
    text = text.replace(/\s/g, "");
    if (!text) { return null; }
    if (!/^\d{1,4}([.,]\d{1,4})?$/.test(text)) { return NaN; }
    var value = parseFloat(text.replace(",", "."));
    return value > 100 ? Infinity : value;
  }
  function show(value) { return value.toFixed(2).replace(".", ","); }
  function clock() {
    var now = new Date();
    return String(now.getHours()).padStart(2, "0") + "." + String(now.getMinutes()).padStart(2, "0");
  }

  function count(form) {
    var total = 0, left = [];
    form.querySelectorAll("[data-component]").forEach(function (card) {
      var input = card.querySelector(".score"), value = parse(input.value), weight = parseFloat(input.dataset.weight);
      var wrong = card.querySelector("[data-wrong]"), state = form.querySelector("[data-state]");
      var bad = value !== null && !isFinite(value);
      wrong.hidden = !bad;
      wrong.textContent = !bad ? "" : isNaN(value) ? state.dataset.notNumber : state.dataset.high;
      input.classList.toggle("is-off", bad);
      // as the server counts: each share rounded to hundredths, then added up
      var part = value === null || bad ? null : Math.round(value * weight + 1e-9) / 100;
      card.querySelector("[data-share]").textContent = part === null ? "-" : show(part);
      if (part === null) { left.push(card.querySelector("h2").textContent); } else { total += part; }
      card.querySelectorAll("[data-low]").forEach(function (radio) {
        if (value !== null && !bad) { radio.checked = value >= parseFloat(radio.dataset.low) && value < parseFloat(radio.dataset.high) + 1; }
      });
    });
    form.querySelector("[data-total]").textContent = show(total);
    return left;
  }

  function watch(form) {
    var key = form.dataset.score, kept = read(key), state = form.querySelector("[data-state]"), timer, busy = false, stale = {}, leaving;
    var lost = form.querySelector("[data-lost]"), old = form.querySelector("[data-stale]");
    function field(name) { return form.elements[name === "note" ? "note" : "s-" + name]; }
    function version(name) { return form.elements["v-" + name]; }
    function names() { return Array.prototype.map.call(form.querySelectorAll("[name^='v-']"), function (one) { return one.name.slice(2); }); }
    function say(text) { state.textContent = text; }
    function summary() {
      var left = count(form);
      say(left.length ? state.dataset.left.replace("{names}", left.join(", ")) : state.dataset.full);
    }
    function tellLost() {
      var n = Object.keys(kept.fields).length;
      lost.hidden = !n;
      var text = lost.querySelector("[data-lost-text]");
      text.textContent = text.dataset.lostText.replace("{n}", n).replace("{at}", kept.at || clock());
    }
    function keep(name) {
      var before = kept.fields[name];
      kept.fields[name] = { value: field(name).value, seen: before ? before.seen : version(name).value };
      kept.at = clock();
      write(key, kept);
    }
    function push() {
      window.clearTimeout(timer);
      var waiting = Object.keys(kept.fields).filter(function (name) { return !stale[name]; });
      if (!form.dataset.keep || busy || !waiting.length) { return; }
      var body = new FormData(), sent = {};
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      waiting.forEach(function (name) {
        sent[name] = kept.fields[name].value;
        body.append(name === "note" ? "note" : "s-" + name, sent[name]);
        body.append("v-" + name, kept.fields[name].seen);
      });
      busy = true;
      say(state.dataset.sending);
      fetch(form.dataset.keep, { method: "POST", body: body, credentials: "same-origin", headers: { "X-Autosave": "1" } })
        .then(function (answer) {
          if (answer.redirected || (answer.status !== 409 && !answer.ok)) { throw new Error(String(answer.status)); }
          return answer.json();
        })
        .then(function (told) {
          if (told.refused) { say(told.refused); return; }
          Object.keys(told.versions).forEach(function (name) {
            version(name).value = told.versions[name];
            if (!kept.fields[name]) { return; }
            if (kept.fields[name].value === sent[name]) { delete kept.fields[name]; } else { kept.fields[name].seen = told.versions[name]; }
          });
          Object.keys(told.clashes).forEach(function (name) { stale[name] = told.clashes[name]; });
          write(key, kept);
          lost.hidden = true;
          summary();
          if (!Object.keys(kept.fields).length) { say(state.dataset.saved.replace("{at}", told.at) + ". " + state.textContent); }
          tellStale();
        })
        .catch(function () { tellLost(); summary(); timer = window.setTimeout(push, AGAIN); })
        .then(function () {
          busy = false;
          var button = leaving;
          leaving = null;
          if (button && lost.hidden && !Object.keys(stale).length) { form.requestSubmit(button); return; }
          if (lost.hidden && Object.keys(kept.fields).some(function (name) { return !stale[name] && kept.fields[name].value !== sent[name]; })) { push(); }
        });
    }
    function tellStale() {
      var found = Object.keys(stale).filter(function (name) { return kept.fields[name]; });
      old.hidden = !found.length;
      old.querySelector("[data-stale-text]").textContent = found.map(function (name) {
        var box = field(name), label = form.querySelector("label[for='" + box.id + "']").textContent.replace(/,.*/, "").trim();
        return label + ": " + kept.fields[name].value + " / " + (stale[name].value || "–");
      }).join("; ");
    }
    function restore() {
      names().forEach(function (name) {
        var mine = kept.fields[name], box = field(name);
        if (!mine || !box) { return; }
        if (mine.value === box.value) { delete kept.fields[name]; return; }
        if (mine.seen === version(name).value) { box.value = mine.value; return; }
        stale[name] = { value: box.value, version: version(name).value };  // somebody saved since: nothing is overwritten unasked
      });
      if ("unsaved" in form.dataset) { names().forEach(function (name) { if (field(name) && field(name).value) { keep(name); } }); }
      write(key, kept);
    }

    restore();
    summary();
    tellStale();
    if (Object.keys(kept.fields).length) { push(); }
    form.addEventListener("input", function (event) {
      var name = event.target.name || "";
      if (name.indexOf("b-") === 0) { field(name.slice(2)).focus(); return; }
      if (name === "note" || name.indexOf("s-") === 0) {
        name = name.replace("s-", "");
        if (form.dataset.keep) { keep(name); }
        summary();
        window.clearTimeout(timer);
        timer = window.setTimeout(push, WAIT);
      }
    });
    old.querySelector("[data-use]").addEventListener("click", function () {
      Object.keys(stale).forEach(function (name) {
        field(name).value = kept.fields[name].value;
        kept.fields[name].seen = String(stale[name].version);
        version(name).value = stale[name].version;
      });
      stale = {}; write(key, kept); tellStale(); summary(); push();
    });
    old.querySelector("[data-drop]").addEventListener("click", function () {
      Object.keys(stale).forEach(function (name) {
        field(name).value = stale[name].value || "";
        version(name).value = stale[name].version;
        delete kept.fields[name];
      });
      stale = {}; write(key, kept); tellStale(); summary();
    });
    form.addEventListener("submit", function (event) {
      if (navigator.onLine === false) { event.preventDefault(); say(state.dataset.offline); tellLost(); return; }
      window.clearTimeout(timer);
      if (busy) { event.preventDefault(); leaving = event.submitter; return; }  // what is on its way arrives first
      busy = true;
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { busy = false; } });
    window.addEventListener("online", push);
    window.addEventListener("offline", tellLost);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) { push(); } });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-score]").forEach(watch);
    document.querySelectorAll("[data-score-done]").forEach(function (one) { write(one.dataset.scoreDone, { fields: {} }); });
    document.querySelectorAll("[data-turn]").forEach(function (one) {
      for (var n = 0; n < window.localStorage.length; n += 1) {
        var name = window.localStorage.key(n);
        if (name && name.indexOf(PREFIX + one.dataset.turn) === 0) {
          one.textContent = one.dataset.here.replace("{n}", Object.keys(read(name.slice(PREFIX.length)).fields).length);
          one.className = "is-warn";
        }
      }
    });
  });
})();
