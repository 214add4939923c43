"use strict";
/* Tables sort by a click on a heading, and filter by words. */
(() => {
  const collator = new Intl.Collator("en", { numeric: true });
  const value = (row, place) => {
    const cell = row.cells[place];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  for (const table of document.querySelectorAll("table.data")) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    heads.forEach((head, place) => head.querySelector("button").addEventListener("click", () => {
      const numbers = head.classList.contains("right");
      const was = head.getAttribute("aria-sort");
      const down = was === "none" ? numbers : was === "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row, position) => ({ row, position, value: value(row, place) }));
      rows.sort((a, b) => (down ? -1 : 1) * compare(a.value, b.value) || a.position - b.position);
      body.append(...rows.map((each) => each.row));
    }));
  }
  for (const input of document.querySelectorAll("input[data-filters]")) {
    const table = document.getElementById(input.dataset.filters);
    const status = document.getElementById(`${input.dataset.filters}-status`);
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        left += row.hidden ? 0 : 1;
      }
      status.textContent = words.length ? `${left} of ${table.tBodies[0].rows.length}` : "";
    };
    input.addEventListener("input", filter);
  }
})();
