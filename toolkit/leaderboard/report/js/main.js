"use strict";
// Begins here: the heading, one tab for each group of runs, and the group that the address names.

function show(place) {
  Chart.forget();
  document.querySelectorAll(".tabs button").forEach((tab, index) => {
    tab.setAttribute("aria-selected", String(index === place));
    tab.tabIndex = index === place ? 0 : -1;
  });
  document.getElementById("board").replaceChildren(...board(Data.tables[place]));
}

function tabs() {
  const list = make("div", { class: "tabs", role: "tablist", "aria-label": "Groups that can be ranked together" });
  Data.tables.forEach((table, place) => {
    const open = () => {
      Address.set({ table: place ? String(place) : null, sort: null, desc: null, where: null });
      show(place);
    };
    const experiments = table.column("experiment").levels.map(Format.plain);
    const names = experiments.slice(0, 3).join(", ") + (experiments.length > 3 ? ", …" : "");
    const about = `${Format.count(table.size)} runs by ${table.metric}${table.reason ? `; ${table.reason}` : ""}`;
    const tab = make("button", { type: "button", role: "tab", "aria-controls": "board", onclick: open });
    tab.append(make("b", {}, names), make("small", {}, about));
    list.append(tab);
  });
  list.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way === undefined) return;
    const all = [...list.children];
    const next = all[(all.indexOf(document.activeElement) + way + all.length) % all.length];
    next.focus();
    next.click();
  });
  return list;
}

{
  const head = document.getElementById("head");
  const wanted = Number(Address.get("table") ?? 0);
  const chosen = Number.isInteger(wanted) && wanted >= 0 && wanted < Data.tables.length ? wanted : 0;
  head.append(make("h1", {}, Data.title));
  if (Data.tables.length > 1) {
    document.getElementById("board").setAttribute("role", "tabpanel");
    head.append(make("p", { class: "soft" }, `${Data.tables.length} groups of runs that cannot be ranked together:`), tabs());
  }
  document.getElementById("foot").append(make("p", {}, `Written by toolkit compare on ${Data.made}. Nothing here is fetched from a network.`));
  if (Data.tables.length) show(chosen);
  else document.getElementById("board").append(nothing("There is nothing to compare yet."));
}
