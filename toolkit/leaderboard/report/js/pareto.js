"use strict";
// Two columns against each other, and the runs that no other run beats in both.

function paretoSection(table, selection) {
  const columns = table.columns.filter(
    (column) => column.isNumber && (column.kind !== "plain" || ["epoch", "epochs"].includes(column.key)) && column.differs(),
  );
  if (columns.length < 2) return section("pareto", "Trade-offs", "", nothing("It takes two columns of numbers that differ."));
  const key = (wanted, otherwise) => (columns.find(wanted) ?? otherwise).key;
  const y = key((c) => c.key === "metrics.validation_accuracy", columns.find((c) => c === table.main) ?? columns[0]);
  const x = key((c) => c.kind === "time", columns.find((c) => c.key !== y && c.kind === "param") ?? columns.find((c) => c.key !== y));
  const state = { x, y, xWay: wayOf(table, x), yWay: wayOf(table, y) };
  const note = make("p", { class: "state" });
  const chart = new Chart("Pareto front", () => paretoFigure(table, selection, state, note), (row) => selection.toggle(row));
  selection.onChange(() => chart.refresh());
  const options = columns.map((column) => [column.key, column.title]);
  const ways = [["min", "lower is better"], ["max", "higher is better"]];
  const wayChoices = {};
  const wayChoice = (name) => {
    wayChoices[name] = choice(name === "xWay" ? "Across" : "Upwards", ways, state[name], (value) => {
      state[name] = value;
      chart.refresh();
    });
    return wayChoices[name];
  };
  const columnChoice = (label, name) =>
    choice(label, options, state[name], (value) => {
      state[name] = value;
      state[`${name}Way`] = wayOf(table, value);
      wayChoices[`${name}Way`].querySelector("select").value = state[`${name}Way`];
      chart.refresh();
    });
  return section(
    "pareto",
    "Trade-offs",
    "The Pareto front of two columns: no other run is better in one and at least as good in the other. Click a dot to pick its run.",
    make("div", { class: "controls" }, columnChoice("Column across", "x"), wayChoice("xWay"), columnChoice("Column upwards", "y"), wayChoice("yWay")),
    chart.root,
    note,
  );
}

const wayOf = (table, key) => table.column(key).direction ?? "min";

/** Rows that no other one beats, in the order of x. */
function front(rows, xOf, yOf, xWay, yWay) {
  const x = (row) => (xWay === "min" ? xOf(row) : -xOf(row));
  const y = (row) => (yWay === "min" ? yOf(row) : -yOf(row));
  const sorted = [...rows].sort((a, b) => x(a) - x(b) || y(a) - y(b));
  const kept = [];
  for (const row of sorted) {
    const last = kept.at(-1);
    const isEqual = last !== undefined && x(last) === x(row) && y(last) === y(row);
    if (last === undefined || y(row) < y(last) || isEqual) kept.push(row);
  }
  return kept;
}

function paretoFigure(table, selection, { x, y, xWay, yWay }, note) {
  const [xColumn, yColumn] = [table.column(x), table.column(y)];
  const xOf = (row) => xColumn.at(row);
  const yOf = (row) => yColumn.at(row);
  const rows = table.ranked().filter((row) => xOf(row) !== undefined && yOf(row) !== undefined);
  note.textContent = "";
  if (!rows.length) return { empty: "No ranked run has both." };
  const best = front(rows, xOf, yOf, xWay, yWay);
  note.textContent = `${Format.count(best.length)} of ${Format.count(rows.length)} ranked runs on the front.`;
  const text = (row) => plainText(table.nameOf(row));
  const dots = (chosen, name, marker, more = {}) => ({
    type: scatterFor(chosen.length),
    mode: "markers",
    name,
    x: chosen.map(xOf),
    y: chosen.map(yOf),
    text: chosen.map(text),
    customdata: chosen,
    marker,
    hovertemplate: `%{text}<br>${plainText(xColumn.title)} %{x:.5g}<br>${plainText(yColumn.title)} %{y:.5g}<extra></extra>`,
    ...more,
  });
  const onFront = new Set(best);
  const plain = rows.filter((row) => !onFront.has(row));
  const stopped = plain.filter((row) => table.hasStopped(row));
  const other = plain.filter((row) => !table.hasStopped(row));
  const picked = [...selection.rows].filter((row) => rows.includes(row));
  const size = rows.length > 2000 ? 3.5 : 6;
  const step = { color: Theme.colour("c2"), width: 2, shape: xWay === "min" ? "hv" : "vh" };
  const data = [
    dots(stopped, "stopped", { color: Theme.colour("stopped"), size, opacity: 0.7 }),
    dots(other, "other runs", { color: Theme.colour("others"), size, opacity: 0.8 }),
    dots(best, "front", { color: Theme.colour("c2"), size: 8, symbol: "diamond" }, { type: "scatter", mode: "lines+markers", line: step }),
    dots(picked, "picked", { color: "rgba(0,0,0,0)", size: 13, line: { width: 2, color: Theme.colour("text") } }, { type: "scatter" }),
  ].filter((trace) => trace.x.length);
  const layout = Theme.layout({
    xaxis: { title: plainText(xColumn.title), ...scaleOf(xColumn, rows) },
    yaxis: { title: plainText(yColumn.title), ...scaleOf(yColumn, rows) },
    hovermode: "closest",
  });
  return { data, layout };
}

const scaleOf = (column, rows) => (column.log ? logAxis(rows.map((row) => column.at(row))) : {});
