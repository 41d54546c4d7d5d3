// The admin's chooser draws a text box without a name; it is named by its field and by what is chosen in it.
(function () {
  "use strict";

  function name(box) {
    var select = box.closest(".select2").previousElementSibling;
    var label = select.getAttribute("aria-label") || (select.labels && select.labels[0] ? select.labels[0].textContent : "");
    box.setAttribute("aria-label", (label.trim().replace(/:$/, "") + " " + box.textContent).trim());
  }

  function nameAll() {
    document.querySelectorAll(".select2-selection__rendered").forEach(name);
  }

  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  nameAll();
})();
