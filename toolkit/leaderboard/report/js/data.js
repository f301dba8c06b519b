"use strict";
// The data of the report, decoded: columns that answer for a row by its place in the leaderboard.

const Data = (() => {
  const content = JSON.parse(document.getElementById("data").textContent);

  class Column {
    constructor(about) {
      Object.assign(this, about);
      this.isNumber = about.values !== undefined;
    }

    /** The row's value; undefined where it has none. */
    at(row) {
      if (this.isNumber) return this.values[row] ?? undefined;
      const code = this.codes[row];
      return code < 0 ? undefined : this.levels[code];
    }

    /** Whether two rows that have a value differ in it. */
    differs() {
      const cells = this.isNumber ? this.values : this.codes;
      const present = (cell) => cell !== null && cell !== -1;
      const first = cells.find(present);
      return cells.some((cell) => present(cell) && cell !== first);
    }
  }

  /** One group of runs that can be ranked together. */
  class Table {
    constructor(about) {
      Object.assign(this, about);
      this.columns = about.columns.map((column) => new Column(column));
      this.byKey = new Map(this.columns.map((column) => [column.key, column]));
      this.main = this.byKey.get(`metrics.${this.metric}`);
      this.starts = [];
      let start = 0;
      for (const length of this.curves.lengths) {
        this.starts.push(start);
        start += length;
      }
    }

    column(key) {
      return this.byKey.get(key);
    }

    ofKind(kind) {
      return this.columns.filter((column) => column.kind === kind);
    }

    isRanked(row) {
      return this.column("rank").at(row) !== undefined;
    }

    /** The ranked rows, best first. */
    ranked() {
      const ranks = this.column("rank").values;
      return ranks.flatMap((rank, row) => (rank === null ? [] : [row]));
    }

    /** How a person calls the run: experiment/trial, which is an address too. */
    nameOf(row) {
      return `${this.column("experiment").at(row)}/${this.column("trial").at(row)}`;
    }

    hasStopped(row) {
      return this.column("status").at(row) === "STOPPED";
    }
  }

  return { title: content.title, made: content.made, tables: content.tables.map((about) => new Table(about)) };
})();
