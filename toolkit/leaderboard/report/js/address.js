"use strict";
// What the reader looks at stands behind the # of the address: #table=1&sort=lr&desc=1&where=lr<0.01
// A link to the file with it opens the same view.

const Address = (() => {
  const read = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  const get = (name) => read().get(name);

  /** Set names to values; null takes one away. */
  function set(changes) {
    const now = read();
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") now.delete(name);
      else now.set(name, value);
    }
    // No entry in the history: the way back leads out of the report.
    location.replace(`#${now.size ? now : "board"}`);
  }

  return { get, set };
})();
