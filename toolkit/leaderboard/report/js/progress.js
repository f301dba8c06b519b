"use strict";
// The best value found so far, against the trials and against the seconds of each search.

function progressSection(table) {
  const against = (axis, title) => {
    const chart = new Chart(`Best ${table.metric} against ${title}`, () => progressFigure(table, axis, title));
    return make("div", {}, make("h3", {}, `Against ${title}`), chart.root);
  };
  return section(
    "progress",
    "Best so far",
    `The best ${table.metric} that each search had found after so many trials, and after so long (trials side by side cost their time once).`,
    make("div", { class: "pair" }, against("trials", "trials"), against("seconds", "seconds")),
  );
}

/** The values but those of the first fiftieth: the first epochs of the first trial would flatten the rest. */
function withoutTheStart(lines) {
  const end = Math.max(...lines.map(({ x }) => x.at(-1)));
  const values = lines.flatMap(({ x, y }) => y.filter((_, place) => place === y.length - 1 || x[place + 1] > 0.02 * end));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.08 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - margin, high + margin];
}

function progressFigure(table, axis, title) {
  const lines = table.progress.filter((search) => search[axis]?.x.length);
  if (!lines.length) {
    return !table.ranked().length
      ? { empty: "No run has a rank." }
      : { empty: "These runs come without times: results/ hold none. `toolkit compare --html FILE` takes them from the journals." };
  }
  const colours = Theme.series();
  const dashes = ["solid", "dash", "dot", "dashdot"];
  const data = lines.map((search, place) => ({
    type: "scatter",
    mode: search[axis].x.length > 60 ? "lines" : "lines+markers",
    name: plainText(search.name),
    x: search[axis].x,
    y: search[axis].y,
    text: search[axis].runs.map(plainText),
    line: {
      shape: "hv",
      width: 2,
      color: colours[place % colours.length],
      dash: dashes[Math.floor(place / colours.length) % dashes.length],
    },
    marker: { size: 5, color: colours[place % colours.length] },
    hovertemplate: `${title} %{x}: %{y:.5g}<br>%{text}<extra></extra>`,
  }));
  const layout = Theme.layout({
    xaxis: { title, rangemode: "tozero" },
    yaxis: { title: plainText(table.metric), range: withoutTheStart(lines.map((search) => search[axis])) },
    showlegend: lines.length > 1 && lines.length <= 12,
  });
  return { data, layout };
}
