"use strict";
// The leaderboard. Only the rows in sight are elements, so that 20,000 runs scroll as ten do.

const ROW_HEIGHT = 32;
const SPARE_ROWS = 12;
const PRINTED_ROWS = 200;
const WIDEST_COLUMN = 280;
const WIDEST_REASON = 170; // most rows have none

const textWidth = (() => {
  const pen = document.createElement("canvas").getContext("2d");
  return (text, isBold) => {
    pen.font = `${isBold ? 700 : 400} 13.5px ${getComputedStyle(document.body).fontFamily}`;
    return pen.measureText(text).width;
  };
})();

class RunTable {
  constructor(table, selection) {
    this.table = table;
    this.selection = selection;
    this.order = [];
    this.sort = this.sortFromAddress();
    this.first = this.last = -1;
    this.head = make("thead");
    this.body = make("tbody");
    this.widths = make("colgroup");
    this.grid = make("table", { "aria-label": "Runs" }, this.widths, this.head, this.body);
    this.scroller = make("div", { class: "rows", tabindex: 0, role: "region", "aria-label": "Leaderboard" }, this.grid);
    this.state = make("p", { class: "state", role: "status" });
    this.box = make("input", {
      type: "search",
      placeholder: `words, or ${this.example()}`,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.filterSoon(),
    });
    this.box.value = Address.get("where") ?? "";
    const clear = make("button", { class: "plain", type: "button", onclick: () => selection.clear() }, "Clear picks");
    this.root = make(
      "div",
      {},
      make(
        "div",
        { class: "controls" },
        make("label", { class: "wide" }, "Filter", this.box),
        columnChooser(table.columns, () => this.columnsChanged()),
        clear,
      ),
      this.state,
      this.scroller,
    );
    this.scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.scroller);
    selection.onChange(() => this.redraw());
    window.addEventListener("beforeprint", () => this.draw(PRINTED_ROWS));
    window.addEventListener("afterprint", () => this.redraw());
    this.columnsChanged();
    this.apply();
  }

  /** A comparison that would work here, for the empty box. */
  example() {
    const number = this.table.ofKind("param").find((column) => column.isNumber && column.differs());
    if (number === undefined) return "status=COMPLETED";
    const some = number.values.find((value) => value !== null);
    return `${number.title}<${Format.plain(some)} status=COMPLETED`;
  }

  sortFromAddress() {
    const wanted = Address.get("sort");
    try {
      const column = wanted === null ? this.table.column("rank") : Filter.columnOf(this.table, wanted);
      return { column, isDown: Address.get("desc") === "1" };
    } catch {
      return { column: this.table.column("rank"), isDown: false };
    }
  }

  filterSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      Address.set({ where: this.box.value });
      this.apply();
    }, 120);
  }

  /** Filter and sort anew. */
  apply() {
    let test;
    try {
      test = Filter.parse(this.table, this.box.value);
    } catch (error) {
      this.state.textContent = error.message;
      this.state.className = "state wrong";
      return;
    }
    this.order = [];
    for (let row = 0; row < this.table.size; row++) if (test(row)) this.order.push(row);
    this.sortRows();
    this.scroller.scrollTop = 0;
    this.tell();
    this.redraw();
  }

  tell() {
    const shown = this.order.length;
    const unranked = this.order.filter((row) => !this.table.isRanked(row)).length;
    const failed = unranked ? `, ${Format.count(unranked)} of them without a rank` : "";
    this.state.textContent = `${Format.count(shown)} of ${Format.count(this.table.size)} runs${failed}`;
    this.state.className = "state";
  }

  /** Missing values stand at the end in both directions; equals keep the order of the leaderboard. */
  sortRows() {
    const { column, isDown } = this.sort;
    const collate = new Intl.Collator("en", { numeric: true }).compare;
    const sign = isDown ? -1 : 1;
    const compare = (a, b) => (column.isNumber ? a - b : collate(Format.plain(a), Format.plain(b)));
    this.order.sort((one, other) => {
      const a = column.at(one);
      const b = column.at(other);
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined) || one - other;
      return sign * compare(a, b) || one - other;
    });
  }

  sortBy(column) {
    const isSame = this.sort.column === column;
    this.sort = { column, isDown: isSame ? !this.sort.isDown : column.direction === "max" };
    const isPlain = column.key === "rank" && !this.sort.isDown;
    Address.set({ sort: isPlain ? null : column.key, desc: this.sort.isDown ? "1" : null });
    this.markSort();
    this.apply();
  }

  columnsChanged() {
    this.shown = this.table.columns.filter((column) => column.shown || column.key === "rank");
    const widths = [36, ...this.shown.map((column) => this.widthOf(column))];
    const columns = widths.map((width) => make("col", { style: `width:${width}px` }));
    this.widths.replaceChildren(...columns, make("col")); // the last one, empty, takes what is left of the window
    this.grid.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
    this.grid.style.minWidth = "100%";
    const pick = make("th", { class: "pick", scope: "col", "aria-label": "Picked" });
    this.headings = this.shown.map((column) => this.heading(column));
    this.head.replaceChildren(make("tr", {}, pick, ...this.headings, make("td")));
    this.grid.setAttribute("aria-colcount", widths.length);
    this.markSort();
    this.redraw();
  }

  heading(column) {
    const button = make("button", { type: "button", title: column.key, onclick: () => this.sortBy(column) }, column.title);
    return make("th", { scope: "col", class: this.classOf(column) }, button);
  }

  /** Pixels that the title and most cells need. */
  widthOf(column) {
    let longest = "";
    const step = Math.max(1, Math.floor(this.table.size / 100));
    for (let row = 0; row < this.table.size; row += step) {
      const text = Format.cell(column, row);
      if (text.length > longest.length) longest = text;
    }
    const needed = Math.max(textWidth(`${column.title} ▼`, true), textWidth(longest, column === this.table.main));
    return Math.min(Math.ceil(needed) + 24, column.key === "reason" ? WIDEST_REASON : WIDEST_COLUMN);
  }

  classOf(column) {
    const classes = [column.isNumber ? "number" : "", column.key === "rank" ? "first" : ""];
    return [...classes, column === this.table.main ? "best" : ""].join(" ").trim();
  }

  markSort() {
    this.shown.forEach((column, place) => {
      const isSorted = column === this.sort.column;
      const heading = this.headings[place];
      heading.firstChild.textContent = column.title + (isSorted ? (this.sort.isDown ? " ▼" : " ▲") : "");
      if (isSorted) heading.setAttribute("aria-sort", this.sort.isDown ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    });
  }

  redraw() {
    this.first = this.last = -1;
    this.draw();
  }

  /** Make the rows in sight; a row of the missing height stands for those above and below. */
  draw(most = null) {
    const fitting = Math.ceil((this.scroller.clientHeight || 600) / ROW_HEIGHT);
    const top = most === null ? Math.floor(this.scroller.scrollTop / ROW_HEIGHT) : 0;
    const first = Math.max(0, top - SPARE_ROWS);
    const last = Math.min(this.order.length, most ?? top + fitting + SPARE_ROWS);
    if (first === this.first && last === this.last) return;
    [this.first, this.last] = [first, last];
    const focused = document.activeElement?.dataset?.row;
    const rows = this.order.slice(first, last).map((row, place) => this.row(row, first + place));
    const below = most === null ? this.order.length - last : 0;
    this.body.replaceChildren(this.gap(first), ...rows, this.gap(below));
    this.grid.setAttribute("aria-rowcount", this.order.length + 1);
    if (focused !== undefined) this.body.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
  }

  row(row, place) {
    const name = this.table.nameOf(row);
    const box = make("input", {
      type: "checkbox",
      "data-row": row,
      "aria-label": `Pick ${name}`,
      onchange: () => this.selection.toggle(row),
    });
    box.checked = this.selection.has(row);
    const cells = this.shown.map((column) => {
      const text = Format.cell(column, row);
      return make("td", { class: this.classOf(column), title: text.length > 20 ? text : undefined }, text);
    });
    const classes = [box.checked ? "picked" : "", this.table.isRanked(row) ? "" : "unranked"].join(" ").trim();
    const about = { class: classes, "aria-rowindex": place + 2, "data-run": this.table.column("run_id").at(row) };
    return make("tr", about, make("td", { class: "pick" }, box), ...cells, make("td"));
  }

  gap(rows) {
    const gap = make("tr", { class: "gap", "aria-hidden": "true" }, make("td", { colspan: this.shown.length + 2 }));
    gap.hidden = rows === 0;
    gap.firstChild.style.height = `${rows * ROW_HEIGHT}px`;
    return gap;
  }
}
