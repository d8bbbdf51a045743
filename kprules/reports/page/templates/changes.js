// The difference between any two definitions: words, cases under the switches that are set, relation.

const KINDS = {
  kept: ["", "kept"], reworded: ["~", "reworded"], replaced: ["~", "replaced"], removed: ["−", "removed"],
  added: ["+", "added"], widened: ["+", "widened"], narrowed: ["^", "narrowed"],
  "no longer widened": ["−", "no longer widened"], "no longer narrowed": ["−", "no longer narrowed"], "changed inside": ["", "changed inside"],
};

const LEADS = {
  widened: ", or", narrowed: ", and", 
  "no longer widened": ", no longer widened by", "no longer narrowed": ", no longer narrowed by",
};

const BECOMES = {
  gained: "Gained: not captured before, captured now", lost: "Lost: captured before, not captured now",
  settled: "Settled: undetermined before", unsettled: "Unsettled: undetermined now",
};

function startChanges() {
  const [base, variant] = [$("change-base"), $("change-variant")];
  base.addEventListener("change", showChanges);
  variant.addEventListener("change", showChanges);
  $("change-swap").addEventListener("click", () => {
    [base.value, variant.value] = [variant.value, base.value];
    showChanges();
  });
  listeners.push(showChanges);
  showChanges();
}

async function showChanges() {
  const changes = await lazily("data-changes");
  const [base, variant] = [Number($("change-base").value), Number($("change-variant").value)];
  const into = $("change-result");
  if (base === variant) {
    into.replaceChildren(make("p", {}, "Choose two different definitions."));
    return;
  }
  const [numbers, relation] = changes.pairs[base][variant];
  const { strings } = changes;
  const items = numbers.map((number) => changeItem(strings, changes.changes[number]));
  into.replaceChildren(
    make("p", { class: "printed" }, `From ${named(base)} to ${named(variant)}`),
    make("h3", {}, "The words"),
    numbers.some((number) => !stays(strings, changes.changes[number]))
      ? make("ul", { class: "changes" }, items)
      : make("p", {}, "The words are the same."),
    make("h3", {}, "The cases"),
    ...caseChanges(base, variant),
    make("h3", {}, "Over all possible cases"),
    make("p", {}, strings[relation]),
    isPlain() ? "" : make("p", { class: "small" }, "Proved for customary readings, whatever the switches say."),
  );
}

/** A definition by its title and id. */
function named(column) {
  return `${data.definitions[column].title} (${data.definitions[column].id})`;
}

/** Whether nothing is changed of a clause itself. */
function stays(strings, [kind, , before, after]) {
  return ["kept", "changed inside"].includes(kind) && strings[before] === strings[after];
}

function changeItem(strings, [kind, label, before, after, was, now, depth, exception]) {
  const [sign, word] = kind === "changed inside" && strings[before] !== strings[after] ? KINDS.reworded : KINDS[kind];
  const item = make("li", { class: `change ${kind.replaceAll(" ", "-")} depth-${Math.min(depth, 6)}` },
    make("span", { class: "sign", "aria-hidden": "true" }, sign), make("span", { class: "label" }, word, " "));
  if (exception) item.append("except when ");
  const [old, fresh] = [strings[before], strings[after]];
  if (kind === "removed") item.append(old ? make("del", {}, old) : make("del", {}, strings[label]));
  else if (kind !== "added" && old !== fresh)
    item.append(old ? make("del", {}, old) : "", " ", fresh ? make("ins", {}, fresh) : "");
  else if (kind === "added") item.append(make("ins", {}, fresh || strings[label]));
  else item.append(fresh ? make("q", {}, fresh) : strings[label]);
  item.append(LEADS[kind] ?? "");
  item.append(" ", make("span", { class: "label" }, strings[label]));
  if (strings[was]) item.append(make("p", { class: "form" }, "was: ", make("code", {}, strings[was])));
  if (strings[now]) item.append(make("p", { class: "form" }, "now: ", make("code", {}, strings[now])));
  return item;
}

/** What becomes of a case: gained and lost are between captured and not; the others are with open ones. */
function becomes(before, after) {
  if (after === 1) return "unsettled";
  if (before === 1) return "settled";
  return after === 2 ? "gained" : "lost";
}

function caseChanges(base, variant) {
  const found = { gained: [], lost: [], settled: [], unsettled: [] };
  data.cases.forEach((one, row) => {
    const [before, after] = [outcome(row, base), outcome(row, variant)];
    if (before !== after) found[becomes(before, after)].push([row, before, after]);
  });
  const kinds = Object.entries(found).filter(([, rows]) => rows.length);
  const number = kinds.reduce((sum, [, rows]) => sum + rows.length, 0);
  const said = [`${number || "None"} of ${data.cases.length} ${number === 1 ? "differs" : "differ"}`];
  for (const [kind, rows] of kinds) said.push(`${rows.length} ${kind}`);
  const head = make("p", { id: "change-counts" }, `${[...conditions(), ""].join(" ")}${said.join(", ")}.`);
  return [head, ...kinds.map(([kind, rows]) =>
    make("details", { open: rows.length <= 12, class: "casechanges" },
      make("summary", {}, `${BECOMES[kind]} (${rows.length})`),
      make("ul", {}, rows.map(([row, before, after]) =>
        make("li", {}, data.cases[row].title, " ", why(row, base, before), " → ", why(row, variant, after))))))];
}

function why(row, column, number) {
  const definition = data.definitions[column];
  return make("button", { type: "button", class: `outcome ${MARKS[number]}`,
    title: `Why, by ${definition.id}`, onclick: () => showReasons(row, column) }, definition.words[number]);
}
