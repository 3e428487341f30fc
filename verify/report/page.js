// Filters the table. The page is complete without it.
(() => {
  "use strict";
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll("tr[data-search]")];
  if (!form || !rows.length) return;
  const words = form.querySelector("input[type=search]");
  const unexpected = form.querySelector("input[type=checkbox]");
  const shown = form.querySelector("output");
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => row.dataset.search.includes(word));
      row.hidden = !fits || (unexpected.checked && row.dataset.expected === "yes");
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
