// The matrix: marks under the switches that are set, filters, and moving about by keyboard.

const cells = []; // cells[row][column], by the numbers of the data
const shownRows = [];
const shownColumns = [];
let columnOrder = [];

function readMatrix() {
  const table = $("matrix-table");
  columnOrder = [...table.querySelectorAll("thead th[data-d]")].map((th) => Number(th.dataset.d));
  for (const tr of table.tBodies[0].rows) {
    const row = [];
    columnOrder.forEach((column, at) => (row[column] = tr.cells[at + 1]));
    cells[Number(tr.dataset.c)] = row;
  }
  table.setAttribute("role", "grid");
  table.setAttribute("aria-describedby", "matrix-help");
  for (const row of cells) for (const cell of row) cell.tabIndex = -1;
  cells[0][columnOrder[0]].tabIndex = 0;
  table.tBodies[0].addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (cell) {
      moveTo(cell);
      openCell(cell);
    }
  });
  table.tBodies[0].addEventListener("keydown", onKey);
}

function placeOf(cell) {
  return [Number(cell.parentElement.dataset.c), columnOrder[cell.cellIndex - 1]];
}

function openCell(cell) {
  showReasons(...placeOf(cell));
}

function moveTo(cell) {
  $("matrix-table").querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  cell.focus();
}

const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

function onKey(event) {
  const cell = event.target.closest("td");
  if (!cell) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openCell(cell);
    return;
  }
  const rows = [...$("matrix-table").tBodies[0].rows].filter((tr) => !tr.hidden);
  const inRow = (tr) => [...tr.cells].filter((td) => td.tagName === "TD" && !td.hidden);
  let y = rows.indexOf(cell.parentElement);
  let x = inRow(cell.parentElement).indexOf(cell);
  const last = inRow(cell.parentElement).length - 1;
  if (event.key in STEPS) {
    y += STEPS[event.key][0];
    x += STEPS[event.key][1];
  } else if (event.key === "Home") {
    x = 0;
    if (event.ctrlKey) y = 0;
  } else if (event.key === "End") {
    x = last;
    if (event.ctrlKey) y = rows.length - 1;
  } else return;
  event.preventDefault();
  const next = rows[Math.max(0, Math.min(y, rows.length - 1))];
  moveTo(inRow(next)[Math.max(0, Math.min(x, last))]);
}

/** Give every cell its mark under the switches that are set. */
function mark() {
  let differing = 0;
  const plain = isPlain();
  cells.forEach((row, r) =>
    row.forEach((cell, c) => {
      const number = outcome(r, c);
      const other = !plain && number !== outcome(r, c, PLAIN);
      differing += other;
      cell.className = MARKS[number] + (other ? " other" : "");
      cell.firstElementChild.textContent = data.definitions[c].words[number];
    }),
  );
  const said = conditions();
  if (said.length)
    said.push(`${differing || "No"} ${differing === 1 ? "outcome differs" : "outcomes differ"} from the default.`);
  $("conditions").textContent = said.join(" ");
  $("basis").textContent = basis();
  $("reset-switches").hidden = plain;
}

/** Whether a cell is one that the outcome filter asks for. */
function asked(row, column, wanted) {
  switch (wanted) {
    case "":
      return true;
    case "other":
      return outcome(row, column) !== outcome(row, column, PLAIN);
    case "whose":
      return whoseFacts(row, column).length > 0;
    default:
      return outcome(row, column) === Number(wanted);
  }
}

/** Show the rows and columns that the filters ask for. */
function filter() {
  const words = $("filter-text").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const country = $("filter-country")?.value ?? "";
  const status = $("filter-status").value;
  const wanted = $("filter-outcome").value;
  const picked = new Set(
    [...$("filter-definitions").querySelectorAll("input[data-d]:checked")].map((box) => Number(box.dataset.d)),
  );
  const rows = data.cases.map(
    (one) => words.every((word) => one.text.includes(word)) && (!country || one.countries.includes(country)),
  );
  const columns = data.definitions.map(
    (one, column) => picked.has(column) && (!status || (one.status || "none") === status),
  );
  const hit = cells.map((row, r) => row.map((_, c) => rows[r] && columns[c] && asked(r, c, wanted)));
  const counts = [0, 0, 0];
  cells.forEach((row, r) => {
    shownRows[r] = rows[r] && (!wanted || hit[r].some(Boolean));
    row[columnOrder[0]].parentElement.hidden = !shownRows[r];
  });
  data.definitions.forEach((_, c) => {
    shownColumns[c] = columns[c] && (!wanted || hit.some((row) => row[c]));
    $("matrix-table").querySelector(`thead th[data-d="${c}"]`).hidden = !shownColumns[c];
  });
  cells.forEach((row, r) =>
    row.forEach((cell, c) => {
      cell.hidden = !shownColumns[c];
      cell.classList.toggle("faded", Boolean(wanted) && !hit[r][c]);
      if (shownRows[r] && shownColumns[c]) counts[outcome(r, c)] += 1;
    }),
  );
  for (const group of $("matrix-table").querySelectorAll("thead th[data-group]")) {
    const own = group.dataset.group.split(" ").filter((c) => shownColumns[Number(c)]);
    group.hidden = own.length === 0;
    group.colSpan = Math.max(1, own.length);
  }
  const [r, c] = [shownRows, shownColumns].map((shown) => shown.filter(Boolean).length);
  $("shown").textContent =
    `${r} of ${data.cases.length} ${$("matrix-table").dataset.plural}, ${c} of ${data.definitions.length} definitions: ` +
    `${counts[2]} captured, ${counts[0]} not captured, ${counts[1]} undetermined.`;
  $("nothing").hidden = r > 0 && c > 0;
  $("picked").textContent = picked.size === data.definitions.length ? "all" : String(picked.size);
  const focus = $("matrix-table").querySelector('td[tabindex="0"]');
  if (focus && (focus.hidden || focus.parentElement.hidden)) {
    const first = shownRows.indexOf(true);
    const column = columnOrder.find((at) => shownColumns[at]);
    if (first >= 0 && column !== undefined) {
      focus.tabIndex = -1;
      cells[first][column].tabIndex = 0;
    }
  }
}

