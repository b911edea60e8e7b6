// The panel's looks. Its colours are its own: it is a tool, and must be told from what the shop and its prompts look like.
export const STYLE = `
:host{all:initial!important;position:fixed!important;inset:auto 0 0!important;z-index:2147483646!important;pointer-events:none!important;contain:layout style!important;color-scheme:light!important;
--su:#fff;--s2:#f1f4f3;--tx:#15201c;--t2:#4c5752;--hl:#cdd5d1;--ac:#14594a;--ba:#9c1c13;--fo:#1d4ed8}
@media(prefers-color-scheme:dark){:host{color-scheme:dark!important;--su:#131816;--s2:#1e2522;--tx:#eef3f0;--t2:#b3beb9;--hl:#3a4540;--ac:#7fd1b9;--ba:#ffb4ab;--fo:#9db9ff}}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
[hidden]{display:none!important}
.panel,.pill{pointer-events:auto;background:var(--su);color:var(--tx);font:13px/1.45 system-ui,sans-serif;border:1px solid var(--hl)}
.panel{display:flex;flex-direction:column;block-size:min(44vh,460px);border-width:1px 0 0;box-shadow:0 -4px 24px rgb(0 0 0/.18)}
.pill{position:fixed;inset-block-end:8px;inset-inline-start:8px;padding:6px 14px;min-block-size:32px;border-radius:16px;font-weight:600}
button{cursor:pointer;background:none;border:0}
:focus{outline:0}
:focus-visible{outline:2px solid var(--fo);outline-offset:-2px}
.head{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;padding:4px 12px;background:var(--s2)}
h2{font-weight:650;margin-inline-end:auto}
h3{font-weight:650;margin-block:14px 4px}
.act{padding:4px 10px;min-block-size:28px;border:1px solid var(--hl);border-radius:6px;background:var(--su)}
[role=tablist]{display:flex;flex-wrap:wrap;border-block-end:1px solid var(--hl);background:var(--s2);padding-inline:6px}
[role=tab]{padding:6px 12px;min-block-size:32px;border-block-end:2px solid transparent}
[role=tab][aria-selected=true]{border-color:var(--ac);font-weight:650}
[role=tabpanel]{flex:1;min-block-size:0;overflow:auto;overscroll-behavior:contain;padding:8px 12px 16px}
table{border-collapse:collapse;inline-size:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;vertical-align:top;padding:3px 12px 3px 0;border-block-end:1px solid var(--hl)}
th{font-weight:600;color:var(--t2);white-space:nowrap}
td:first-child{white-space:nowrap}
code,textarea{font:12px/1.45 ui-monospace,monospace}
td:nth-last-child(-n+2) code,dd code{overflow-wrap:anywhere}
td:nth-last-child(2):has(code){min-inline-size:14ch}
.dim{color:var(--t2)}
.page td{background:var(--s2);font-weight:600}
.bad{color:var(--ba)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px}
dt,.note,.said{color:var(--t2)}
.note{max-inline-size:75ch;margin-block:6px}
textarea{inline-size:100%;block-size:100%;min-block-size:160px;background:var(--su);border:1px solid var(--hl)}
@media(max-width:600px){.panel{block-size:60vh}dl{grid-template-columns:1fr}td:first-child{white-space:normal}}
@media(forced-colors:active){[role=tab][aria-selected=true]{border-color:Highlight}}
`;
