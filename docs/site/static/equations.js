// Draws the equations with KaTeX.
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".math")) {
    const text = place.textContent.replace(/^\s*\\[[(]|\\[\])]\s*$/g, "").trim();
    katex.render(text, place, { displayMode: place.tagName === "DIV", throwOnError: false, strict: false });
  }
});
