// Fills what a NIP says as soon as its 18 digits are there. The server reads it again and has the last word.
(function () {
  "use strict";
  function read(text) {
    var d = text.replace(/[\s.\-]/g, "");
    if (!/^\d{18}$/.test(d)) { return null; }
    var month = +d.slice(4, 6), day = +d.slice(6, 8), date = new Date(+d.slice(0, 4), month - 1, day);
    if (date.getMonth() !== month - 1 || date.getDate() !== day) { return null; }
    if (d[14] !== "1" && d[14] !== "2") { return null; }
    return { birth: d.slice(6, 8) + "-" + d.slice(4, 6) + "-" + d.slice(0, 4), sex: d[14] === "1" ? "L" : "P" };
  }
  function fill(form, facts) {
    var birth = form.elements.birth_date;
    if (birth && (!birth.value || birth.dataset.filled === birth.value)) {
      birth.value = facts.birth;
      birth.dataset.filled = facts.birth;
    }
    var chosen = form.querySelector("input[name=sex]:checked");
    if (!chosen || chosen.dataset.filled) {
      form.querySelectorAll("input[name=sex]").forEach(function (radio) {
        radio.checked = radio.value === facts.sex;
        if (radio.checked) { radio.dataset.filled = "1"; } else { delete radio.dataset.filled; }
      });
    }
  }
  // A page that comes filled in: what its NIP says counts as filled from it, and follows a correction.
  function mark(form, facts) {
    var birth = form.elements.birth_date, chosen = form.querySelector("input[name=sex]:checked");
    if (birth && birth.value === facts.birth) { birth.dataset.filled = facts.birth; }
    if (chosen && chosen.value === facts.sex) { chosen.dataset.filled = "1"; }
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("input[data-nip]").forEach(function (input) {
      var form = input.form, stands = read(input.value);
      if (stands) { mark(form, stands); }
      input.addEventListener("input", function () {
        var facts = read(input.value);
        if (facts) { fill(form, facts); }
      });
      form.querySelectorAll("input[name=sex]").forEach(function (radio) {
        radio.addEventListener("change", function () { delete radio.dataset.filled; });
      });
    });
  });
})();
