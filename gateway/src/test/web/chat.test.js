// What of the chat needs no page: its rows, its words, and what it takes of HTML.

import assert from "node:assert/strict";
import { test } from "node:test";
import { announcementsOf } from "../../main/web/chat/announcer.js";
import { initialsOf, hueOf } from "../../main/web/chat/avatar.js";
import { moved } from "../../main/web/chat/grid.js";
import { piecesOf, textOf } from "../../main/web/chat/html.js";
import { excerpt } from "../../main/web/chat/message.js";
import { isSame, rowsOf } from "../../main/web/chat/rows.js";
import { defineWords, wordsOf } from "../../main/web/chat/words.js";
import { AR } from "../../main/web/chat/words/ar.js";
import { DE } from "../../main/web/chat/words/de.js";
import { EN } from "../../main/web/chat/words/en.js";
import { FR } from "../../main/web/chat/words/fr.js";

// --- Rows ---

const ada = { id: "ada", name: "Ada" };
const bob = { id: "bob", name: "Bob" };

function said(number, by, at, more = {}) {
  return { id: number + "-0", number, by, at: "2026-03-01T" + at + "Z", kind: "user", text: "text " + number, ...more };
}

function rows(messages, more = {}) {
  return rowsOf({ messages, outbox: [], line: null, dayOf: (date) => date.toISOString().slice(0, 10), ...more });
}

test("each day has a head of its own", () => {
  const late = said(1, ada, "23:59:00");
  const early = { ...said(2, ada, "00:01:00"), at: "2026-03-02T00:01:00Z" };

  assert.deepEqual(rows([late, early]).map(({ key }) => key), ["day 2026-03-01", "1-0", "day 2026-03-02", "2-0"]);
});

test("who goes on within five minutes goes on without a new head", () => {
  const all = [
    said(1, ada, "12:00:00"),
    said(2, ada, "12:04:00"),
    said(3, ada, "12:10:00"),
    said(4, bob, "12:10:10"),
    said(5, bob, "12:10:20", { reply_to: "1-0" }),
    said(6, bob, "12:10:30", { kind: "bot" }),
  ];
  const goesOn = rows(all).filter(({ kind }) => kind === "message").map((row) => row.goesOn);

  assert.deepEqual(goesOn, [false, true, false, false, false, false]);
});

test("the line stands once, before the first message that is new, and what follows has a head", () => {
  const all = [said(1, ada, "12:00:00"), said(2, ada, "12:00:10"), said(3, ada, "12:00:20")];
  const made = rows(all, { line: 1 });

  assert.deepEqual(made.map(({ kind }) => kind), ["day", "message", "unread", "message", "message"]);
  assert.equal(made[3].goesOn, false);
  assert.equal(rows(all, { line: 3 }).some(({ kind }) => kind === "unread"), false);
});

test("a row looks the same as long as its message is the same", () => {
  const one = said(1, ada, "12:00:00");
  const [, before] = rows([one]);
  const [, after] = rows([one]);
  const [, edited] = rows([{ ...one, text: "other" }]);

  assert.ok(isSame(before.of, after.of));
  assert.ok(!isSame(before.of, edited.of));
});

test("what is on its way stands at the end", () => {
  const letter = { key: "k", status: "sending" };
  assert.equal(rows([said(1, ada, "12:00:00")], { outbox: [letter] }).at(-1).letter, letter);
});

// --- HTML ---

test("the server's HTML is taken piece by piece", () => {
  const pieces = piecesOf('<p>a <strong>b</strong> &lt;c&gt;<br />d</p>');

  assert.deepEqual(pieces, [
    { open: "p", attributes: {} },
    { text: "a " },
    { open: "strong", attributes: {} },
    { text: "b" },
    { close: "strong" },
    { text: " <c>" },
    { open: "br", attributes: {} },
    { text: "d" },
    { close: "p" },
  ]);
});

test("a link leads to where it says, beside the page; another one leads nowhere", () => {
  const href = (html) => piecesOf(html)[0].attributes.href;

  assert.deepEqual(piecesOf('<a href="https://example.com/?a=1&amp;b=2" onclick="x()">x</a>')[0].attributes, {
    href: "https://example.com/?a=1&b=2",
    rel: "ugc nofollow noopener",
    target: "_blank",
  });
  assert.equal(href('<a href="mailto:a@b.example">x</a>'), "mailto:a@b.example");
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "/logout", "//evil.example", "vbscript:x"]) {
    assert.equal(href('<a href="' + bad + '">x</a>'), undefined, bad);
  }
});

test("what is not on the list is text, whatever the server sent", () => {
  for (const bad of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<p onclick=alert(1)>", "<p", "<iframe srcdoc=\"x\">", "<P>", "<style>*{}</style>"]) {
    assert.ok(piecesOf(bad).every(({ open }) => open === undefined), bad);
    assert.equal(piecesOf(bad).map(({ text }) => text ?? "").join(""), bad);
  }
});

test("a comment of the sanitiser's is nothing", () => {
  assert.equal(textOf("<p>{<!-- -->{ x }}</p>"), "{{ x }}");
});

test("attributes other than those on the list are left out", () => {
  assert.deepEqual(piecesOf('<code class="language-js" style="x">')[0].attributes, { class: "language-js" });
  assert.deepEqual(piecesOf('<code class="language-js evil">')[0].attributes, {});
  assert.deepEqual(piecesOf('<ol start="3">')[0].attributes, { start: "3" });
  assert.deepEqual(piecesOf('<ol start="3;x">')[0].attributes, {});
});

