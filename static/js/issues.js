// Live totals and ranking of the issues: table[data-usg], its words in data attributes. The server counts the same on every save.
(function () {
  "use strict";
  var table = document.querySelector("table[data-usg]");
  if (!table) { return; }
  var rows = Array.prototype.slice.call(table.querySelectorAll("tbody tr[data-issue]")), words = table.dataset;
  function count() {
    var found = rows.map(function (row) {
      var apkl = Array.prototype.slice.call(row.querySelectorAll("select[data-apkl]")), usg = Array.prototype.slice.call(row.querySelectorAll("select[data-mark]"));
      var no = apkl.filter(function (one) { return one.value === "0"; }).map(function (one) { return one.getAttribute("aria-label").split(",")[0]; });
      var isIn = apkl.every(function (one) { return one.value === "1"; }), total = usg.every(function (one) { return one.value; }) && isIn
        ? usg.reduce(function (sum, one) { return sum + Number(one.value); }, 0) : null;
      usg.forEach(function (one) { one.disabled = no.length > 0; });
      return { row: row, no: no, total: total, isIn: isIn };
    });
    var totals = found.map(function (one) { return one.total; }).filter(function (n) { return n !== null; }).sort(function (a, b) { return b - a; });
    found.forEach(function (one) {
      var rank = one.total === null ? 0 : totals.indexOf(one.total) + 1, tied = totals.filter(function (n) { return n === one.total; }).length > 1;
      one.row.querySelector("[data-total]").textContent = one.total === null ? (one.no.length ? words.unranked : "-") : one.total;
      one.row.querySelector("[data-rank]").textContent = one.no.length ? words.failed.replace("%s", one.no.join(", "))
        : rank === 1 && tied ? words.tied : rank === 1 ? words.top : rank ? words.rank.replace("%n", rank) : words.open;
      one.row.classList.toggle("picked", rank === 1);
    });
    var top = found.filter(function (one) { return one.total !== null && one.total === totals[0]; });
    var stale = document.querySelector("[data-choice-stale]"), known = document.querySelector("[data-choices]").dataset.choices.split(" ").filter(Boolean);
    if (stale) { stale.hidden = top.map(function (one) { return one.row.dataset.issue; }).join(" ") === known.join(" "); }
  }
  document.addEventListener("change", count);
  document.addEventListener("restored", count);
  count();
})();
