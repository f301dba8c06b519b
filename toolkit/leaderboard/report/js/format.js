"use strict";
// Values as a person reads them; a missing one is "-".

const Format = (() => {
  /** Four decimals for a metric, so that a column lines up; an exponent for very small and very large ones. */
  function metric(value) {
    if (typeof value !== "number" || Number.isInteger(value)) return plain(value);
    const size = Math.abs(value);
    return size >= 1e-3 && size < 1e5 ? value.toFixed(4) : value.toExponential(3);
  }

  /** Four significant digits for a number, JSON for lists and dictionaries. */
  function plain(value) {
    if (value === undefined) return "-";
    if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  function seconds(value) {
    if (typeof value !== "number") return "-";
    return value < 100 ? value.toFixed(1) : value.toFixed(0);
  }

  const byKind = { metric, time: seconds, plain, param: plain };

  /** The text of a cell. */
  const cell = (column, row) => byKind[column.kind](column.at(row));

  /** The text, cut to so many characters. */
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  const count = (number) => number.toLocaleString("en");

  return { metric, plain, seconds, cell, cut, count };
})();
