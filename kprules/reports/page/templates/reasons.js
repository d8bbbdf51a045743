// Why an outcome is what it is: the definition's own words, the facts, who says so, what would settle it.

const TRUTHS = { 0: ["✗", "fails", "no"], 1: ["?", "open", "open"], 2: ["✓", "holds", "yes"] };
const STANCES = ["Affirmed by", "Denied by", "Left open by", "Not known to"];

/** The explanation of a pair under the switches that are set, and what would settle it. */
function explanationOf(reasons, row, column) {
  const definition = data.definitions[column];
  let at = settling(row);
  let entry = reasons.rows[row][at][column];
  if (typeof entry === "number") entry = reasons.rows[row][entry][column];
  const number = state.every ? 0 : choice(definition);
  const [explanations, settles] = entry;
  const chosen = typeof explanations === "number" ? explanations : explanations[number];
  return { clauses: reasons.explanations[chosen], settles: number === 0 ? settles : null };
}

function clauseItem(reasons, number, cited) {
  const [titles, truth, told, parts, exception] = reasons.nodes[number];
  const item = make("li", { class: TRUTHS[truth][2] });
  item.append(
    make("span", { class: "truth", "aria-hidden": "true" }, TRUTHS[truth][0]),
    make("span", { class: "unseen" }, `${TRUTHS[truth][1]}: `),
  );
  if (exception) item.append(make("span", { class: "label" }, "except when "));
  titles.forEach((title, at) => {
    if (at) item.append(make("span", { class: "step", "aria-hidden": "true" }, " › "));
    item.append(titleOf(reasons, title));
  });
  for (const fact of told) item.append(factBlock(reasons, fact, cited));
  if (parts.length) item.append(make("ul", {}, parts.map((part) => clauseItem(reasons, part, cited))));
  return item;
}

function titleOf({ strings }, [entry, first, second, reading]) {
  if (entry) {
    const place = make("code", {}, strings[first]);
    return strings[second] ? make("span", {}, make("b", {}, strings[second]), " ", place) : place;
  }
  const made = make("span", {});
  if (strings[second]) made.append(make("q", {}, strings[second]), " ");
  made.append(make("span", { class: "label" }, strings[first]));
  if (reading >= 0) made.append(make("span", { class: "label" }, `, read as ${strings[reading]}`));
  return made;
}

function factBlock(reasons, number, cited) {
  const { strings } = reasons;
  const [facts, wanted, claims, positions, text] = reasons.told[number];
  const made = make("div", { class: "fact" });
  for (const [meaning, path, value] of facts)
    made.append(
      make("p", {}, make("span", { class: "meaning" }, `${strings[meaning] || strings[path]}: `),
        make("b", {}, strings[value]), " ", make("code", {}, strings[path])),
    );
  if (text >= 0) made.append(make("p", {}, strings[text]));
  if (strings[wanted]) made.append(make("p", { class: "wanted" }, `Asked for: ${strings[wanted]}`));
  if (positions.length)
    made.append(make("ul", { class: "claims" }, positions.map((one) => positionItem(reasons, one, cited))));
  for (const claim of claims) {
    const [, evidence, by, sources, deniers] = reasons.claims[claim];
    const line = make("p", { class: "says" });
    const who = by.map((name) => strings[name]);
    if (evidence || who.length) line.append(`${evidence ? "Alleged" : "Established"}${who.length ? ` by ${several(who)}` : ""}. `);
    if (deniers.length) line.append(`Denied by ${several(deniers.map((name) => strings[name]))}. `);
    line.append(sourceList(reasons, sources, cited));
    made.append(line);
  }
  return made;
}

function positionItem(reasons, [stance, claim, denies], cited) {
  const { strings } = reasons;
  const [value, evidence, by, sources, deniers] = reasons.claims[claim];
  const who = several((denies ? deniers : by).map((name) => strings[name])) || "nobody that is named";
  const made = make("li", {}, make("span", { class: "label" }, `${STANCES[stance]} `), make("b", {}, who));
  if (stance < 3) made.append(`: ${denies ? "not " : ""}${strings[value]}`);
  if (stance < 3 && !denies) made.append(make("span", { class: "label" }, evidence ? " (alleged)" : " (established)"));
  made.append(" ", sourceList(reasons, sources, cited));
  return made;
}

function sourceList(reasons, numbers, cited) {
  const made = make("span", { class: "sources" });
  numbers.forEach((number, at) => {
    const id = reasons.sources[number];
    cited.add(id);
    if (at) made.append(" ");
    made.append(sourceLink(id));
  });
  return made;
}

/** A sentence as the middle of another; initials keep their capitals. */
function lowered(text) {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}

/** What would settle an open outcome. */
function settlingPart(reasons, settles, definition) {
  if (settles === null)
    return make("p", { class: "small" },
      "What would settle it is worked out here for customary readings only; the command below says it for these.");
  if (settles < 0) return null;
  const [sets, more] = reasons.settles[settles];
  if (!sets.length) return make("p", {}, "No one, two or three facts that are open would settle it by themselves.");
  const [not, , is] = definition.words;
  return make("div", {},
    make("ul", { class: "settles" }, sets.map(([captured, facts]) =>
      make("li", { class: captured ? "yes" : "no" }, make("b", {}, captured ? is : not), " if ",
        facts.map(([meaning, path, value], at) => [
          at ? " and " : "",
          reasons.strings[meaning] ? `${lowered(reasons.strings[meaning])} ` : "",
          make("code", {}, reasons.strings[path]), " ", reasons.strings[value],
        ])))),
    more ? make("p", { class: "small" }, "Other facts may settle it too.") : null);
}

