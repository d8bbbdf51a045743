"use strict";
// The data of the page, the state of its switches, and what an outcome is under them.
// Text from rules and cases enters the document as text only: no markup is ever read from it.

const $ = (id) => document.getElementById(id);

/** Make an element; attributes whose value is null or false are left out; children are text or nodes. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Read packed data: base64 of zlib of JSON. */
async function unpacked(id) {
  const bytes = Uint8Array.from(atob($(id).textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const loaded = {};
/** Read packed data once, when it is first needed. */
function lazily(id) {
  loaded[id] ??= unpacked(id);
  return loaded[id];
}

let data = null;
const state = { view: "", standard: 0, readings: {}, every: false };
const MARKS = ["n", "u", "c"];

/** Which choice of readings a definition is judged under: the nearest name that is asked for wins. */
function choice(definition, asked = state.readings) {
  if (!definition.whole) return 0;
  let number = 0;
  for (const [label, , names] of definition.readings) {
    let index = 0;
    for (const owner of definition.owners) {
      const at = names.indexOf(asked[`${owner}.${label}`]);
      if (at >= 0) {
        index = at;
        break;
      }
    }
    number = number * names.length + index;
  }
  return number;
}

/** How many choices of readings the data has of a definition. */
function choices(definition) {
  return definition.whole ? definition.readings.reduce((n, [, , names]) => n * names.length, 1) : 1;
}

/** Which way of settling a case a view and a standard come to. */
function settling(row, at = state) {
  const seen = data.seen[row];
  return (Object.hasOwn(seen, at.view) ? seen[at.view] : seen[""])[at.standard];
}

/** The outcome of a pair: 0 not captured, 1 undetermined, 2 captured. */
function outcome(row, column, at = state) {
  const definition = data.definitions[column];
  const digits = data.rows[row][settling(row, at)];
  if (!at.every) return Number(digits[definition.start + choice(definition, at.readings)]);
  const reached = new Set(digits.slice(definition.start, definition.start + choices(definition)));
  return reached.size === 1 ? Number([...reached][0]) : 1;
}

const PLAIN = Object.freeze({ view: "", standard: 0, readings: Object.freeze({}), every: false });

/** Whether no switch is set. */
function isPlain() {
  return !state.view && !state.standard && !state.every && Object.keys(state.readings).length === 0;
}

/** Parties that see a pair otherwise than nobody in particular does. */
function whoseFacts(row, column) {
  const plain = outcome(row, column, { ...state, view: "" });
  return data.cases[row].parties.filter((view) => outcome(row, column, { ...state, view }) !== plain);
}

function spaced(text) {
  return text.replaceAll("_", " ");
}

function partyName(id) {
  const found = data.parties.find(([party]) => party === id);
  return found ? found[1] : id;
}

function several(words, last = "and") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** Say which switches are set, in sentences. */
function conditions() {
  const said = [];
  if (state.view) said.push(`The facts as ${partyName(state.view)} sees them.`);
  if (state.standard) said.push("Alleged facts count.");
  if (state.every) said.push("On every reading of ambiguous words at once.");
  else
    for (const [where, name] of Object.entries(state.readings))
      said.push(`${where} read as ${spaced(name)}.`);
  return said;
}

/** Say in one clause what the outcomes rest on. */
function basis() {
  const facts = state.standard ? "on alleged facts too" : "on established facts";
  const seen = state.view ? ` as ${partyName(state.view)} sees them` : "";
  const asked = Object.entries(state.readings).map(([where, name]) => `, ${where} read as ${spaced(name)}`);
  return `${facts}${seen} and ${state.every ? "every reading at once" : `customary readings${asked.join("")}`}`;
}

/** A link that may be followed, or null. */
function sound(url) {
  return /^https?:\/\/[^\s<>"'\\]+$/i.test(url) ? url : null;
}

/** A source by its id: a link to where it was read, or to its entry on the page. */
function sourceLink(id, text = id) {
  const [title, url] = data.sources[id] ?? [id, ""];
  const href = sound(url);
  if (href === null) return make("a", { class: "source", href: `#s-${id}`, title }, text);
  return make(
    "a",
    { class: "source", href, title, rel: "noopener noreferrer", target: "_blank" },
    text,
  );
}

const listeners = [];
/** Tell everything on the page that a switch was set. */
function changed() {
  for (const listener of listeners) listener();
}
