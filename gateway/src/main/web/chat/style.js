// Only properties that a host page may set (--partyline-…) come in from outside; `::part` does the rest.
export const STYLE = `
:host {
  --paper: var(--partyline-paper, light-dark(#ffffff, #11141a));
  --shade: var(--partyline-shade, light-dark(#f7f8fa, #171b23));
  --bubble: var(--partyline-bubble, light-dark(#f0f2f5, #1f2530));
  --rule: var(--partyline-rule, light-dark(#e2e5ea, #2b323e));
  --line: var(--partyline-line, light-dark(#7a828f, #727c8c));
  --ink: var(--partyline-ink, light-dark(#171a21, #e8ebf1));
  --faint: var(--partyline-faint, light-dark(#575f6d, #a3acba));
  --mine: var(--partyline-mine, light-dark(#e3edff, #1c3460));
  --accent: var(--partyline-accent, light-dark(#1d5fd8, #85b3ff));
  --on-accent: var(--partyline-on-accent, light-dark(#ffffff, #0c1424));
  --good: var(--partyline-good, light-dark(#147a3d, #5fd08b));
  --warn: var(--partyline-warn, light-dark(#8a5300, #f0b860));
  --bad: var(--partyline-bad, light-dark(#b3261e, #ff8f85));
  --radius: var(--partyline-radius, 0.75rem);
  color-scheme: light dark;
  display: block;
  box-sizing: border-box;
  min-block-size: 18rem;
  block-size: 32rem;
  background: var(--paper);
  color: var(--ink);
  border: 1px solid var(--rule);
  border-radius: var(--radius);
  overflow: hidden;
  font: var(--partyline-font, 1rem/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host *, :host *::before, :host *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

.frame {
  position: relative;
  display: flex;
  flex-direction: column;
  block-size: 100%;
  min-block-size: inherit;
  container-type: inline-size;
}
.unseen {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
p, h2, h3, ul { margin: 0; }
ul { padding: 0; list-style: none; }
svg {
  inline-size: 1.25rem;
  block-size: 1.25rem;
  flex: none;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}

button {
  font: inherit;
  color: inherit;
  min-block-size: 2rem;
  min-inline-size: 2rem;
  padding: 0.2rem 0.7rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--paper);
  cursor: pointer;
}
button:hover { background: var(--bubble); }
button.plain {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 0.35rem;
  padding: 0.2rem;
  border-color: transparent;
  background: none;
  color: var(--faint);
}
button.plain:hover, button.plain[aria-expanded="true"] { background: var(--bubble); color: var(--ink); }
button.bad { color: var(--bad); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
a { color: var(--accent); }

.aloud {
  position: absolute;
  inset-block-start: 0.5rem;
  inset-inline-start: 0.5rem;
  z-index: 2;
}
.aloud:not(:focus-visible) { opacity: 0; pointer-events: none; }
.aloud[aria-pressed="true"]::before { content: "✓ "; }

.header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.15rem 0.5rem;
  padding: 0.55rem 0.6rem 0.55rem 1rem;
  border-block-end: 1px solid var(--rule);
  background: var(--shade);
}
[dir="rtl"] .header { padding: 0.55rem 1rem 0.55rem 0.6rem; }
.about-room { flex: 1 1 8rem; min-inline-size: 0; }
.title {
  font-size: 1.05rem;
  font-weight: 650;
  line-height: 1.3;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.topic {
  font-size: 0.85rem;
  color: var(--faint);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.topic:has(bdi:empty) { display: none; }
.status {
  display: inline-flex;
  align-items: baseline;
  gap: 0.4rem;
  padding: 0.15rem 0.6rem;
  border-radius: 1rem;
  font-size: 0.8rem;
  color: var(--warn);
  background: color-mix(in srgb, var(--warn) 12%, transparent);
}
.status::before {
  content: "";
  flex: none;
  inline-size: 0.5rem;
  block-size: 0.5rem;
  border-radius: 50%;
  background: currentColor;
}
.status[data-state="live"] { color: var(--good); background: none; padding-inline: 0.2rem; }
.status[data-state="refused"], .status[data-state="offline"] {
  color: var(--bad);
  background: color-mix(in srgb, var(--bad) 12%, transparent);
}
.count { padding-inline: 0.45rem; font-size: 0.9rem; font-variant-numeric: tabular-nums; }

.list { position: relative; flex: 1; min-block-size: 6rem; display: flex; }
.scroll {
  position: relative;
  overflow-anchor: none;
  flex: 1;
  min-inline-size: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  padding: 0.75rem 1rem;
  scrollbar-width: thin;
}
.scroll:focus-visible { outline-offset: -3px; }
.log { display: flex; flex-direction: column; }
.older { padding-block: 0.25rem 0.5rem; text-align: center; color: var(--faint); font-size: 0.875rem; }
.older[part~="gap"] { border-block-end: 1px dashed var(--line); margin-block-end: 0.5rem; padding-block-end: 0.6rem; }
.break { display: block; color: var(--warn); padding-block-end: 0.3rem; }

.day, .unread {
  display: flex;
  align-items: center;
  gap: 0.8rem;
  margin-block: 1rem 0.4rem;
  font-size: 0.8rem;
  font-weight: 600;
  color: var(--faint);
}
.day::before, .day::after, .unread::before { content: ""; flex: 1; border-block-start: 1px solid var(--rule); }
.unread { margin-block: 0.6rem 0; color: var(--bad); }
.unread::before { border-color: currentColor; }
.log > .day:first-child { margin-block-start: 0; }

.message {
  position: relative;
  display: grid;
  grid-template-columns: 2.25rem minmax(0, 1fr);
  column-gap: 0.6rem;
  margin-block-start: 0.7rem;
  padding-inline-end: 2.5rem;
  border-radius: 0.5rem;
}
.message.goes-on { margin-block-start: 0.15rem; }
.message.goes-on .avatar, .message.goes-on .head { position: absolute; opacity: 0; pointer-events: none; }
.message.goes-on .bubble, .message.goes-on .reactions { grid-column: 2; }
.avatar {
  position: relative;
  display: grid;
  place-items: center;
  inline-size: 2.25rem;
  block-size: 2.25rem;
  border-radius: 50%;
  overflow: hidden;
  background: oklch(0.5 0.12 var(--hue, 250));
  color: #ffffff;
  font-size: 0.8rem;
  font-weight: 650;
  letter-spacing: 0.02em;
  user-select: none;
}
.avatar img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; }
.bubble {
  justify-self: start;
  min-inline-size: 0;
  max-inline-size: 100%;
  padding: 0.4rem 0.75rem;
  border-radius: 0.3rem 0.9rem 0.9rem 0.9rem;
  background: var(--bubble);
  overflow-wrap: anywhere;
}
[dir="rtl"] .bubble { border-radius: 0.9rem 0.3rem 0.9rem 0.9rem; }
.message.goes-on .bubble { border-radius: 0.9rem; }
.message.mine { grid-template-columns: minmax(0, 1fr); padding-inline: 4rem 0; }
.message.mine .bubble, .message.mine .reactions { grid-column: 1; justify-self: end; justify-content: end; }
.message.mine .bubble { background: var(--mine); border-radius: 0.9rem 0.3rem 0.9rem 0.9rem; }
[dir="rtl"] .message.mine .bubble { border-radius: 0.3rem 0.9rem 0.9rem 0.9rem; }
.message.mine.goes-on .bubble { border-radius: 0.9rem; }
.message.mine .head .by { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
.message.system { grid-template-columns: 1fr; padding: 0; text-align: center; }
.message.system .bubble { justify-self: center; background: none; color: var(--faint); font-size: 0.9rem; }
.message.system .head { display: none; }
.head {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 0 0.45rem;
  font-size: 0.78rem;
  color: var(--faint);
}
.by { font-weight: 650; font-size: 0.86rem; color: light-dark(oklch(0.45 0.13 var(--hue, 250)), oklch(0.82 0.09 var(--hue, 250))); }
.badge { border: 1px solid currentColor; border-radius: 0.35rem; padding: 0 0.3rem; font-size: 0.72rem; color: var(--faint); }
.text { white-space: pre-wrap; }
.text.rich { white-space: normal; }
.text > * { margin: 0; }
.text > :is(p, ul, ol, pre, blockquote) + * { margin-block-start: 0.45rem; }
.text :is(ul, ol) { padding-inline-start: 1.4rem; list-style: revert; }
.text pre { white-space: pre; }
[data-do="more"] svg { stroke-width: 3; }
.text code { font: 0.9em ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; background: color-mix(in srgb, var(--ink) 9%, transparent); border-radius: 0.3rem; padding: 0.05em 0.3em; }
.text pre { overflow-x: auto; padding: 0.5rem 0.7rem; border-radius: 0.5rem; background: color-mix(in srgb, var(--ink) 7%, transparent); }
.text pre code { background: none; padding: 0; }
.text blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 0.6rem; color: var(--faint); }
.deleted .bubble { background: none; border: 1px dashed var(--rule); }
.deleted .text { font-style: italic; color: var(--faint); }
.quote {
  display: block;
  inline-size: 100%;
  min-block-size: 1.6rem;
  margin-block: 0.15rem 0.3rem;
  padding: 0.1rem 0.6rem;
  border: 0;
  border-inline-start: 3px solid var(--accent);
  border-radius: 0.2rem 0.4rem 0.4rem 0.2rem;
  background: color-mix(in srgb, var(--ink) 6%, transparent);
  color: var(--faint);
  font-size: 0.85rem;
  text-align: start;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.quote .by { margin-inline-end: 0.4rem; color: inherit; }
.reactions { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-block-start: 0.25rem; grid-column: 2; }
.reaction {
  display: inline-flex;
  align-items: center;
  gap: 0.35rem;
  min-block-size: 1.7rem;
  padding: 0 0.55rem;
  border-color: var(--rule);
  border-radius: 1rem;
  font-size: 0.85rem;
  font-variant-numeric: tabular-nums;
}
.reaction[aria-pressed="true"] { border-color: var(--accent); background: var(--mine); font-weight: 650; }
.tools {
  position: absolute;
  inset-block-start: -0.8rem;
  inset-inline-end: 0.2rem;
  z-index: 1;
  display: flex;
  gap: 0.1rem;
  padding: 0.1rem;
  border: 1px solid var(--rule);
  border-radius: 0.6rem;
  background: var(--paper);
  box-shadow: 0 2px 8px rgb(0 0 0 / 0.12);
}
.message:not(:hover, :focus-within) .tools:not(:has([aria-expanded="true"])) { opacity: 0; }
.letter .bubble { opacity: 0.75; }
.letter.failed .bubble, .letter.unsure .bubble { opacity: 1; outline: 1px solid var(--bad); }
.note { font-size: 0.78rem; color: var(--faint); }
.failed .note, .unsure .note { color: var(--bad); }
.choices { display: flex; flex-wrap: wrap; gap: 0.4rem; justify-content: flex-end; margin-block-start: 0.3rem; }

.latest {
  position: absolute;
  inset-block-end: 0.6rem;
  inset-inline: 0;
  inline-size: fit-content;
  margin-inline: auto;
  display: inline-flex;
  align-items: center;
  gap: 0.4rem;
  border-radius: 1.2rem;
  box-shadow: 0 2px 10px rgb(0 0 0 / 0.18);
  font-size: 0.875rem;
}
.latest svg { inline-size: 1rem; block-size: 1rem; }
.typing {
  min-block-size: 1.3rem;
  padding-inline: 1rem;
  font-size: 0.8rem;
  line-height: 1.3rem;
  color: var(--faint);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.composer {
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: 0.4rem;
  padding: 0.3rem 0.75rem 0.75rem;
}
.composer label { display: flex; flex: 1 1 9rem; min-inline-size: 0; }
.composer label.name { flex: 0 1 10rem; }
input, textarea {
  flex: 1;
  inline-size: 100%;
  min-inline-size: 0;
  min-block-size: 2.5rem;
  padding: 0.5rem 0.8rem;
  font: inherit;
  color: inherit;
  border: 1px solid var(--line);
  border-radius: 0.7rem;
  background: var(--paper);
}
textarea { resize: none; field-sizing: content; max-block-size: 9rem; }
::placeholder { color: var(--faint); opacity: 1; }
.composer > button { inline-size: 2.5rem; block-size: 2.5rem; padding: 0; display: grid; place-items: center; border-radius: 0.7rem; }
.send { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.send:hover { background: color-mix(in srgb, var(--accent) 85%, var(--ink)); }
[dir="rtl"] .send svg, [dir="rtl"] [data-do="reply"] svg { transform: scaleX(-1); }
.about {
  flex-basis: 100%;
  display: flex;
  align-items: center;
  gap: 0.5rem;
  padding: 0.2rem 0.3rem 0.2rem 0.7rem;
  border-inline-start: 3px solid var(--accent);
  border-radius: 0.3rem;
  background: var(--shade);
  font-size: 0.85rem;
  color: var(--faint);
}
.about > span { flex: 1; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.about b { color: var(--ink); }
.silence { flex: 1; padding: 0.5rem; text-align: center; color: var(--faint); }
.left { flex-basis: 100%; font-size: 0.8rem; color: var(--faint); text-align: end; }
.problem { flex-basis: 100%; color: var(--bad); font-size: 0.9rem; }
.problem:empty { display: none; }

.popup {
  position: fixed;
  inset: auto;
  margin: 0;
  max-inline-size: min(22rem, calc(100vw - 1rem));
  max-block-size: min(24rem, calc(100vh - 1rem));
  overflow: auto;
  padding: 0.4rem;
  border: 1px solid var(--rule);
  border-radius: 0.8rem;
  background: var(--paper);
  color: var(--ink);
  box-shadow: 0 8px 30px rgb(0 0 0 / 0.22);
}
.popup:focus { outline: none; }
.emoji { display: grid; gap: 0.1rem; }
.emoji [role="row"] { display: grid; grid-template-columns: repeat(8, minmax(1.75rem, 2.25rem)); gap: 0.1rem; }
.emoji button, .reaction > :first-child { font-family: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif; }
.emoji button { min-inline-size: 0; block-size: 2.25rem; padding: 0; border-color: transparent; background: none; font-size: 1.25rem; line-height: 1; }
.emoji button:hover { background: var(--bubble); }
.menu { display: grid; min-inline-size: 11rem; }
.menu button { border-color: transparent; background: none; text-align: start; min-block-size: 2.25rem; overflow-wrap: anywhere; }
.menu button:is(:hover, :focus-visible) { background: var(--bubble); }
.panel { min-inline-size: 14rem; }
.panel p { padding: 0.5rem; color: var(--faint); }
.panel-head { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-inline-start: 0.5rem; }
.person { display: flex; align-items: center; gap: 0.6rem; inline-size: 100%; min-block-size: 2.6rem; padding: 0.2rem 0.5rem; overflow-wrap: anywhere; }
button.person { justify-content: flex-start; color: var(--ink); text-align: start; }
.person .avatar { inline-size: 1.9rem; block-size: 1.9rem; font-size: 0.7rem; flex: none; }
.pinned { display: flex; align-items: center; gap: 0.3rem; border-block-start: 1px solid var(--rule); }
.pinned > button:first-child { flex: 1; display: grid; gap: 0; justify-items: start; justify-content: start; min-inline-size: 0; padding: 0.4rem 0.5rem; text-align: start; overflow-wrap: anywhere; color: var(--ink); }
dialog {
  max-inline-size: min(22rem, calc(100vw - 2rem));
  padding: 1.2rem;
  border: 1px solid var(--rule);
  border-radius: 0.9rem;
  background: var(--paper);
  color: var(--ink);
}
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog .choices { margin-block-start: 1rem; }

@container (max-width: 26rem) {
  .header { padding-inline: 0.75rem 0.4rem; row-gap: 0; }
  .topic { display: none; }
  .about-room { flex-basis: 40%; }
  .count { order: 0; }
  .status { order: 1; flex-basis: 100%; }
  .status:not([data-state="live"]) { flex-basis: auto; }
  .status[data-state="live"] { padding-inline: 0; }
  .scroll { padding-inline: 0.6rem; }
  .composer { padding-inline: 0.6rem; }
  .composer label.name { flex-basis: 100%; }
  .message { padding-inline-end: 0.5rem; grid-template-columns: 1.9rem minmax(0, 1fr); }
  .message .avatar { inline-size: 1.9rem; block-size: 1.9rem; font-size: 0.7rem; }
  .message.mine { padding-inline-start: 2rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .scroll { scroll-behavior: auto; }
  .sought { animation: partyline-sought 1.6s ease-out; }
  .tools { transition: opacity 0.12s; }
  .status:is([data-state="connecting"], [data-state="reconnecting"])::before { animation: partyline-waits 1.2s ease-in-out infinite alternate; }
}
@keyframes partyline-sought { from { background: color-mix(in srgb, var(--accent) 30%, transparent); } }
@keyframes partyline-waits { from { opacity: 0.25; } }
@media (forced-colors: active) {
  .bubble, .avatar, .status, .popup, .quote { border: 1px solid; }
  .reaction[aria-pressed="true"], .send { border: 2px solid Highlight; }
  .status::before { background: CanvasText; }
  .tools { box-shadow: none; }
}
`;
