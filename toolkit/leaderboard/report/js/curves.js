"use strict";
// Learning curves: the best runs and those picked, stopped ones in grey.

const LEADERS = 3; // always in colour

function curvesSection(table, selection) {
  const names = Object.keys(table.curves.metrics);
  const state = { metric: names.includes(table.metric) ? table.metric : names[0], most: "50", isLog: false };
  const chart = new Chart("Learning curves", () => curvesFigure(table, selection, state), (row) => selection.toggle(row));
  selection.onChange(() => chart.refresh());
  const set = (name) => (value) => {
    state[name] = value;
    chart.refresh();
  };
  const counts = ["10", "50", "200", "1000"].map((count) => [count, `best ${count}`]);
  return section(
    "curves",
    "Learning curves",
    "The best runs and those you picked; the scheduler stopped the grey ones. Click a curve to pick its run, drag to zoom.",
    make(
      "div",
      { class: "controls" },
      choice("Metric", names.map((name) => [name, name]), state.metric, set("metric")),
      choice("Runs", [...counts, ["0", "picked only"]], state.most, set("most")),
      toggle("log scale", state.isLog, set("isLog")),
    ),
    chart.root,
  );
}

/** Rows to draw, best first: as many of the ranked ones as asked for, and all picked ones. */
function rowsToDraw(table, selection, most) {
  const best = table.ranked().slice(0, most);
  return [...new Set([...best, ...selection.rows])].filter((row) => table.curves.lengths[row] > 0);
}

function curvesFigure(table, selection, { metric, most, isLog }) {
  const rows = rowsToDraw(table, selection, Number(most));
  if (!rows.length) return { empty: most === "0" ? "No run is picked: tick some in the table." : "No run has reported an epoch." };
  const marked = new Set([...(most === "0" ? [] : table.ranked().slice(0, LEADERS)), ...selection.rows]);
  const points = rows.reduce((sum, row) => sum + table.curves.lengths[row], 0);
  const crowd = (chosen, name, colour) => crowdOfCurves(table, metric, chosen, { name, colour, points });
  const colours = Theme.series();
  const data = [
    crowd(rows.filter((row) => !marked.has(row) && table.hasStopped(row)), "stopped", Theme.colour("stopped")),
    crowd(rows.filter((row) => !marked.has(row) && !table.hasStopped(row)), "other runs", Theme.colour("others")),
    ...rows
      .filter((row) => marked.has(row))
      .map((row, place) => singleCurve(table, metric, row, colours[place % colours.length])),
  ].filter((trace) => trace.x.length > 0);
  const layout = Theme.layout({
    xaxis: { title: "epoch", dtick: longest(table, rows) <= 12 ? 1 : undefined },
    yaxis: { title: plainText(metric), type: isLog ? "log" : "linear" },
    hovermode: "closest",
    showlegend: true,
  });
  return { data, layout };
}

const longest = (table, rows) => rows.reduce((most, row) => Math.max(most, table.curves.lengths[row]), 0);

function* pointsOf(table, metric, row) {
  const values = table.curves.metrics[metric] ?? [];
  const end = table.starts[row] + table.curves.lengths[row];
  for (let place = table.starts[row]; place < end; place++) yield [table.curves.epochs[place], values[place]];
}

/** Many curves in one trace, with a gap between them: a trace each would take seconds to draw. */
function crowdOfCurves(table, metric, rows, { name, colour, points }) {
  const [x, y, text, customdata] = [[], [], [], []];
  for (const row of rows) {
    const run = plainText(table.nameOf(row));
    for (const [epoch, value] of [...pointsOf(table, metric, row), [null, null]]) {
      x.push(epoch);
      y.push(value);
      text.push(run);
      customdata.push(row);
    }
  }
  return {
    ...curveTrace(x, y, text, customdata),
    name,
    type: scatterFor(points),
    line: { color: colour, width: 1 },
    marker: { color: colour, size: 3 },
    opacity: rows.length > 100 ? 0.55 : 0.85,
  };
}

function singleCurve(table, metric, row, colour) {
  const points = [...pointsOf(table, metric, row)];
  const run = plainText(table.nameOf(row));
  const trace = curveTrace(points.map((p) => p[0]), points.map((p) => p[1]), points.map(() => run), points.map(() => row));
  const rank = table.column("rank").at(row);
  const dash = table.hasStopped(row) ? "dot" : "solid";
  return {
    ...trace,
    name: rank === undefined ? run : `${rank}. ${run}`,
    line: { color: colour, width: 2.5, dash },
    marker: { color: colour, size: 6 },
  };
}

const curveTrace = (x, y, text, customdata) => ({
  type: "scatter",
  mode: "lines+markers",
  x,
  y,
  text,
  customdata,
  hovertemplate: "%{text}<br>epoch %{x}: %{y:.5g}<extra></extra>",
});
