// The view's looks; the colours are the prompt's (crates/prompt/src/prompt.css), and a shop themes both with the same properties.
const DARK =
  "--su:var(--polku-surface,#161b19);--s2:var(--polku-surface-2,#1f2623);--tx:var(--polku-text,#eef3f0);--t2:var(--polku-text-2,#aebab4);--bo:var(--polku-border,#75827c);--hl:var(--polku-hairline,#2c3531);--ac:var(--polku-accent,#7fd1b9);--oa:var(--polku-on-accent,#06251d);--as:var(--polku-accent-soft,#1e3a31);--fo:var(--polku-focus,#9db9ff);--da:var(--polku-danger,#ffb4ab);color-scheme:dark!important";

export const STYLE = `
:host{all:initial!important;display:block!important;font-family:inherit!important;contain:layout style!important;-webkit-text-size-adjust:100%!important;color-scheme:light!important;
--su:var(--polku-surface,#fff);--s2:var(--polku-surface-2,#f4f6f5);--tx:var(--polku-text,#15201c);--t2:var(--polku-text-2,#4f5b56);--bo:var(--polku-border,#7f8b86);--hl:var(--polku-hairline,#e3e8e5);--ac:var(--polku-accent,#1f6f5c);--oa:var(--polku-on-accent,#fff);--as:var(--polku-accent-soft,#e3f0eb);--fo:var(--polku-focus,#1d4ed8);--da:var(--polku-danger,#b3261e);--r:var(--polku-radius,16px)}
@media(prefers-color-scheme:dark){:host(:not([data-polku-theme=light])){${DARK}}}
:host([data-polku-theme=dark]){${DARK}}
*{box-sizing:border-box;margin:0;padding:0}
[hidden]{display:none!important}
h2,h3,p,button,dl,dt,dd,ul,pre,code,summary,input,dialog{font:inherit;color:inherit;min-inline-size:0}
button,a,summary,label{cursor:pointer;touch-action:manipulation}
:focus{outline:0}
:focus-visible{outline:2px solid var(--fo);outline-offset:2px;border-radius:4px}
.card{position:relative;padding:24px;border:1px solid var(--hl);border-radius:var(--r);background:var(--su);color:var(--tx);font-size:max(16px,1rem);line-height:1.5;overflow-wrap:break-word}
h2{font-size:1.375em;line-height:1.27;font-weight:650;text-wrap:balance}
h3{font-size:1.0625em;line-height:1.35;font-weight:650}
.lead,.soft{color:var(--t2)}
.lead{margin-block-start:8px;max-inline-size:65ch}
.soft,pre,dt{font-size:max(14px,.875em)}
section{margin-block-start:28px}
section>*+*{margin-block-start:8px}
.state{padding:16px 20px;border-radius:calc(var(--r)*.75);background:var(--s2);border-inline-start:4px solid var(--bo)}
.state[data-is=on]{background:var(--as);border-color:var(--ac)}
.switch{padding-block:10px;border-block-end:1px solid var(--hl)}
.switch p{max-inline-size:60ch;margin-inline-start:56px}
label{display:flex;align-items:center;gap:12px;min-block-size:32px;font-weight:550}
input{appearance:none;flex:none;position:relative;inline-size:44px;block-size:26px;border:2px solid var(--bo);border-radius:13px;background:var(--su);cursor:inherit;transition:background .15s}
input::before{content:"";position:absolute;inset-block:3px;inset-inline-start:3px;inline-size:16px;border-radius:50%;background:var(--bo);transition:translate .15s}
input:checked{border-color:var(--ac);background:var(--ac)}
input:checked::before{background:var(--oa);translate:18px}
input:disabled{opacity:.5;cursor:default}
input:focus-visible{border-radius:13px}
dl{display:grid;align-items:baseline;grid-template-columns:max-content 1fr;gap:6px 20px}
dt{color:var(--t2)}
ul{list-style:none}
li+li{margin-block-start:6px}
code,pre{font-family:ui-monospace,monospace}
details{border:1px solid var(--hl);border-radius:10px;background:var(--su)}
details+details{margin-block-start:6px}
summary{padding:10px 14px;font-variant-numeric:tabular-nums;border-radius:10px}
pre{max-block-size:420px;overflow:auto;margin:0 14px 14px;padding:12px;border-radius:8px;background:var(--s2);line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;direction:ltr;text-align:start}
.acts{display:flex;flex-wrap:wrap;gap:12px}
.card>.acts{margin-block-start:32px;padding-block-start:20px;border-block-start:1px solid var(--hl);clear:both}
.t,.d{min-block-size:44px;padding:8px 18px;border:1px solid var(--bo);border-radius:12px;background:var(--su);font-weight:550}
.d{border-color:var(--da);color:var(--da)}
.sure .d{background:var(--da);color:var(--su)}
.say{margin-block-start:16px;white-space:pre-line;padding:12px 16px;border-radius:10px;background:var(--as)}
.say:empty{margin:0;padding:0}
a{color:var(--ac);text-underline-offset:2px}
dialog{margin:auto;border:0;background:none;max-inline-size:min(720px,100vw - 24px);max-block-size:calc(100dvh - 24px);overflow:auto;overscroll-behavior:contain;border-radius:var(--r)}
dialog::backdrop{background:rgb(0 0 0/.5)}
.open{inline-size:100%;overflow:hidden}
.open .card{max-block-size:calc(100dvh - 24px);overflow:auto;overscroll-behavior:contain}
.sure{max-inline-size:min(440px,100vw - 24px);padding:24px;border:1px solid var(--hl);background:var(--su);color:var(--tx);font-size:max(16px,1rem);line-height:1.5}
.sure p{margin-block:8px 20px}
.sure .acts{justify-content:flex-end}
.x{position:sticky;float:inline-end;z-index:1;inset-block-start:-8px;margin:-8px -8px 0 8px;inline-size:44px;block-size:44px;border:0;border-radius:12px;background:var(--su);color:var(--t2)}
.x::before,.x::after{content:"";position:absolute;inset:21px 14px auto;border-block-start:2px solid;rotate:45deg}
.x::after{rotate:-45deg}
@media(hover:hover){.t:hover,.x:hover,summary:hover{background:var(--s2)}.d:hover{background:var(--da);color:var(--su)}}
@media(max-width:479.98px){.card{padding:20px 16px}.acts>*{flex:1 1 100%}dl{grid-template-columns:1fr;gap:0}dd{margin-block-end:8px}}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media(forced-colors:active){input,input::before{forced-color-adjust:none}input{border-color:ButtonText;background:Canvas}input::before{background:ButtonText}input:checked{background:Highlight;border-color:Highlight}input:checked::before{background:HighlightText}.state,.say:not(:empty){border:1px solid}}
`;
