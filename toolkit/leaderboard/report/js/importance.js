"use strict";
// What share of the metric's variance each hyperparameter explains, as the report was written with it.

function importanceSection(table) {
  const { importance } = table;
  const chart = new Chart("Importance of the hyperparameters", () => importanceFigure(table));
  const bars = Math.min(importance.shares.length, 15);
  chart.element.style.height = `${Math.max(160, 64 + 30 * bars)}px`;
  return section(
    "importance",
    "What matters",
    `Share of the variance of ${table.metric} that each hyperparameter explains by itself.`,
    chart.root,
    make("p", { class: "soft" }, importanceSource(importance)),
  );
}

function importanceSource({ evaluator, version, runs, ranked, trees, depth, seed, problem }) {
  if (problem !== null) return "";
  const which = runs === ranked ? `${Format.count(runs)} ranked runs` : `${Format.count(runs)} of ${Format.count(ranked)} ranked runs`;
  return `fANOVA by ${evaluator} of Optuna ${version} (${trees} trees, ${depth} levels, seed ${seed}) over ${which}.`;
}

function importanceFigure(table) {
  const { shares, problem } = table.importance;
  if (problem !== null) return { empty: `No importance: ${problem}.` };
  const shown = shares.slice(0, 15).reverse();
  const titleOf = (path) => table.column(`params.${path}`).title;
  const data = [
    {
      type: "bar",
      orientation: "h",
      y: shown.map(([path]) => plainText(titleOf(path))),
      x: shown.map(([, share]) => share),
      text: shown.map(([, share]) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`),
      textposition: "outside",
      cliponaxis: false,
      customdata: shown.map(([path]) => plainText(path)),
      marker: { color: Theme.colour("c1") },
      hovertemplate: "%{customdata}: %{x:.3f}<extra></extra>",
    },
  ];
  const layout = Theme.layout({
    xaxis: { tickformat: ".0%", nticks: 5, tickangle: 0, range: [0, Math.min(1.12, shown.at(-1)[1] * 1.2 + 0.02)] },
    yaxis: { type: "category" },
    showlegend: false,
  });
  layout.margin = { l: 20, r: 46, t: 8, b: 34 };
  return { data, layout };
}
