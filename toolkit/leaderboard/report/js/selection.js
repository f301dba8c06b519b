"use strict";
// The runs that the reader picked: marked in the table, drawn in colour in the charts.

class Selection {
  constructor() {
    this.rows = new Set();
    this.listeners = [];
  }

  has(row) {
    return this.rows.has(row);
  }

  toggle(row) {
    if (!this.rows.delete(row)) this.rows.add(row);
    this.tell();
  }

  clear() {
    this.rows.clear();
    this.tell();
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  onChange(listener) {
    this.listeners.push(listener);
  }
}
