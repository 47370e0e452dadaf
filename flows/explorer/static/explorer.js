// Copies SQL, and shows that there is a newer snapshot. Every page works without this script.
"use strict";

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest("details").querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy the SQL"; }, 2000);
  });
}

const shown = document.body.dataset.snapshot;
if (shown) {
  const look = async () => {
    if (document.hidden) return;
    try {
      const newest = (await (await fetch("/snapshot")).json()).snapshot;
      document.getElementById("newer").hidden = !newest || newest === shown;
    } catch { /* the server has ended, or is busy: the next attempt will show it */ }
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, 20000);
}
