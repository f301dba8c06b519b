"use strict";
// The filter box: words that a row must hold, and comparisons such as lr<0.005 or status=STOPPED.

const Filter = (() => {
  const COMPARISON = /^([^<>=!~]+)(<=|>=|!=|=|<|>|~)(.*)$/;

  const compare = {
    "=": (value, wanted) => String(value).toLowerCase() === wanted,
    "!=": (value, wanted) => String(value).toLowerCase() !== wanted,
    "~": (value, wanted) => String(value).toLowerCase().includes(wanted),
    "<": (value, wanted) => value < wanted,
    "<=": (value, wanted) => value <= wanted,
    ">": (value, wanted) => value > wanted,
    ">=": (value, wanted) => value >= wanted,
  };

  /** The column by its key, its title, or a unique end of its key; throws where there is none. */
  function columnOf(table, name) {
    const wanted = name.toLowerCase();
    const exact = table.columns.find((c) => c.title.toLowerCase() === wanted || c.key.toLowerCase() === wanted);
    if (exact) return exact;
    const ending = table.columns.filter((c) => `.${c.key}`.toLowerCase().endsWith(`.${wanted}`));
    if (ending.length === 1) return ending[0];
    throw new Error(ending.length ? `${name} names several columns` : `there is no column ${name}`);
  }

  function comparison(table, name, operator, text) {
    const column = columnOf(table, name);
    const number = Number(text);
    const isNumeric = text !== "" && !Number.isNaN(number);
    if ("<=>=".includes(operator) && operator !== "=" && !isNumeric) throw new Error(`${text || "nothing"} is no number`);
    const test = compare[operator];
    if (isNumeric && column.isNumber && operator !== "~") {
      const equal = { "=": (v) => v === number, "!=": (v) => v !== number }[operator] ?? ((v) => test(v, number));
      return (row) => column.at(row) !== undefined && equal(column.at(row));
    }
    const wanted = "<>".includes(operator[0]) ? number : text.toLowerCase();
    return (row) => {
      const value = column.at(row);
      if (value === undefined) return operator === "=" && wanted === "-"; // "-" stands for a missing value
      return test(typeof value === "object" ? JSON.stringify(value) : value, wanted);
    };
  }

  /** Rows that hold the word in a column of texts. */
  function word(table, text) {
    const wanted = text.toLowerCase();
    const hits = table.columns
      .filter((column) => !column.isNumber)
      .map((column) => {
        const found = column.levels.map((level) => Format.plain(level).toLowerCase().includes(wanted));
        return (row) => column.codes[row] >= 0 && found[column.codes[row]];
      });
    return (row) => hits.some((hit) => hit(row));
  }

  /** What the text asks, as a function of the row; throws an Error with a message for the reader. */
  function parse(table, text) {
    // Spaces round an operator belong to the comparison, quotes keep words together.
    const tight = text.trim().replace(/\s*(<=|>=|!=|=|<|>|~)\s*/g, "$1");
    const parts = tight.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
    const tests = parts.map((part) => {
      const bare = part.replaceAll('"', "");
      const found = part.startsWith('"') ? null : bare.match(COMPARISON);
      return found ? comparison(table, found[1], found[2], found[3]) : word(table, bare);
    });
    return (row) => tests.every((test) => test(row));
  }

  return { parse, columnOf };
})();
