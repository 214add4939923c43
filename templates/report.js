"use strict";
/* Tables sort by a click on a heading, filter by words, and show their first rows until all are asked for. */
(() => {
  const FIRST = 25; // rows of a long table at first
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
      table.dispatchEvent(new Event("sorted"));
    }));
  }
  for (const input of document.querySelectorAll("input[data-filters]")) {
    const table = document.getElementById(input.dataset.filters);
    const status = document.getElementById(`${input.dataset.filters}-status`);
    const all = document.querySelector(`[data-all="${input.dataset.filters}"]`);
    let few = table.tBodies[0].rows.length > 1.5 * FIRST;
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLowerCase();
        const passes = words.every((word) => text.includes(word));
        left += passes ? 1 : 0;
        row.hidden = !passes || (few && left > FIRST);
      }
      status.textContent = words.length ? `${left} of ${table.tBodies[0].rows.length}` : "";
      all.hidden = !few || left <= FIRST;
    };
    all.addEventListener("click", () => {
      few = false;
      show();
    });
    input.addEventListener("input", show);
    table.addEventListener("sorted", show);
    show();
  }
})();