test("a line of text says what the HTML says", () => {
  assert.equal(textOf("<p>a <em>b</em><br />c</p>\n<ul>\n<li>d</li></ul>").replace(/\s+/g, " "), "a b c d");
  assert.equal(excerpt({ text: "x".repeat(200) }).length, 120);
  assert.equal(excerpt({ text: "**b**", html: "<p><strong>b</strong></p>" }), "b");
  assert.equal([...excerpt({ text: "👩‍🚀".repeat(100) }, 3)].length, 3);
});

// --- Emoji ---

test("arrows lead through a grid, the other way round where one reads from the right", () => {
  const grid = { cells: 20, columns: 8 };
  assert.equal(moved("ArrowRight", 0, grid), 1);
  assert.equal(moved("ArrowLeft", 0, grid), 0);
  assert.equal(moved("ArrowLeft", 0, { ...grid, rightToLeft: true }), 1);
  assert.equal(moved("ArrowDown", 3, grid), 11);
  assert.equal(moved("ArrowDown", 13, grid), 13);
  assert.equal(moved("ArrowUp", 11, grid), 3);
  assert.equal(moved("Home", 13, grid), 8);
  assert.equal(moved("End", 17, grid), 19);
  assert.equal(moved("PageUp", 17, grid), 1);
  assert.equal(moved("PageDown", 7, grid), 19);
  assert.equal(moved("a", 7, grid), null);
});

// --- What is read aloud ---

test("a few messages are read out, of many only their number", () => {
  const words = wordsOf("en");
  const some = [said(1, ada, "12:00:00"), said(2, bob, "12:00:01")];

  assert.deepEqual(announcementsOf(some, words), ["Ada: text 1", "Bob: text 2"]);
  assert.deepEqual(announcementsOf([...some, ...some], words), ["4 new messages from Ada and Bob"]);
});

// --- People ---

test("people without a picture have letters and a colour of their own", () => {
  assert.equal(initialsOf("Ada Lovelace"), "AL");
  assert.equal(initialsOf("ada"), "A");
  assert.equal(initialsOf("ليلى حداد"), "لح");
  assert.equal(initialsOf("🦊"), "?");
  assert.notEqual(hueOf("person-1"), hueOf("person-2"));
  assert.equal(hueOf("ada"), hueOf("ada"));
});

// --- Words ---

const LANGUAGES = { ar: AR, de: DE, en: EN, fr: FR };

function holes(text) {
  return [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort().join(" ");
}

for (const [language, words] of Object.entries(LANGUAGES)) {
  test("every word is there in " + language + ", with what is filled into it", () => {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(EN).sort());
    assert.deepEqual(Object.keys(words.problems).sort(), Object.keys(EN.problems).sort());
    for (const [word, text] of Object.entries(words).filter(([, text]) => typeof text === "string")) {
      assert.equal(holes(text), holes(EN[word]), word);
    }
  });

  test("every plural of " + language + " has its form", () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [word, forms] of Object.entries(words).filter(([word, text]) => word !== "problems" && typeof text === "object")) {
      categories.forEach((category) => assert.ok(forms[category], word + " " + category));
    }
  });
}

test("numbers choose their plural", () => {
  assert.equal(wordsOf("en").say("people", { n: 1 }), "1 person here");
  assert.equal(wordsOf("en").say("people", { n: 1_200 }), "1,200 people here");
  assert.equal(wordsOf("ar-EG").say("fresh", { n: 2 }), "رسالتان جديدتان");
});

test("a language that is not known is English, and right to left is known", () => {
  assert.equal(wordsOf("tlh").say("send"), "Send");
  assert.equal(wordsOf("de-AT").say("send"), "Senden");
  assert.equal(wordsOf("ar").direction, "rtl");
  assert.equal(wordsOf("fr").direction, "ltr");
});

test("a refusal is said in the reader's language; one that nobody knows as the server said it", () => {
  assert.equal(wordsOf("de").why({ code: "banned", message: "Wait for the end." }), "Du bist gesperrt.");
  assert.equal(wordsOf("de").why({ code: "new-one", message: "Wait." }), "Wait.");
  assert.equal(wordsOf("de").why(null), "");
});

test("today is today, and other days have their date", () => {
  const now = () => new Date(2026, 2, 10, 12).getTime();
  const { day } = wordsOf("en", now);

  assert.equal(day(new Date(2026, 2, 10, 0, 5)), "Today");
  assert.equal(day(new Date(2026, 2, 9, 23, 55)), "Yesterday");
  assert.equal(day(new Date(2026, 2, 1)), "Sunday, March 1, 2026");
});

test("a site says what it wants in its own words, and in another language", () => {
  defineWords("en", { send: "Go", problems: { banned: "No." } });
  defineWords("nl", { send: "Versturen" });

  assert.equal(wordsOf("en").say("send"), "Go");
  assert.equal(wordsOf("en").why({ code: "banned" }), "No.");
  assert.equal(wordsOf("en").why({ code: "muted" }), "You are muted.");
  assert.equal(wordsOf("nl").say("send"), "Versturen");
  assert.equal(wordsOf("nl").say("write"), "Write a message");
});