/** How each party sees the pair; each name is a switch. */
function viewsPart(row, column) {
  const definition = data.definitions[column];
  const groups = [[], [], []];
  for (const party of data.cases[row].parties) groups[outcome(row, column, { ...state, view: party })].push(party);
  const plain = outcome(row, column, { ...state, view: "" });
  if (!groups.some((group, number) => group.length && number !== plain) && !state.view) return null;
  const items = [2, 0, 1].filter((number) => groups[number].length || number === plain).map((number) =>
    make("li", {}, outcomeMark(definition, number), " as seen by ",
      [...(number === plain ? [""] : []), ...groups[number]].map((party, at) => [
        at ? ", " : "",
        make("button", { type: "button", class: "chip", "aria-pressed": String(state.view === party),
          onclick: () => setSwitches({ view: party }) }, party ? partyName(party) : "nobody in particular"),
      ])));
  return make("div", {}, make("h3", {}, "On whose facts"), make("ul", { class: "views" }, items));
}

/** The words on whose reading the outcome hangs; each reading is a switch. */
function readingsPart(row, column) {
  const definition = data.definitions[column];
  if (!definition.whole) return null;
  const found = [];
  for (const [label, words, names] of definition.readings) {
    const where = `${definition.id}.${label}`;
    const under = names.map((name) =>
      outcome(row, column, { ...state, every: false, readings: { ...state.readings, [where]: name } }));
    if (new Set(under).size < 2) continue;
    const now = choiceOf(definition, label);
    found.push(make("li", {}, words ? make("q", {}, words) : spaced(label), " read as ",
      names.map((name, at) => [
        at ? ", as " : "",
        make("button", { type: "button", class: "chip", "aria-pressed": String(!state.every && now === name),
          onclick: () => setSwitches({ every: false, readings: { ...state.readings, [where]: name } }) }, spaced(name)),
        ": ", outcomeMark(definition, under[at]),
      ])));
  }
  if (!found.length) return null;
  return make("div", {}, make("h3", {}, "On which reading of the words"), make("ul", { class: "views" }, found));
}

/** The name of the reading that a definition's label has under the switches that are set. */
function choiceOf(definition, label) {
  const [, , names] = definition.readings.find(([l]) => l === label);
  for (const owner of definition.owners) {
    const asked = state.readings[`${owner}.${label}`];
    if (names.includes(asked)) return asked;
  }
  return names[0];
}

function outcomeMark(definition, number) {
  return make("span", { class: `outcome ${MARKS[number]}` }, definition.words[number]);
}

function commandFor(row, column) {
  const definition = data.definitions[column];
  const words = ["kprules explain", data.cases[row].id, definition.id];
  if (state.view) words.push(`--view ${state.view}`);
  if (state.standard) words.push("--standard alleged");
  if (state.every) words.push("--readings all");
  else for (const [where, name] of Object.entries(state.readings))
    if (definition.owners.some((owner) => where.startsWith(`${owner}.`))) words.push(`--reading ${where}=${name}`);
  return words.join(" ");
}

let open = null;

/** Open the reasons of a pair. */
async function showReasons(row, column) {
  open = [row, column];
  const reasons = await lazily("data-reasons");
  if (open === null || open[0] !== row || open[1] !== column) return;
  const one = data.cases[row];
  const definition = data.definitions[column];
  const number = outcome(row, column);
  const found = explanationOf(reasons, row, column);
  const cited = new Set();
  const said = conditions();
  const tree = make("ul", { class: "reasons" }, found.clauses.map((clause) => clauseItem(reasons, clause, cited)));
  if (state.every && choices(definition) > 1) said.push("The reasons are those of the customary readings.");
  const body = [
    make("p", { class: "verdict" }, outcomeMark(definition, number)),
    said.length ? make("p", { class: "small" }, said.join(" ")) : null,
    make("h3", {}, "Why"),
    tree,
  ];
  if (number === 1 && !state.every)
    body.push(make("h3", {}, "What would settle it"), settlingPart(reasons, found.settles, definition));
  body.push(viewsPart(row, column), readingsPart(row, column));
  if (cited.size)
    body.push(make("h3", {}, "Sources named"), make("ul", { class: "sourcelist" }, [...cited].map((id) => {
      const [title, , more] = data.sources[id] ?? [id, "", ""];
      return make("li", {}, sourceLink(id), " ", title, more ? make("span", { class: "label" }, ` ${more}`) : null);
    })));
  body.push(make("p", { class: "small" }, "The same on the command line: ", make("code", {}, commandFor(row, column))));
  $("reasons-case").replaceChildren(make("a", { href: `#c-${one.id}` }, one.title));
  $("reasons-definition").replaceChildren(make("a", { href: `#d-${definition.id}` }, definition.title), " ", make("code", {}, definition.id));
  $("reasons-body").replaceChildren(...body.filter(Boolean));
  const dialog = $("reasons");
  if (!dialog.open) {
    dialog.showModal();
    $("reasons-body").scrollTop = 0;
  }
}

function startReasons() {
  const dialog = $("reasons");
  dialog.addEventListener("close", () => (open = null));
  dialog.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (event.target === dialog || link) dialog.close();
  });
  $("reasons-close").addEventListener("click", () => dialog.close());
  listeners.push(() => {
    if (open !== null) showReasons(...open);
  });
}
