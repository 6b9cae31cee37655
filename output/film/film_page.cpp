#include "output/film/film_page.hpp"

#include "output/text.hpp"

#include <cstdint>
#include <string_view>

namespace osteoflare::output::film {
namespace {

/// `{title}`, `{last}`, `{first_label}` and `{frames}` are replaced.
constexpr std::string_view page = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root { color-scheme: light dark; --paper: #f4f4f2; --ink: #222; --soft: #5a5a5a; --line: #c8c8c4; --accent: #0072b2; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17191c; --ink: #ececec; --soft: #a9adb3; --line: #3c4148; --accent: #6cb9e8; }
}
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; background: var(--paper); color: var(--ink);
  font: 16px/1.4 "DejaVu Sans", Verdana, system-ui, sans-serif; }
main { flex: 1; min-height: 0; display: flex; justify-content: center; padding: 12px 12px 0; }
img { max-width: 100%; max-height: 100%; object-fit: contain; align-self: center; background: #fff; border-radius: 6px;
  box-shadow: 0 1px 8px rgba(0, 0, 0, .25); }
form { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 16px; padding: 12px 20px 6px; max-width: 1280px;
  width: 100%; margin: 0 auto; }
button, select { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line);
  border-radius: 6px; padding: 6px 14px; cursor: pointer; }
button#play { background: var(--accent); border-color: var(--accent); color: #fff; min-width: 6.2em; }
@media (prefers-color-scheme: dark) { button#play { color: #10151a; } }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input { flex: 1; min-width: 160px; accent-color: var(--accent); }
output { font-size: 22px; font-weight: bold; min-width: 6.5em; text-align: right; font-variant-numeric: tabular-nums; }
p { margin: 0 auto; padding: 0 20px 12px; color: var(--soft); font-size: 13px; text-align: center; }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; font: inherit; }
</style>
</head>
<body>
<main><img id="frame" alt="{title}, {first_label}"></main>
<form>
<button type="button" id="play">Play</button>
<input type="range" id="slider" min="0" max="{last}" value="0" step="1" aria-label="Frame">
<output id="day">{first_label}</output>
<select id="speed" aria-label="Speed">
<option value="1000">slow</option><option value="450" selected>normal</option><option value="180">fast</option>
</select>
</form>
<p><kbd>space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Home</kbd> <kbd>End</kbd> jump.</p>
<noscript><p>The film needs JavaScript. The frames are also in the folder beside this page.</p></noscript>
<script>
"use strict";
const frames = [
{frames}];
const [frame, slider, day, play, speed] = ["frame", "slider", "day", "play", "speed"].map(id => document.getElementById(id));
// Decoded ahead, so that no frame flickers.
const ready = frames.map(([, data]) => { const image = new Image(); image.src = data; return image; });
let at = 0, timer = null;
function show(number) {
  at = Math.min(Math.max(number, 0), frames.length - 1);
  frame.src = ready[at].src;
  frame.alt = document.title + ", " + frames[at][0];
  slider.value = at;
  slider.setAttribute("aria-valuetext", frames[at][0]);
  day.textContent = frames[at][0];
}
function pause() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}
function start() {
  clearInterval(timer);
  if (at === frames.length - 1) { show(0); }
  play.textContent = "Pause";
  timer = setInterval(() => { show(at + 1); if (at === frames.length - 1) { pause(); } }, Number(speed.value));
}
play.addEventListener("click", () => timer === null ? start() : pause());
speed.addEventListener("change", () => { if (timer !== null) { start(); } });
slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
document.addEventListener("keydown", event => {
  if (event.target === speed || event.ctrlKey || event.altKey || event.metaKey) { return; }
  const step = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: frames.length - 1 }[event.key];
  if (step !== undefined) {
    pause();
    show(step);
  } else if (event.key === " ") {
    timer === null ? start() : pause();
  } else {
    return;
  }
  event.preventDefault(); // the slider and the button would do it once more
});
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
show(0);
</script>
</body>
</html>
)html";

/// A text as a JavaScript string that stands in HTML.
std::string script_text(const std::string& text)
{
    std::string quoted = "\"";
    for (const char character : printable(text)) {
        switch (character) {
        case '"': quoted += "\\\""; break;
        case '\\': quoted += "\\\\"; break;
        case '<': quoted += "\\x3c"; break; // no </script> ends the script
        default: quoted += character;
        }
    }
    return quoted + '"';
}

} // namespace

std::string base64(const std::string& bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            three = three << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= bytes.size() - i ? digits[three >> (18 - 6 * k) & 63U] : '=';
        }
    }
    return text;
}

std::string film_page(const std::string& title, const std::vector<PageFrame>& frames)
{
    std::string html;
    for (std::string_view rest = page; !rest.empty();) {
        const auto replace = [&](std::string_view name, auto write) {
            const bool here = rest.starts_with(name);
            if (here) {
                write();
                rest.remove_prefix(name.size());
            }
            return here;
        };
        const bool replaced = replace("{title}", [&] { html += xml_escaped(title); })
                              || replace("{last}", [&] { html += std::to_string(frames.size() - 1); })
                              || replace("{first_label}", [&] { html += xml_escaped(frames.front().label); })
                              || replace("{frames}", [&] {
                                     for (const PageFrame& frame : frames) {
                                         html += '[' + script_text(frame.label) + ", \"data:image/png;base64,"
                                                 + base64(frame.png) + "\"],\n";
                                     }
                                 });
        if (!replaced) {
            html += rest.front();
            rest.remove_prefix(1);
        }
    }
    return html;
}

} // namespace osteoflare::output::film
