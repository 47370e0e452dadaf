// Keys for people who answer many questions. Without this script the form works like any form, also by keyboard.
"use strict";

const form = document.getElementById("question");
const note = document.getElementById("note");
const single = document.getElementById("single");
const chosen = document.getElementById("chosen");
const sentences = [...form.querySelectorAll("input[name=sentence]")];
const answers = [...form.querySelectorAll("input[name=answer]")];

document.getElementById("keys").hidden = false;
for (const key of form.querySelectorAll("kbd[hidden]")) key.hidden = false;
try {
  single.checked = localStorage.getItem("single-keys") !== "off";
} catch { /* the browser stores nothing: single keys stay on */ }
single.addEventListener("change", () => {
  try {
    localStorage.setItem("single-keys", single.checked ? "on" : "off");
  } catch { /* the choice is then forgotten with the page */ }
});

// The tab key stops once for all sentences; the arrow keys go through them.
let at = 0;
const stop = (next) => {
  if (!sentences.length) return;
  sentences[at].tabIndex = -1;
  at = Math.max(0, Math.min(sentences.length - 1, next));
  sentences[at].tabIndex = 0;
};
for (const [n, sentence] of sentences.entries()) {
  sentence.tabIndex = -1;
  sentence.addEventListener("focus", () => stop(n));
}
stop(0);

const move = (step) => {
  const inside = sentences.includes(document.activeElement);
  stop(inside ? at + step : at);
  sentences[at]?.focus();
};
const keep = () => form.requestSubmit();

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.isComposing) return;
  const where = document.activeElement;
  if (where === note) {
    if (event.key === "Escape") note.blur();
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); keep(); }
    return;
  }
  if (event.ctrlKey) return;
  const goes = where.matches("a, button, summary");
  if (event.key === "Enter" && !goes) { event.preventDefault(); if (!event.repeat) keep(); return; }
  if (where.type !== "radio" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (!single.checked) return;
  const answer = answers.find((one) => one.dataset.key === event.key);
  if (answer) {
    answer.checked = true;
    chosen.textContent = `${answer.labels[0].firstElementChild.nextSibling.textContent.trim()} is chosen`;
  } else if (event.key === "w") {
    event.preventDefault();
    note.focus();
  } else if (event.key === "b") {
    form.querySelector("a[rel=prev]")?.click();
  }
});
