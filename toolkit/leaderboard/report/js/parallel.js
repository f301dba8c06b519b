"use strict";
// Parallel coordinates: one axis a hyperparameter, one line a run. Brushing an axis keeps the runs that cross there.

const MOST_AXES = 10;

function parallelSection(table) {
  const state = { most: "500" };
  const note = make("p", { class: "state" });
  const chart = new Chart("Parallel coordinates of the hyperparameters", () => {
    const figure = parallelFigure(table, Number(state.most), note);
    const axes = figure.data?.[0].dimensions.length ?? 0;
    // Too narrow, and nobody can read the axes: then it scrolls sideways.
    chart.element.style.minWidth = axes ? `${axes * 92}px` : "";
    return figure;
  });
  const options = [["100", "best 100"], ["500", "best 500"], ["2000", "best 2,000"], [String(table.size), "all ranked"]];
  return section(
    "parallel",
    "Parallel coordinates",
    "Drag along an axis to keep the runs that cross it there; drag an axis by its name to move it.",
    make("div", { class: "controls" }, choice("Runs", options, state.most, (value) => {
      state.most = value;
      chart.refresh();
    })),
    make("div", { class: "sideways" }, chart.root),
    note,
  );
}

/** Hyperparameters that differ, the most important first where that is known. */
function parametersByImportance(table) {
  const place = new Map(table.importance.shares.map(([path], index) => [`params.${path}`, index]));
  const differing = table.ofKind("param").filter((column) => column.differs());
  return differing.sort((a, b) => (place.get(a.key) ?? Infinity) - (place.get(b.key) ?? Infinity) || 0);
}

function parallelFigure(table, most, note) {
  const best = table.ranked().slice(0, most);
  const present = (column) => best.filter((row) => column.at(row) !== undefined).length;
  const columns = parametersByImportance(table)
    .filter((column) => 2 * present(column) >= best.length)
    .slice(0, MOST_AXES);
  const rows = best.filter((row) => columns.every((column) => column.at(row) !== undefined));
  note.textContent = "";
  if (!columns.length || rows.length < 2) return { empty: "No hyperparameter differs between the runs." };
  const missing = best.length - rows.length;
  if (missing) note.textContent = `Not drawn: ${Format.count(missing)} that lack one of these hyperparameters.`;
  const values = rows.map((row) => table.main.at(row));
  // A diverged run must not take all the colours: they end at the nine tenths of the values that are best.
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = table.mode === "min" ? [0, 0.9] : [0.1, 1];
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const line = {
    color: values,
    cmin: at(low),
    cmax: at(high),
    colorscale: ["best", "middle", "worst"].map((name, place) => [place / 2, Theme.colour(name)]),
    reversescale: table.mode === "max",
  };
  const dimensions = [...columns.map((column) => dimension(column, rows)), metricDimension(table, values)];
  const layout = { ...Theme.layout({}), margin: { l: 70, r: 60, t: 96, b: 24 } };
  const data = [
    {
      type: "parcoords",
      dimensions,
      line,
      labelangle: -18,
      labelfont: { size: 12, color: Theme.colour("text") },
      tickfont: { size: 11, color: Theme.colour("text"), shadow: "none" },
      rangefont: { size: 10, color: Theme.colour("soft") },
      unselected: { line: { color: Theme.colour("stopped"), opacity: 0.12 } },
    },
  ];
  return { data, layout };
}

const metricDimension = (table, values) => ({ label: plainText(table.metric), values });

function dimension(column, rows) {
  const label = plainText(column.title);
  const cells = rows.map((row) => column.at(row));
  if (column.isNumber && column.log) {
    const values = cells.map(Math.log10);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    // The axis is drawn from its first tick to its last, so both ends have one.
    const ticks = [[low, ""], ...logTicks(low, high), [high, ""]];
    return { label, values, range: [low, high], tickvals: ticks.map((t) => t[0]), ticktext: ticks.map((t) => t[1]) };
  }
  const different = [...new Set(cells.map(Format.plain))];
  if (column.isNumber && different.length > 8) return { label, values: cells };
  if (column.isNumber) {
    const tickvals = [...new Set(cells)].sort((a, b) => a - b);
    return { label, values: cells, tickvals, ticktext: tickvals.map(Format.plain) };
  }
  const levels = different.sort();
  const place = new Map(levels.map((level, index) => [level, index]));
  return {
    label,
    values: cells.map((cell) => place.get(Format.plain(cell))),
    range: [-0.4, levels.length - 0.6],
    tickvals: levels.map((_, index) => index),
    ticktext: levels.map((level) => Format.cut(level, 16)), // plotly.js reads no tags here
  };
}
