// Comforts only: every page works without this file.
(function () {
  "use strict";
  var root = document.documentElement;

  // A person who follows the device gets its theme, also when it changes at dusk.
  if (root.dataset.theme === "auto" && window.matchMedia) {
    var dark = window.matchMedia("(prefers-color-scheme: dark)");
    var follow = function () { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
    follow();
    dark.addEventListener("change", follow);
  }

  // Menus are native <details>: close them on Escape, giving the focus back, and on a click outside.
  function close(menu, giveFocus) {
    menu.open = false;
    if (giveFocus) { menu.querySelector("summary").focus(); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.drop[open], details.menu[open]").forEach(function (menu) { close(menu, true); });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.drop[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { close(menu, false); }
    });
  });

  // A toast goes after ten seconds, waits while it is hovered or focused, and can be closed.
  function arm(toast) {
    var timer;
    var stop = function () { window.clearTimeout(timer); };
    var start = function () { stop(); timer = window.setTimeout(function () { toast.remove(); }, 10000); };
    var button = toast.querySelector("[data-close]");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", function () { toast.remove(); });
    }
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("mouseleave", start);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("focusout", start);
    start();
  }

  // A form that must go once: its buttons rest after the first click, when what was clicked is already on its way.
  function rest(form, isResting) {
    form.querySelectorAll("button:not([type=button])").forEach(function (button) { button.disabled = isResting; });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("[data-once]") && !event.defaultPrevented) { window.setTimeout(function () { rest(form, true); }, 0); }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { document.querySelectorAll("form[data-once]").forEach(function (form) { rest(form, false); }); }
  });

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-toasts] [data-toast]").forEach(arm);
    // A table wider than its card scrolls inside it: without a link in it, the keyboard needs the card itself.
    document.querySelectorAll(".card > table").forEach(function (table) {
      var card = table.parentElement;
      if (card.scrollWidth > card.clientWidth + 1 && !card.querySelector("a, button, input, select")) { card.tabIndex = 0; }
    });
    // A table of people to tick: all of the page at once, and how many are ticked.
    var all = document.querySelector("[data-check-all]");
    var said = Array.prototype.slice.call(document.querySelectorAll("[data-picked]"));
    if (all || said.length) {
      var boxes = (all ? all.closest("table") : document).querySelectorAll("tbody input.tick");
      var head = all ? all.querySelector("input") : {};
      var idle = said.map(function (place) { return place.dataset.none || place.textContent; });
      var tell = function () {
        var n = Array.prototype.filter.call(boxes, function (box) { return box.checked; }).length;
        head.checked = n === boxes.length;
        head.indeterminate = n > 0 && n < boxes.length;
        said.forEach(function (place, at) { place.textContent = n ? place.dataset.one.replace("%n", n) : idle[at]; });
      };
      if (all) {
        all.hidden = false;
        head.addEventListener("change", function () {
          boxes.forEach(function (box) { box.checked = head.checked; });
          tell();
        });
      }
      boxes.forEach(function (box) { box.addEventListener("change", tell); });
      tell();
    }
    // Tabs wider than a phone scroll sideways: begin with the present one in sight.
    var tab = document.querySelector(".nav-tabs [aria-current]");
    if (tab) {
      var row = tab.closest(".nav-tabs");
      row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    }
    // A refused form begins at its summary.
    var summary = document.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  });
})();
