"use strict";
// How the metric goes with one hyperparameter, whatever the others are: mean and spread of the runs in each bin.

const MARGINALS = 6;
const BINS = 8;
const MOST_DOTS = 300;

function marginalSection(table) {
  const columns = parametersByImportance(table).slice(0, MARGINALS);
  const charts = columns.map((column) => {
    const chart = new Chart(`${table.metric} against ${column.title}`, () => marginalFigure(table, column));
    return make("div", {}, make("h3", { title: column.key }, column.title), chart.root);
  });
  return section(
    "marginal",
    "Marginal effects",
    `Mean of ${table.metric} over the ranked runs of a value or range, with one standard deviation to either side; dots are runs.`,
    charts.length ? make("div", { class: "small-charts" }, ...charts) : nothing("No hyperparameter differs between the runs."),
  );
}

function marginalFigure(table, column) {
  const rows = table.ranked().filter((row) => column.at(row) !== undefined);
  if (rows.length < 2) return { empty: "Fewer than two ranked runs have it." };
  const bins = (isContinuous(column, rows) ? ranges(column, rows) : levels(column, rows)).map((bin) => ({
    ...bin,
    ...spread(bin.rows.map((row) => table.main.at(row))),
  }));
  const isText = !column.isNumber;
  const x = bins.map((bin) => bin.place);
  const colour = Theme.colour("c1");
  const dots = rows.filter((_, place) => place % Math.ceil(rows.length / MOST_DOTS) === 0);
  // Levels stand at their places, for two long ones may be cut to the same text.
  const places = new Map(bins.map((bin) => [bin.name, bin.place]));
  const at = (row) => (isText ? places.get(Format.plain(column.at(row))) : column.at(row));
  const data = [
    {
      type: "scatter",
      mode: "markers",
      x: dots.map(at),
      y: dots.map((row) => table.main.at(row)),
      text: dots.map((row) => `${plainText(table.nameOf(row))}<br>${plainText(Format.cell(column, row))}`),
      marker: { color: Theme.colour("stopped"), size: 4, opacity: 0.6 },
      hovertemplate: "%{text}: %{y:.5g}<extra></extra>",
    },
    {
      type: "scatter",
      mode: isText ? "markers" : "lines+markers",
      x,
      y: bins.map((bin) => bin.mean),
      error_y: { type: "data", array: bins.map((bin) => bin.deviation), color: colour, thickness: 1.4, width: 4 },
      text: bins.map((bin) => `${plainText(bin.name)}: ${Format.count(bin.rows.length)} runs`),
      line: { color: colour, width: 2 },
      marker: { color: colour, size: 8 },
      hovertemplate: "%{text}<br>mean %{y:.5g}<extra></extra>",
    },
  ];
  const layout = Theme.layout({
    xaxis: marginalAxis(column, rows, bins),
    yaxis: { title: plainText(table.metric), range: fairRange(dots.map((row) => table.main.at(row)), bins) },
    showlegend: false,
  });
  layout.margin = { l: 54, r: 10, t: 6, b: 30 };
  return { data, layout };
}

function marginalAxis(column, rows, bins) {
  if (!column.isNumber) {
    const ticktext = bins.map((bin) => plainText(Format.cut(bin.name, 14)));
    return { tickvals: bins.map((bin) => bin.place), ticktext, range: [-0.6, bins.length - 0.4] };
  }
  if (column.log) return logAxis(rows.map((row) => column.at(row)));
  return isContinuous(column, rows) ? {} : { tickvals: bins.map((bin) => bin.place), ticktext: bins.map((bin) => bin.name) };
}

function logAxis(values) {
  const decades = values.map(Math.log10);
  const low = decades.reduce((a, b) => Math.min(a, b));
  const high = decades.reduce((a, b) => Math.max(a, b));
  const ticks = logTicks(low, high);
  const margin = 0.04 * (high - low || 1);
  return {
    type: "log",
    range: [low - margin, high + margin],
    tickvals: ticks.map(([place]) => 10 ** place),
    ticktext: ticks.map(([, text]) => text),
  };
}

const isContinuous = (column, rows) => column.isNumber && new Set(rows.map((row) => column.at(row))).size > BINS;

const MOST_LEVELS = 12;

/** One bin a value: numbers where they are, texts side by side, the most frequent first. */
function levels(column, rows) {
  const found = new Map();
  for (const row of rows) {
    const value = column.isNumber ? column.at(row) : Format.plain(column.at(row));
    if (!found.has(value)) found.set(value, []);
    found.get(value).push(row);
  }
  const bins = [...found].map(([value, members]) => ({ place: value, name: Format.plain(value), rows: members }));
  if (column.isNumber) return bins.sort((a, b) => a.place - b.place);
  const frequent = bins.sort((a, b) => b.rows.length - a.rows.length).slice(0, MOST_LEVELS);
  return frequent.map((bin, place) => ({ ...bin, place }));
}

/** Bins of equal width on the column's scale; empty ones are left out. */
function ranges(column, rows) {
  const [to, from] = column.log ? [Math.log10, (v) => 10 ** v] : [(v) => v, (v) => v];
  const places = rows.map((row) => to(column.at(row)));
  const low = places.reduce((a, b) => Math.min(a, b));
  const width = (places.reduce((a, b) => Math.max(a, b)) - low) / BINS;
  const bins = Array.from({ length: BINS }, (_, bin) => ({
    place: from(low + (bin + 0.5) * width),
    name: `${Format.plain(from(low + bin * width))} to ${Format.plain(from(low + (bin + 1) * width))}`,
    rows: [],
  }));
  rows.forEach((row, index) => bins[Math.min(BINS - 1, Math.floor((places[index] - low) / width))].rows.push(row));
  return bins.filter((bin) => bin.rows.length);
}

function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** All bins, and the runs but the outermost twentieth: one that diverged must not flatten the rest. */
function fairRange(values, bins) {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = [sorted[Math.floor(0.05 * (sorted.length - 1))], sorted[Math.ceil(0.95 * (sorted.length - 1))]];
  const low = Math.min(inner[0], ...bins.map((bin) => bin.mean));
  const high = Math.max(inner[1], ...bins.map((bin) => bin.mean));
  const margin = 0.12 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - margin, high + margin];
}
