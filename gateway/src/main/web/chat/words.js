import { AR } from "./words/ar.js";
import { DE } from "./words/de.js";
import { EN } from "./words/en.js";
import { FR } from "./words/fr.js";

const LANGUAGES = new Map(Object.entries({ ar: AR, de: DE, en: EN, fr: FR }));
const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"]);
const DAY_MS = 86_400_000;

/** Another language, or other words in one that is here; what is left out stays, or is English. */
export function defineWords(language, words) {
  const known = LANGUAGES.get(language) ?? EN;
  LANGUAGES.set(language, { ...known, ...words, problems: { ...known.problems, ...words.problems } });
}

/**
 * The words of a language, and its dates, numbers and plurals; English where a language is not known.
 *
 * @param now in milliseconds, so that a day can be today
 */
export function wordsOf(lang, now = Date.now) {
  const wish = lang || globalThis.navigator?.language || "en";
  const language = wish.toLowerCase().split("-")[0];
  const known = LANGUAGES.has(language) ? language : "en";
  const locale = known === language ? wish : known;
  const words = LANGUAGES.get(known);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "full" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const nearby = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale);

  const say = (word, values = {}) => {
    const said = words[word] ?? EN[word] ?? word;
    const text = typeof said === "string" ? said : (said[plurals.select(values.n)] ?? said.other);
    return text.replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === "number" ? numbers.format(values[name]) : (values[name] ?? ""),
    );
  };
  return {
    language: known,
    direction: RIGHT_TO_LEFT.has(known) ? "rtl" : "ltr",
    say,
    /** Why it was refused: what the server says of it is English, and for developers. */
    why: (problem) => words.problems[problem?.code] ?? problem?.message ?? "",
    day: (date) => {
      const days = Math.round((midnight(date) - midnight(new Date(now()))) / DAY_MS);
      return days === 0 || days === -1 ? capital(nearby.format(days, "day"), locale) : dates.format(date);
    },
    time: (date) => times.format(date),
    moment: (date) => moments.format(date),
    number: (number) => numbers.format(number),
    list: (texts) => lists.format(texts),
  };
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function capital(text, locale) {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
