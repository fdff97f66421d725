/* Optional: as you type, the map and its table keep only the exposures that hold the words. Everything works without it. */
(function () {
  "use strict";
  var box = document.getElementById("cg-filter");
  if (!box) { return; }
  var rows = document.querySelectorAll(".cg-map .p-row, #cg-map-table tbody tr");
  box.addEventListener("input", function () {
    var words = box.value.trim().toLowerCase();
    rows.forEach(function (row) {
      var out = words && row.getAttribute("data-name").indexOf(words) < 0;
      if (row.tagName.toLowerCase() === "tr") { row.hidden = out; } else { row.classList.toggle("p-faded", Boolean(out)); }
    });
  });
})();
