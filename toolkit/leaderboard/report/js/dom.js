"use strict";
// Elements of the page. Text goes in as text only, so that no name can become markup.

/** Make an element: attributes and listeners (`onclick`) from `about`, then text or elements as children. */
function make(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A labelled drop-down; `options` are [value, text], `changed` gets the value. */
function choice(label, options, chosen, changed) {
  const select = make("select", { onchange: () => changed(select.value) });
  for (const [value, text] of options) select.append(make("option", { value }, text));
  select.value = chosen;
  return make("label", {}, label, select);
}

/** A labelled switch; `changed` gets whether it is on. */
function toggle(label, on, changed) {
  const box = make("input", { type: "checkbox", onchange: () => changed(box.checked) });
  box.checked = on;
  return make("label", { class: "check" }, box, label);
}

/** A part of the page with its heading. */
function section(id, title, explanation, ...children) {
  const heading = make("h2", { id: `${id}-title` }, title);
  const about = explanation ? make("p", { class: "soft" }, explanation) : null;
  return make("section", { class: "card", id, "aria-labelledby": `${id}-title` }, heading, about, ...children);
}

const nothing = (text) => make("div", { class: "empty" }, text);
