"use strict";
// A chart: drawn when it comes into sight, and again when the theme or what it shows changes.

const MANY_POINTS = 5000; // from here on WebGL draws, which needs no element for each point

/** Text for plotly.js, which reads some tags and entities: here it stays text. */
const plainText = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const scatterFor = (points) => (points > MANY_POINTS ? "scattergl" : "scatter");

/** [place, text] of the ticks of a logarithmic range that is given in decades: the fewest steps that make three. */
function logTicks(low, high) {
  for (const steps of [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const ticks = [];
    for (let decade = Math.floor(low); decade <= Math.ceil(high); decade++) {
      for (const step of steps) {
        const place = decade + Math.log10(step);
        if (place >= low - 1e-9 && place <= high + 1e-9) ticks.push([place, Format.plain(Number(`${step}e${decade}`))]);
      }
    }
    if (ticks.length > 2) return ticks;
  }
  return [low, high].map((place) => [place, Format.plain(10 ** place)]);
}

class Chart {
  static all = new Set();

  static seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        entry.target.chart.inSight = entry.isIntersecting;
        if (entry.isIntersecting) entry.target.chart.draw();
      }
    },
    { rootMargin: "300px" },
  );

  static sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.data !== undefined && target.clientWidth > 0) Plotly.Plots.resize(target); // drawn, and in sight
    }
  });

  /** `build` returns {data, layout}, or {empty: why there is nothing to draw}; `picked` gets a clicked row. */
  constructor(label, build, picked = null) {
    this.build = build;
    this.picked = picked;
    this.isStale = true;
    this.inSight = false;
    this.element = make("div", { class: "chart", role: "img", "aria-label": label });
    this.message = nothing("");
    this.root = make("div", {}, this.element, this.message);
    this.root.chart = this;
    this.message.hidden = true;
    Chart.all.add(this);
    Chart.seen.observe(this.root);
    Chart.sizes.observe(this.element);
  }

  /** What it shows has changed. */
  refresh() {
    this.isStale = true;
    if (this.inSight) this.draw();
  }

  draw() {
    if (!this.isStale || !this.root.isConnected) return;
    this.isStale = false;
    const { empty, data, layout } = this.build();
    this.element.hidden = empty !== undefined;
    this.message.hidden = empty === undefined;
    this.message.textContent = empty ?? "";
    if (empty !== undefined) return;
    const config = {
      displaylogo: false,
      displayModeBar: Theme.isPhone() ? false : "hover", // on a phone it would lie over the legend
      modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    };
    Plotly.react(this.element, data, layout, config);
    if (this.picked !== null) {
      this.element.removeAllListeners("plotly_click");
      this.element.on("plotly_click", (event) => {
        const row = event.points[0].customdata;
        if (row !== undefined && row !== null) this.picked(row);
      });
    }
  }

  static forget() {
    for (const chart of Chart.all) {
      Chart.seen.unobserve(chart.root);
      Chart.sizes.unobserve(chart.element);
      Plotly.purge(chart.element);
    }
    Chart.all.clear();
  }

  static refreshAll() {
    for (const chart of Chart.all) chart.refresh();
  }

  static drawAll() {
    for (const chart of Chart.all) chart.draw();
  }
}

Theme.onChange(() => Chart.refreshAll());
window.addEventListener("beforeprint", () => Chart.drawAll());
