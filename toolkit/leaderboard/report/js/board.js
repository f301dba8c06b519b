"use strict";
// All that the page shows of one group: facts, table, charts.

function board(table) {
  const selection = new Selection();
  const runs = new RunTable(table, selection);
  const explanation = "Click a heading to sort, tick runs to draw them in colour below.";
  const parts = [
    section("runs", "Leaderboard", explanation, runs.root),
    curvesSection(table, selection),
    progressSection(table),
    parallelSection(table),
    importanceSection(table),
    marginalSection(table),
    paretoSection(table, selection),
    confusionSection(table),
  ];
  const links = parts.map((part) =>
    make("a", { href: `#${part.id}`, onclick: (event) => goTo(event, part) }, part.querySelector("h2").textContent),
  );
  return [
    table.reason ? make("p", { class: "reason" }, `A table of its own: ${table.reason}.`) : null,
    facts(table),
    make("nav", { class: "places", "aria-label": "Sections" }, ...links),
    ...parts,
  ].filter((part) => part !== null);
}

/** Scroll there and leave the address alone, which holds the view. */
function goTo(event, part) {
  event.preventDefault();
  part.scrollIntoView({ behavior: "instant" });
}

function facts(table) {
  const best = table.ranked()[0];
  const statuses = Object.entries(table.counts).map(([status, count]) => `${Format.count(count)} ${status.toLowerCase()}`);
  const fact = (value, about) => make("li", {}, make("b", {}, value), make("small", {}, about));
  return make(
    "ul",
    { class: "facts" },
    best === undefined ? fact("-", "no run has a rank") : fact(Format.metric(table.main.at(best)), `best ${table.metric}`),
    best === undefined ? null : fact(table.nameOf(best), "best run"),
    fact(Format.count(table.size), `runs: ${statuses.join(", ")}`),
    fact(table.mode === "min" ? "lower is better" : "higher is better", `ranked by ${table.metric}`),
    table.validation === null ? null : fact(lastPart(table.validation), validationNote(table)),
    table.running.length ? fact("still running", table.running.join(", ")) : null,
  );
}

const lastPart = (path) => path.split("/").slice(-2).join("/");

const validationNote = ({ digest }) => (digest === null ? "validation data" : `validation data, sha256 ${digest.slice(0, 8)}`);
