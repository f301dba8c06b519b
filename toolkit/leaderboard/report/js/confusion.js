"use strict";
// Confusion matrices of two runs side by side: actual labels down, predicted ones across.

function confusionSection(table) {
  const { matrices, more } = table.confusion;
  const explanation = "Which labels a run takes for which, on the validation data; the diagonal is right.";
  if (!matrices.length) {
    const how = "No run here has saved predictions. `toolkit confirm --no-retrain` asks the kept models of the leading runs and saves what they say.";
    return section("confusion", "Confusion", explanation, nothing(how));
  }
  const state = { left: 0, right: Math.min(1, matrices.length - 1), isShare: true };
  const options = matrices.map(({ row }, place) => [String(place), titleOfRun(table, row)]);
  const side = (name, label) => {
    const chart = new Chart(`Confusion matrix, ${label}`, () => confusionFigure(matrices[state[name]], state.isShare));
    chart.element.style.height = `${Math.min(680, Math.max(330, 150 + 22 * matrices[state[name]].labels.length))}px`;
    const chosen = choice(label, options, String(state[name]), (value) => {
      state[name] = Number(value);
      chart.refresh();
    });
    return { chart, root: make("div", {}, make("div", { class: "controls" }, chosen), chart.root) };
  };
  const sides = [side("left", "Run on the left"), side("right", "Run on the right")];
  const shares = toggle("each row as shares of its label", state.isShare, (isOn) => {
    state.isShare = isOn;
    for (const { chart } of sides) chart.refresh();
  });
  const note = more ? make("p", { class: "state" }, `${Format.count(more)} runs further down have predictions too.`) : null;
  return section(
    "confusion",
    "Confusion",
    explanation,
    make("div", { class: "controls" }, shares),
    make("div", { class: "pair" }, ...sides.map(({ root }) => root)),
    note,
  );
}

function titleOfRun(table, row) {
  const rank = table.column("rank").at(row);
  return rank === undefined ? table.nameOf(row) : `${rank}. ${table.nameOf(row)}`;
}

function confusionFigure({ labels, counts }, isShare) {
  const grid = labels.map(() => labels.map(() => 0));
  for (const [actual, predicted, rows] of counts) grid[actual][predicted] = rows;
  const totals = grid.map((line) => line.reduce((sum, rows) => sum + rows, 0));
  const z = isShare ? grid.map((line, row) => line.map((rows) => (totals[row] ? rows / totals[row] : 0))) : grid;
  // Places, not names: two labels may read alike.
  const ticks = (longest, size) => ({
    tickvals: labels.map((_, place) => place),
    ticktext: labels.map((label) => plainText(Format.cut(label, longest))),
    tickfont: { size },
    showgrid: false,
  });
  const [longest, size] = Theme.isPhone() ? [11, 8] : [18, labels.length > 12 ? 10 : 12];
  const hover = grid.map((line, actual) =>
    line.map((rows, predicted) => `${plainText(labels[actual])} as ${plainText(labels[predicted])}<br>${rows} of ${totals[actual]} rows`),
  );
  const data = [
    {
      type: "heatmap",
      z,
      text: hover,
      // Few mistakes must be seen beside a strong diagonal: half of the colours are for the first fifth.
      colorscale: [
        [0, Theme.colour("cold")],
        [0.04, Theme.colour("cool")],
        [0.2, Theme.colour("mild")],
        [1, Theme.colour("warm")],
      ],
      zmin: 0,
      zmax: isShare ? 1 : undefined,
      xgap: 1,
      ygap: 1,
      showscale: false,
      hovertemplate: "%{text}<extra></extra>",
    },
  ];
  if (labels.length <= 12) Object.assign(data[0], { texttemplate: isShare ? "%{z:.0%}" : "%{z}", textfont: { size: 11 } });
  const layout = Theme.layout({
    xaxis: { title: "predicted", tickangle: Theme.isPhone() ? -90 : -45, ...ticks(longest, size) },
    yaxis: { title: "actual", autorange: "reversed", ...ticks(longest, Math.max(size, 9)) },
  });
  return { data, layout };
}
