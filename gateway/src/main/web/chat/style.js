// Only properties that a host page may set (--partyline-…) come in from outside; `::part` does the rest.
export const STYLE = `
:host {
  --paper: var(--partyline-paper, light-dark(#ffffff, #14161a));
  --shade: var(--partyline-shade, light-dark(#f3f4f6, #1d2026));
  --rule: var(--partyline-rule, light-dark(#d4d7dd, #363b45));
  --line: var(--partyline-line, light-dark(#767c88, #6d7585));
  --ink: var(--partyline-ink, light-dark(#1a1d23, #e7e9ee));
  --faint: var(--partyline-faint, light-dark(#565d6b, #a0a7b4));
  --mine: var(--partyline-mine, light-dark(#e5efff, #1c2d4a));
  --accent: var(--partyline-accent, light-dark(#1d5fd1, #7fb0ff));
  --bad: var(--partyline-bad, light-dark(#b3261e, #ff8a80));
  color-scheme: light dark;
  display: flex;
  flex-direction: column;
  box-sizing: border-box;
  min-block-size: 16rem;
  block-size: 28rem;
  background: var(--paper);
  color: var(--ink);
  border: 1px solid var(--rule);
  border-radius: var(--partyline-radius, 0.6rem);
  overflow: hidden;
  font: var(--partyline-font, 1rem/1.45 system-ui, sans-serif);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host *, :host *::before { box-sizing: border-box; }

.status {
  margin: 0;
  padding: 0.3rem 0.8rem;
  background: var(--shade);
  border-block-end: 1px solid var(--rule);
  color: var(--faint);
  font-size: 0.875rem;
}
.status::before { content: "○ "; }
.status[data-state="live"]::before { content: "● "; }
.status[data-state="refused"] { color: var(--bad); }

.scroll {
  position: relative;
  overflow-anchor: none;
  flex: 1;
  min-block-size: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  padding: 0.5rem 0.8rem;
}
.log { display: flex; flex-direction: column; gap: 0.2rem; }
.older { margin: 0 0 0.4rem; text-align: center; color: var(--faint); font-size: 0.875rem; }
.day {
  margin: 0.6rem 0 0.2rem;
  text-align: center;
  color: var(--faint);
  font-size: 0.8rem;
  font-weight: 600;
}
.message {
  max-inline-size: 92%;
  align-self: flex-start;
  padding: 0.3rem 0.6rem;
  border-radius: 0.6rem;
  background: var(--shade);
  overflow-wrap: anywhere;
}
.message.mine { align-self: flex-end; background: var(--mine); }
.message.system { align-self: center; background: none; color: var(--faint); font-size: 0.9rem; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.4rem; margin: 0; font-size: 0.8rem; color: var(--faint); }
.by { font-weight: 600; color: var(--ink); }
.badge { border: 1px solid currentColor; border-radius: 0.3rem; padding: 0 0.25rem; }
.text { margin: 0; white-space: pre-wrap; }
.deleted .text { font-style: italic; color: var(--faint); }
.letter { opacity: 0.75; }
.letter.failed, .letter.unsure { opacity: 1; border: 1px solid var(--bad); }
.note { margin: 0; font-size: 0.8rem; color: var(--faint); }
.failed .note, .unsure .note { color: var(--bad); }

.latest { align-self: center; margin: 0.3rem; }
.latest[hidden] { display: none; }

form {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
  padding: 0.5rem 0.8rem;
  background: var(--shade);
  border-block-start: 1px solid var(--rule);
}
label { display: flex; flex: 1 1 12rem; min-inline-size: 0; }
label.name { flex: 0 1 10rem; }
label.name[hidden] { display: none; }
label span {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
input, textarea, button {
  font: inherit;
  color: inherit;
  min-block-size: 2.25rem;
  padding: 0.35rem 0.6rem;
  border: 1px solid var(--line);
  border-radius: 0.4rem;
  background: var(--paper);
}
input, textarea { flex: 1; inline-size: 100%; min-inline-size: 0; }
textarea { resize: none; field-sizing: content; max-block-size: 9rem; }
button { cursor: pointer; }
button.send { background: var(--accent); border-color: var(--accent); color: var(--paper); }
.message button { min-block-size: 1.6rem; padding: 0 0.5rem; margin-inline-end: 0.4rem; }
.problem { flex-basis: 100%; margin: 0; color: var(--bad); font-size: 0.9rem; }
.problem:empty { display: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }

@media (forced-colors: active) {
  .message, .letter { border: 1px solid; }
}
`;
