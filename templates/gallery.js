"use strict";
/* The gallery: what is found, its order, the page that is seen, what is picked. Pictures are unpacked when they are seen. */
(() => {
  const at = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const data = JSON.parse(at("data").textContent);
  const { smiles, name: names, shown } = data.columns;
  const count = smiles.length;
  const textOf = (column, i) => column.list ? column.list[column.places[i]] : column.values[i] ?? "";
  const isNumber = (column) => column.kind === "number";
  const soon = (work) => {
    let waiting = 0;
    return () => {
      clearTimeout(waiting);
      waiting = setTimeout(work, 120);
    };
  };
  const figures = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
  const shownValue = (column, i) => isNumber(column) ? (column.values[i] === null ? "" : figures.format(column.values[i])) : textOf(column, i);
  const column = (name) => shown.find((each) => each.name === name);
  const origin = column("origin"), label = column("label");

  const SHORT = { mol_weight: "MW", logp: "logP", tpsa: "TPSA" };

  const picked = new Set();
  const state = { words: [], sort: "", down: false, page: 0, size: 48, only: false, values: new Map(), windows: new Map() };
  let found = Array.from({ length: count }, (_, i) => i);
  let texts = null;

  /* Pictures: some at a time, compressed; those that were seen last stay unpacked. */
  const packed = document.getElementsByClassName("chunk");
  const unpacked = new Map();
  const KEPT = 80;
  const unpack = async (number) => {
    const bytes = Uint8Array.from(atob(packed[number].textContent), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  };
  const pictures = (number) => {
    const known = unpacked.get(number) ?? unpack(number);
    unpacked.delete(number);
    unpacked.set(number, known);
    if (unpacked.size > KEPT) unpacked.delete(unpacked.keys().next().value);
    return known;
  };
  const draw = async (place, i) => {
    place.dataset.drawn = i;
    let picture = "", why = data.failures[i];
    try {
      if (why === undefined) picture = (await pictures(Math.floor(i / data.chunk)))[i % data.chunk];
    } catch (error) {
      why = "this browser is too old to unpack pictures";
    }
    if (place.dataset.drawn !== String(i)) return;
    place.classList.toggle("undrawn", !picture);
    if (picture) place.innerHTML = picture; // compact SVG that halodb wrote: lines, areas, labels
    else place.textContent = `Not drawn: ${why}`;
    place.firstElementChild?.setAttribute("aria-hidden", "true");
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      seen.unobserve(entry.target);
      draw(entry.target, Number(entry.target.closest("li").dataset.i));
    }
  }, { rootMargin: "300px" });

  /* What is found, in which order. */
  const search = () => {
    if (state.words.length && texts === null) {
      const told = shown.filter((each) => !isNumber(each));
      texts = Array.from({ length: count }, (_, i) => [names[i], smiles[i], ...told.map((each) => textOf(each, i))].join("\n").toLowerCase());
    }
    const values = [...state.values].filter(([, chosen]) => chosen.size);
    const windows = [...state.windows];
    const passes = (i) =>
      (!state.only || picked.has(i)) &&
      state.words.every((word) => texts[i].includes(word)) &&
      values.every(([each, chosen]) => chosen.has(each.places[i])) &&
      windows.every(([each, [low, high]]) => {
        const value = each.values[i];
        return value !== null && (low === null || value >= low) && (high === null || value <= high);
      });
    found = [];
    for (let i = 0; i < count; i += 1) if (passes(i)) found.push(i);
    if (state.sort !== "") order();
    else if (state.down) found.reverse();
    state.page = 0;
    show();
  };
  const collator = new Intl.Collator("en", { numeric: true });
  const order = () => {
    const sign = state.down ? -1 : 1;
    const by = state.sort === "name" ? null : shown[Number(state.sort)];
    if (by && isNumber(by)) {
      const value = by.values;
      found.sort((a, b) => (value[a] === null) - (value[b] === null) || sign * (value[a] - value[b]) || a - b);
    } else if (by && by.list) {
      const rank = by.list.map((text, place) => place).sort((a, b) => collator.compare(by.list[a], by.list[b]));
      const place = [];
      rank.forEach((each, position) => { place[each] = position; });
      found.sort((a, b) => sign * (place[by.places[a]] - place[by.places[b]]) || a - b);
    } else {
      const text = by ? by.values : names;
      found.sort((a, b) => sign * collator.compare(text[a], text[b]) || a - b);
    }
  };

  /* The page that is seen. */
  const pages = () => Math.max(1, Math.ceil(found.length / state.size));
  const titleOf = (i) => (origin && textOf(origin, i)) || names[i];
  const card = (i) => {
    const box = make("input", { type: "checkbox", checked: picked.has(i) });
    box.setAttribute("aria-label", `Pick ${names[i]}`);
    const picture = make("button", { type: "button", className: "mol" });
    picture.setAttribute("aria-label", `${titleOf(i)}${label ? `, ${textOf(label, i)}` : ""}: details`);
    const title = titleOf(i);
    const text = make("div", { className: "text" }, make("h3", { textContent: title, title }));
    if (title !== names[i]) text.append(make("p", { className: "id", textContent: names[i] }));
    if (label && textOf(label, i)) text.append(make("span", { className: "chip", textContent: textOf(label, i) }));
    const facts = shown.filter((each) => isNumber(each) && each.name in SHORT);
    const sorted = /^\d+$/.test(state.sort) ? shown[Number(state.sort)] : null;
    if (sorted && sorted !== label && sorted !== origin && !facts.includes(sorted)) facts.unshift(sorted);
    text.append(make("p", { className: "facts number" }, ...facts.map((each) => make("span", { textContent: `${SHORT[each.name] ?? each.name} ${shownValue(each, i)}` }))));
    const made = make("li", { className: "card" }, picture, make("label", { className: "pick" }, box), text);
    made.dataset.i = i;
    made.classList.toggle("picked", picked.has(i));
    box.addEventListener("change", () => pick(i, box.checked));
    picture.addEventListener("click", () => open(i));
    return made;
  };
  const show = () => {
    state.page = Math.min(Math.max(0, state.page), pages() - 1);
    const start = state.page * state.size, here = found.slice(start, start + state.size);
    seen.disconnect();
    const cards = here.map(card);
    at("cards").replaceChildren(...cards);
    for (const each of cards) seen.observe(each.querySelector(".mol"));
    at("nothing").hidden = found.length > 0;
    const range = here.length ? `, ${(start + 1).toLocaleString("en")} to ${(start + here.length).toLocaleString("en")} shown` : "";
    at("status").textContent = `${found.length.toLocaleString("en")} of ${count.toLocaleString("en")} molecules${range}`;
    at("page").value = state.page + 1;
    at("page").max = pages();
    at("pages").textContent = `of ${pages().toLocaleString("en")}`;
    for (const id of ["first", "previous"]) at(id).disabled = state.page === 0;
    for (const id of ["next", "last"]) at(id).disabled = state.page >= pages() - 1;
    at("all").disabled = !found.length;
  };
  const turn = (page) => {
    state.page = page;
    show();
    at("cards").focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  };

  /* Picks. */
  const tellPicks = () => {
    at("count").textContent = picked.size.toLocaleString("en");
    for (const id of ["clear", "csv", "smi"]) at(id).disabled = !picked.size;
    at("only").disabled = !picked.size && !state.only;
  };
  const pick = (i, on) => {
    if (on) picked.add(i); else picked.delete(i);
    const shownCard = at("cards").querySelector(`[data-i="${i}"]`);
    if (shownCard) {
      shownCard.classList.toggle("picked", on);
      shownCard.querySelector("input").checked = on;
    }
    tellPicks();
  };
  const save = (name, text, type) => {
    const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const inOrder = () => [...picked].sort((a, b) => a - b);
  const cell = (value) => /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const raw = (each, i) => isNumber(each) ? (each.values[i] ?? "").toString() : textOf(each, i);
  const saveCsv = () => {
    const header = ["name", "smiles", ...shown.map((each) => each.name)];
    const rows = inOrder().map((i) => [names[i], smiles[i], ...shown.map((each) => raw(each, i))]);
    save("picked.csv", [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join(""), "text/csv");
  };
  const saveSmiles = () => save("picked.smi", inOrder().map((i) => `${smiles[i]}\t${names[i].replace(/\s+/g, "_")}\n`).join(""), "chemical/x-daylight-smiles");

  /* One molecule, large. */
  let current = 0;
  const open = (i) => {
    current = i;
    at("what").textContent = titleOf(i) === names[i] ? names[i] : `${titleOf(i)} (${names[i]})`;
    at("large").setAttribute("aria-label", `Structure: ${smiles[i]}`);
    at("large").replaceChildren();
    draw(at("large"), i);
    const facts = [["SMILES", smiles[i], "smiles"], ...shown.map((each) => [each.name, `${shownValue(each, i)}${each.note && shownValue(each, i) !== "" && /[²/]/.test(each.note) ? ` ${each.note}` : ""}`, ""])];
    at("facts").replaceChildren(...facts.filter(([, value]) => value !== "").flatMap(([name, value, className]) => [make("dt", { textContent: name }), make("dd", { textContent: value, className })]));
    tellPick();
    const position = found.indexOf(i);
    at("before").disabled = position <= 0;
    at("after").disabled = position < 0 || position >= found.length - 1;
    if (!at("details").open) at("details").showModal();
  };
  const tellPick = () => {
    at("pick").setAttribute("aria-pressed", picked.has(current));
    at("pick").textContent = picked.has(current) ? "Picked ✓" : "Pick";
  };
  const step = (by) => {
    const next = found[found.indexOf(current) + by];
    if (next !== undefined) open(next);
  };

  /* Filters. */
  const number = (text) => text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
  const tellFilters = () => {
    const active = [...state.values.values()].filter((chosen) => chosen.size).length + state.windows.size;
    at("active").textContent = active ? `(${active} active)` : "";
  };
  const facet = (each) => {
    const field = make("fieldset", {}, make("legend", { textContent: each.note ? `${each.name} (${each.note})` : each.name }));
    if (isNumber(each)) {
      const known = each.values.filter((value) => value !== null);
      const low = known.reduce((a, b) => Math.min(a, b), Infinity), high = known.reduce((a, b) => Math.max(a, b), -Infinity);
      if (!(low < high)) return null;
      const inputs = [["from", low], ["to", high]].map(([word, value]) => {
        const input = make("input", { type: "number", step: "any", placeholder: figures.format(value).replaceAll(",", "") });
        input.setAttribute("aria-label", `${each.name} ${word}`);
        return input;
      });
      const change = () => {
        const window = inputs.map((input) => number(input.value));
        if (window.every((value) => value === null)) state.windows.delete(each); else state.windows.set(each, window);
        tellFilters();
        search();
      };
      for (const input of inputs) input.addEventListener("input", soon(change));
      field.append(make("div", { className: "window" }, inputs[0], make("span", { textContent: "–", ariaHidden: "true" }), inputs[1]));
      return field;
    }
    if (each.kind !== "class" || each.list.length < 2) return null;
    const totals = each.list.map(() => 0);
    for (const place of each.places) totals[place] += 1;
    const chosen = new Set();
    state.values.set(each, chosen);
    const box = make("div", { className: "values" });
    each.list.forEach((value, place) => {
      const input = make("input", { type: "checkbox" });
      input.addEventListener("change", () => {
        if (input.checked) chosen.add(place); else chosen.delete(place);
        tellFilters();
        search();
      });
      box.append(make("label", {}, input, make("span", { textContent: value || "none" }), make("span", { className: "soft number", textContent: totals[place].toLocaleString("en") })));
    });
    field.append(box);
    return field;
  };
  const reset = () => {
    for (const input of at("facets").querySelectorAll("input")) if (input.type === "checkbox") input.checked = false; else input.value = "";
    for (const chosen of state.values.values()) chosen.clear();
    state.windows.clear();
    state.words = [];
    state.only = false;
    at("search").value = "";
    at("only").setAttribute("aria-pressed", "false");
    tellFilters();
    tellPicks();
    search();
  };

  /* Controls. */
  at("sort").append(new Option("as found", ""), new Option("name", "name"), ...shown.map((each, place) => new Option(each.name, String(place))));
  at("facets").append(...shown.map(facet).filter(Boolean));
  at("search").addEventListener("input", soon(() => {
    state.words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    search();
  }));
  at("sort").addEventListener("change", () => { state.sort = at("sort").value; search(); });
  at("direction").addEventListener("click", () => {
    state.down = !state.down;
    at("direction").setAttribute("aria-pressed", state.down);
    at("direction").firstElementChild.textContent = state.down ? "↓" : "↑";
    search();
  });
  at("size").addEventListener("change", () => { state.size = Number(at("size").value); state.page = 0; show(); });
  at("page").addEventListener("change", () => turn((number(at("page").value) ?? 1) - 1));
  at("first").addEventListener("click", () => turn(0));
  at("previous").addEventListener("click", () => turn(state.page - 1));
  at("next").addEventListener("click", () => turn(state.page + 1));
  at("last").addEventListener("click", () => turn(pages() - 1));
  at("all").addEventListener("click", () => { for (const i of found) picked.add(i); tellPicks(); show(); });
  at("clear").addEventListener("click", () => { picked.clear(); state.only = false; at("only").setAttribute("aria-pressed", "false"); tellPicks(); search(); });
  at("only").addEventListener("click", () => {
    state.only = !state.only;
    at("only").setAttribute("aria-pressed", state.only);
    search();
  });
  at("csv").addEventListener("click", saveCsv);
  at("smi").addEventListener("click", saveSmiles);
  at("reset").addEventListener("click", reset);
  at("again").addEventListener("click", reset);
  at("close").addEventListener("click", () => at("details").close());
  at("before").addEventListener("click", () => step(-1));
  at("after").addEventListener("click", () => step(1));
  at("pick").addEventListener("click", () => { pick(current, !picked.has(current)); tellPick(); });
  at("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(smiles[current]);
      at("copy").textContent = "Copied";
    } catch (error) {
      const range = document.createRange();
      range.selectNodeContents(at("facts").querySelector(".smiles"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    setTimeout(() => { at("copy").textContent = "Copy SMILES"; }, 1500);
  });
  at("details").addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  at("details").addEventListener("close", () => at("cards").querySelector(`[data-i="${current}"] .mol`)?.focus());
  const across = () => getComputedStyle(at("cards")).gridTemplateColumns.split(" ").length;
  at("cards").addEventListener("keydown", (event) => {
    const cards = [...at("cards").children], place = cards.indexOf(event.target.closest("li"));
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across(), ArrowDown: across() };
    if (event.key in steps && place >= 0) {
      event.preventDefault();
      cards[place + steps[event.key]]?.querySelector(".mol").focus();
    } else if (event.key === "p" && place >= 0) {
      pick(Number(cards[place].dataset.i), !picked.has(Number(cards[place].dataset.i)));
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      turn(state.page + (event.key === "PageDown" ? 1 : -1));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName) && !at("details").open) {
      event.preventDefault();
      at("search").focus();
    }
  });
  at("filters").open = matchMedia("(min-width: 821px)").matches;
  tellPicks();
  show();
})();