function startFilters() {
  const form = $("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const whole = event.target.dataset.all;
    if (whole !== undefined)
      for (const box of event.target.closest("fieldset").querySelectorAll("input[data-d]"))
        box.checked = event.target.checked;
    for (const set of form.querySelectorAll("fieldset")) {
      const boxes = [...set.querySelectorAll("input[data-d]")];
      const all = set.querySelector("input[data-all]");
      if (!all) continue;
      all.checked = boxes.every((box) => box.checked);
      all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    }
    filter();
  });
  form.addEventListener("reset", () => setTimeout(() => form.dispatchEvent(new Event("input")), 0));
}

// --- switches -------------------------------------------------------------------------------------

function startSwitches() {
  const view = $("switch-view");
  for (const [id, name, number] of data.parties)
    view.append(make("option", { value: id }, `${name} (${number})`));
  view.addEventListener("change", () => setSwitches({ view: view.value }));
  for (const radio of document.querySelectorAll('input[name="standard"]'))
    radio.addEventListener("change", () => setSwitches({ standard: Number(radio.value) }));
  $("switch-every").addEventListener("change", () => setSwitches({ every: $("switch-every").checked }));
  $("reset-switches").addEventListener("click", () => {
    setSwitches({ ...PLAIN, readings: {} });
    view.focus();
  });
  const list = $("switch-readings");
  const amending = make("details", {}, make("summary", {}, "For one amending definition at a time"));
  data.definitions.forEach((definition) => {
    if (!definition.readings.length) return;
    const own = make("div", { class: "reading-set" }, make("h4", {}, definition.title, " ", make("code", {}, definition.id)));
    if (!definition.whole)
      own.append(make("p", { class: "small" }, "Too many combinations: the page holds its customary readings only."));
    else for (const reading of definition.readings) own.append(readingSwitch(definition, ...reading));
    (definition.readings.every(([label]) => namedBefore(definition, label).length) ? amending : list).append(own);
  });
  if (amending.childElementCount > 1) list.append(amending);
  if (!list.childElementCount) $("readings").hidden = true;
}

/** The definitions that one amends, for which these words can be read in several ways too. */
function namedBefore(definition, label) {
  return definition.owners.slice(1).filter((owner) =>
    data.definitions.some((other) => other.id === owner && other.readings.some(([l]) => l === label)),
  );
}

function readingSwitch(definition, label, words, names) {
  const where = `${definition.id}.${label}`;
  const named = namedBefore(definition, label);
  const usual = named.length ? `as ${named[0]}, else ${spaced(names[0])}` : `customary: ${spaced(names[0])}`;
  const select = make("select", { "data-where": where }, make("option", { value: "" }, usual));
  for (const name of names) select.append(make("option", { value: name }, spaced(name)));
  select.addEventListener("change", () => {
    const readings = { ...state.readings };
    if (select.value) readings[where] = select.value;
    else delete readings[where];
    setSwitches({ readings });
  });
  return make("label", {}, make("span", {}, words ? `“${words}” ` : "", make("em", {}, spaced(label))), select);
}

/** Set switches; the controls and everything that hangs on them follow. */
function setSwitches(change) {
  Object.assign(state, change);
  $("switch-view").value = state.view;
  for (const radio of document.querySelectorAll('input[name="standard"]'))
    radio.checked = Number(radio.value) === state.standard;
  $("switch-every").checked = state.every;
  for (const select of $("switch-readings").querySelectorAll("select")) {
    select.value = state.readings[select.dataset.where] ?? "";
    select.disabled = state.every;
  }
  const asked = Object.keys(state.readings).length;
  $("readings-set").textContent = state.every ? "every one" : asked ? `${asked} set` : "customary";
  changed();
}
