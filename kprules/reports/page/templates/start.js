// Begin: what needs scripts is shown once they run, and links open what they lead to.

/** Open the folded part that a link leads into. */
function unfold() {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target) target.scrollIntoView();
}

const unfolded = [];

/** Open every folded part, so that it is printed. */
function unfoldAll() {
  for (const part of document.querySelectorAll("main details:not([open])")) {
    part.open = true;
    unfolded.push(part);
  }
}

/** Close again what was opened to be printed. */
function foldAgain() {
  for (const part of unfolded.splice(0)) part.open = false;
}

async function start() {
  data = await lazily("data-outcomes");
  readMatrix();
  startSwitches();
  startFilters();
  startReasons();
  listeners.unshift(mark, filter);
  if ($("change-base")) startChanges();
  filter();
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  addEventListener("hashchange", unfold);
  addEventListener("beforeprint", unfoldAll);
  addEventListener("afterprint", foldAgain);
  unfold();
}

globalThis.kprules = { outcome: (row, column, at) => outcome(row, column, { ...PLAIN, ...at }), set: setSwitches };
globalThis.kprules.ready = start();
