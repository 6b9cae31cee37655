// Rows of a long table: by a word, by origin, by what differs from the default.

export function addFilters(box, element) {
  const rows = [...box.nextElementSibling.querySelectorAll("tbody tr")];
  const word = element("input", { type: "search", placeholder: "a word", oninput: apply });
  const check = (label, onchange = apply) => {
    const input = element("input", { type: "checkbox", onchange });
    return { input, label: element("label", {}, input, " " + label) };
  };
  const calibrated = check("only calibrated"), differs = check("only what differs from the default");
  const count = element("output", { "aria-live": "polite" });
  box.append(element("label", {}, "Find ", word), calibrated.label, differs.label, count);
  function apply() {
    const wanted = word.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = wanted && !row.textContent.toLowerCase().includes(wanted)
        || calibrated.input.checked && !row.querySelector('[data-origin="calibrated"]')
        || differs.input.checked && !row.querySelector(".differs");
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = shown + " of " + rows.length;
  }
  apply();
}
