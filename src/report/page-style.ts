import { themeDeclarations } from './chart-theme.js';

/** The whole style sheet of the page: both themes as custom properties, then screen, phone and print. */
export function pageStyle(): string {
  return `${themeRules()}\n${rules}`;
}

function themeRules(): string {
  return `:root { color-scheme: light; ${themeDeclarations('light')} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${themeDeclarations('dark')} } }`;
}

const rules = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--rl-page); color: var(--rl-text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 66rem; margin: 0 auto; padding: 3rem 1.25rem 2rem; }
header { margin-bottom: 2.5rem; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.4rem; font-weight: 700; }
h2 { font-size: 1.35rem; line-height: 1.3; letter-spacing: -0.01em; margin: 0 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 0.5rem; }
p { margin: 0 0 0.85rem; max-width: 44rem; }
section { margin: 0 0 3.25rem; }
.byline, .fine, figcaption, footer { color: var(--rl-muted); }
.byline, .fine, footer { font-size: 0.9rem; }
.lead { font-size: 1.08rem; }
.certificate {
  background: var(--rl-surface); border: 1px solid var(--rl-rule); border-left: 5px solid var(--rl-primal);
  border-radius: 8px; padding: 1.5rem 1.6rem 0.9rem; margin: 1.5rem 0;
}
.certificate.above-tolerance, .certificate.none, .certificate.invalid { border-left-color: var(--rl-dual); }
.certificate p { max-width: 52rem; }
.verdict { font-weight: 700; color: var(--rl-primal); margin-bottom: 0.4rem; }
.above-tolerance .verdict, .none .verdict, .invalid .verdict { color: var(--rl-dual); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1.4rem 0; padding: 1.2rem 0 1.1rem; border: solid var(--rl-rule); border-width: 1px 0; }
.tiles dt { font-size: 0.85rem; color: var(--rl-muted); }
.tiles dd { margin: 0; font-size: 1.3rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.note { background: var(--rl-caution); border-left: 4px solid var(--rl-dual); border-radius: 4px; padding: 0.6rem 0.9rem; }
.table-box { overflow-x: auto; margin: 1.25rem 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.95rem; overflow-wrap: normal; }
td, th { hyphens: none; }
td:not(.words) { white-space: nowrap; }
caption { text-align: left; color: var(--rl-muted); font-size: 0.9rem; padding-bottom: 0.5rem; }
th, td { padding: 0.5rem 0.8rem; text-align: right; border-bottom: 1px solid var(--rl-rule); vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0.75rem; }
tbody th, thead th:first-child, thead th.words, td.words { text-align: left; }
thead th { font-weight: 600; font-size: 0.88rem; color: var(--rl-muted); white-space: nowrap; }
thead th[scope="colgroup"] { text-align: center; }
tbody th { font-weight: 500; max-width: 18rem; }
tr.own th, tr.own td { background: var(--rl-sunken); }
tr.own th { font-weight: 700; }
.options th { color: var(--rl-muted); white-space: nowrap; }
.options td { overflow-wrap: anywhere; }
pre { background: var(--rl-sunken); border-radius: 6px; padding: 0.9rem 1.1rem; overflow-x: auto; font-size: 0.9rem; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: normal; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
.pictures + p { margin-top: 1rem; }
.pictures.small { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.pictures.wide { grid-template-columns: minmax(0, 44rem); }
.pictures > figure { display: flex; flex-direction: column; justify-content: space-between; }
.pictures > figure > .rl-chart { margin-top: auto; margin-bottom: auto; }
@media print, (min-width: 58rem) { .pictures.trio > :nth-child(3) { grid-column: 2; grid-row: 1 / span 2; } }
.pictures.broad { grid-template-columns: minmax(0, 1fr); }
figure { margin: 0; padding: 1.1rem 1.1rem 0.9rem; background: var(--rl-surface); border: 1px solid var(--rl-rule); border-radius: 8px; }
figure.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0.75rem 1.5rem; margin: 1.25rem 0; }
.small figure.pair { grid-template-columns: 1fr; align-content: start; margin: 0; }
figure.pair figcaption { grid-column: 1 / -1; }
figcaption { font-size: 0.9rem; line-height: 1.5; margin-top: 0.6rem; max-width: 46rem; }
figcaption strong { color: var(--rl-text); }
.rl-chart { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto; overflow: visible; }
.wide .rl-chart { max-width: none; }
tbody td.words { white-space: nowrap; }
.options tbody td.words { white-space: normal; }
.full .rl-chart { max-width: none; }
.scroller { overflow-x: auto; }
.large { overflow-x: auto; }
.large .rl-chart { min-width: 32rem; max-width: 46rem; }
.rl-chart text { white-space: pre; paint-order: stroke; }
ul { padding-left: 1.2rem; max-width: 44rem; }
:focus-visible { outline: 2px solid var(--rl-primal); outline-offset: 2px; }
footer { border-top: 1px solid var(--rl-rule); padding-top: 1rem; }
@media (max-width: 40rem) {
  main { padding: 1.75rem 1rem 1.5rem; }
  .certificate { padding: 1.1rem 1.1rem 0.5rem; }
  figure { padding: 0.8rem 0.6rem; }
  .rl-chart { font-size: 14px; }
  .scroller .rl-chart { min-width: 30rem; }
  .full .scroller .rl-chart { min-width: 44rem; }
  .options th { white-space: normal; min-width: 7rem; }
  .options td { min-width: 11rem; }
}
@media print {
  html { font-size: 10pt; }
  body { background: #fff; }
  main { max-width: none; padding: 0; }
  section { margin-bottom: 1.5rem; }
  figure, .certificate, table, pre { break-inside: avoid; }
  figure.pair, .pictures { grid-template-columns: 1fr 1fr; }
  .pictures.wide, .pictures.broad, .small figure.pair { grid-template-columns: 1fr; }
  table.long { break-inside: auto; }
  tr { break-inside: avoid; }
  h2, h3, caption, section > p { break-after: avoid; }
  .table-box, pre { overflow: visible; }
  pre { white-space: pre-wrap; }
  .tiles { grid-template-columns: repeat(4, 1fr); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
