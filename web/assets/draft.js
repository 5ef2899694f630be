// Keeps what is typed on this phone until it is sent, against a lost connection. Nothing leaves the phone.
"use strict";
(() => {
  const PREFIX = "draft:";
  const DAY = 86400000;
  const SKIPPED = new Set(["_csrf", "_once", "next"]);
  let store;
  try {
    store = window.localStorage;
    store.getItem(PREFIX);
  } catch {
    return; // Private browsing without storage: the form works without a draft.
  }
  const fields = (form) =>
    Array.from(form.elements).filter(
      (field) => field.name && !SKIPPED.has(field.name) && field.type !== "file" && field.type !== "password",
    );
  const read = (form) =>
    fields(form)
      .filter((field) => (field.type !== "checkbox" && field.type !== "radio") || field.checked)
      .map((field) => [field.name, field.value]);
  const fill = (form, pairs) => {
    for (const field of fields(form)) {
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
  };
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    const note = form.querySelector("[data-draft-note]");
    const untouched = JSON.stringify(read(form));
    const refused = document.getElementById("errors");
    try {
      const kept = JSON.parse(store.getItem(key) || "null");
      if (kept && Date.now() - kept.at < 7 * DAY && !refused && !location.search) {
        fill(form, kept.pairs);
        if (note) note.hidden = false;
      }
    } catch {
      store.removeItem(key);
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const pairs = read(form);
        try {
          if (JSON.stringify(pairs) === untouched) store.removeItem(key);
          else {
            store.setItem(key, JSON.stringify({ at: Date.now(), pairs }));
            if (note) note.hidden = false;
          }
        } catch {
          // Full: the form still works.
        }
      }, 400);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      store.setItem(PREFIX + "sent", key);
    });
  }
  // The draft goes away only when the page after the form says that the action worked.
  const sent = store.getItem(PREFIX + "sent");
  if (sent && document.querySelector(".flash-good")) {
    store.removeItem(sent);
    store.removeItem(PREFIX + "sent");
  }
})();
