"use strict";
// Which columns the table shows: a box to tick for each.

function columnChooser(columns, changed) {
  const KINDS = [["plain", "Run"], ["metric", "Metrics"], ["time", "Time"], ["param", "Hyperparameters"]];
  const list = make("div", { role: "group", "aria-label": "Columns to show" });
  for (const [kind, title] of KINDS) {
    const ours = columns.filter((column) => column.kind === kind && column.key !== "rank");
    if (!ours.length) continue;
    list.append(make("h3", {}, title));
    for (const column of ours) {
      const box = make("input", { type: "checkbox" });
      box.checked = column.shown;
      box.addEventListener("change", () => {
        column.shown = box.checked;
        changed();
      });
      list.append(make("label", { title: column.key }, box, column.title));
    }
  }
  const chooser = make("details", { class: "chooser" }, make("summary", { class: "plain" }, "Columns ▾"), list);
  const close = (event) => {
    const isEscape = event.type === "keydown" && event.key === "Escape";
    if (isEscape || (event.type === "click" && !chooser.contains(event.target))) chooser.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
  return chooser;
}
