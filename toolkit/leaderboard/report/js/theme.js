"use strict";
// Colours of the charts: those of the style sheet, light or dark as the reader's system is.

const Theme = (() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const phone = window.matchMedia("(max-width: 700px)");

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const series = () => ["c1", "c2", "c3", "c4", "c5", "c6", "c7"].map(colour);

  const axis = (about) => ({
    gridcolor: colour("grid"),
    linecolor: colour("line"),
    zeroline: false,
    automargin: true,
    ...about,
    title: { text: about.title ?? "", standoff: 8 },
  });

  /** A layout in the page's colours; `about` adds to it. */
  const layout = ({ xaxis = {}, yaxis = {}, ...about }) => ({
    dragmode: phone.matches ? false : "zoom", // a finger on a chart scrolls the page
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: colour("text") },
    margin: { l: 56, r: 14, t: 12, b: 46 },
    hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("text") } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("stopped"), activecolor: colour("accent") },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    xaxis: axis(xaxis),
    yaxis: axis(yaxis),
    ...about,
  });

  /** Call when the system turns dark or light, or the window becomes that of a phone. */
  function onChange(listener) {
    dark.addEventListener("change", listener);
    phone.addEventListener("change", listener);
  }

  return { colour, series, layout, onChange, isPhone: () => phone.matches };
})();
