// Style and script of the HTML report. The page's policy names them by their hashes, so nothing else in it
// can run.
#include "report/html_parts.hpp"

namespace rustchain {

const std::string_view k_html_style = R"css(
:root { color-scheme: light dark; --bg: #fbfbfa; --card: #ffffff; --line: #dfe1e4; --text: #1f2328; --soft: #59626d;
  --link: #0a56b8; --good: #1a7f37; --warn: #8a5a00; --bad: #c4232b; --idle: #646d78; --code: #f3f4f5; --reused: #0b6e75;
  --bad-bg: #fdf3f2; --edge: #a5adb7; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #15181c; --card: #1b1f24; --line: #30363d; --text: #e3e7eb; --soft: #a3acb7; --link: #79b8ff;
    --good: #56c271; --warn: #dba642; --bad: #ff8078; --idle: #949eaa; --code: #22272e; --bad-bg: #2a1d1f; --edge: #5b6572;
    --reused: #5cc5cc; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1128px; padding: 32px 24px 64px; background: var(--bg); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, button:focus-visible, .scroll:focus-visible, pre:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { background: var(--code); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { background: var(--code); padding: 10px 12px; border-radius: 6px; margin: 4px 0 8px; overflow: auto; max-height: 320px;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 8px; background: var(--card); padding: 4px 10px; }
.outcome { font-size: 17px; font-weight: 600; margin: 0 0 14px; }
.outcome.good { color: var(--good); } .outcome.warn { color: var(--warn); } .outcome.bad { color: var(--bad); }
.outcome.live { color: var(--link); }
.facts { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0; color: var(--soft); }
.facts div { display: flex; gap: 6px; } .facts dt { font-weight: 400; } .facts dd { margin: 0; color: var(--text); }
.failure { background: var(--bad-bg); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 8px;
  padding: 4px 20px 14px; margin-top: 28px; }
.failure h2 { margin: 14px 0 10px; overflow-wrap: anywhere; } .failure h2 a { color: var(--bad); text-decoration-thickness: 1px; text-underline-offset: 3px; }
dl.rows { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 0; }
dl.rows dt { color: var(--soft); min-width: 84px; } dl.rows dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
dl.rows ol { margin: 0; padding-left: 20px; }
.note { color: var(--soft); margin: 0 0 10px; }
.scroll { overflow: auto; max-height: min(80vh, 640px); border: 1px solid var(--line); border-radius: 8px; background: var(--card); padding: 12px; }
svg { display: block; } svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--text); }
svg a { text-decoration: none; }
svg .tick, svg .time { fill: var(--soft); font-size: 11px; } svg .tick { text-anchor: middle; }
svg .grid { stroke: var(--line); } svg .row { fill: transparent; }
svg a:hover .row, svg a:focus-visible .row { fill: var(--code); }
.good { --mark: var(--good); } .warn { --mark: var(--warn); } .bad { --mark: var(--bad); } .idle { --mark: var(--idle); }
.reused { --mark: var(--reused); } .live { --mark: var(--link); }
svg .bar { fill: var(--mark); } svg .bar.retried { opacity: .45; } svg .wait { stroke: var(--mark); stroke-dasharray: 2 3; }
svg .node { fill: var(--card); stroke: var(--line); } svg .edge-mark { fill: var(--mark); }
svg .bad .node { stroke: var(--bad); }
svg a:hover .node, svg a:focus-visible .node { stroke: var(--link); stroke-width: 2; }
svg .edge { fill: none; stroke: var(--edge); stroke-width: 1.3; } svg .inferred { stroke-dasharray: 4 4; } svg .head { fill: var(--edge); }
.filter { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0 0 12px; }
.filter[hidden] { display: none; }
button { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 999px;
  padding: 3px 14px; cursor: pointer; }
button:hover { border-color: var(--link); }
button[aria-pressed="true"] { background: var(--text); color: var(--bg); border-color: var(--text); }
ol.steps { list-style: none; margin: 0; padding: 0; }
ol.steps > li { border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: 0 0 6px; content-visibility: auto;
  contain-intrinsic-size: auto 40px; }
ol.steps > li[hidden] { display: none; }
ol.steps ol.steps { margin: 10px 0 4px; }
summary { display: grid; grid-template-columns: 20px 210px minmax(0, 1fr) max-content; gap: 10px;
  padding: 7px 14px; cursor: pointer; list-style: none; align-items: baseline; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--code); border-radius: 8px; }
.mark { color: var(--mark); font-weight: 700; text-align: center; }
.id { font-weight: 600; overflow-wrap: anywhere; }
.said { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bad > details > summary > .said, .warn > details > summary > .said { color: var(--mark); }
.time { color: var(--soft); font-variant-numeric: tabular-nums; }
.body { border-top: 1px solid var(--line); padding: 12px 14px 10px 44px; }
.body h3 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 12px 0 2px; }
.cut { color: var(--soft); margin: 0 0 8px; font-size: 13px; }
.off { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) { summary { grid-template-columns: 20px minmax(0, 1fr) max-content; } .said { display: none; }
  .body { padding-left: 14px; } dl.rows { grid-template-columns: minmax(0, 1fr); } }
@media print { .scroll { overflow: visible; max-height: none; } .filter { display: none; } }
)css";

const std::string_view k_html_script = R"js(
'use strict';
(() => {
  const steps = [...document.querySelectorAll('ol.steps > li')];
  const bar = document.querySelector('.filter');
  if (!bar) return;
  const buttons = [...bar.querySelectorAll('button[data-show]')];
  const count = bar.querySelector('[role=status]');
  bar.hidden = false;
  const show = only => {
    let shown = 0;
    for (const step of [...steps].reverse()) {  // what is within a step comes before the step itself
      const own = only === 'all' || step.classList.contains(only);
      if (own) shown++;
      step.hidden = !own && !step.querySelector('li:not([hidden])');
    }
    for (const button of buttons) button.setAttribute('aria-pressed', button.dataset.show === only);
    count.textContent = only === 'all' ? '' : shown + ' of ' + steps.length + ' steps';
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset.show));
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || target.tagName !== 'DETAILS') return;
    if (target.closest('li[hidden]')) show('all');
    for (let part = target; part; part = part.parentElement) if (part.tagName === 'DETAILS') part.open = true;
    target.scrollIntoView({block: 'center'});
    target.querySelector('summary').focus({preventScroll: true});
  };
  addEventListener('hashchange', reveal);
  reveal();
})();
)js";

}  // namespace rustchain
