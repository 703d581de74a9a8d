// Whom a page asks. Pure, and the same as `edge/wire/src/asking/verdict.rs`: `verdicts.json` beside it holds the cases that both
// are tested with.

/** Numbers as both languages read them. */
const number = (text) => (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? +text : NaN);
const without_slash = (address) => address.replace(/\/$/, "");
/** Whether `*` can stand for what makes a pattern the text; each part is sought once, so that no address makes it slow. */
const globs = (pattern, text) => {
  const [first, ...parts] = pattern.split("*");
  if (!parts.length) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = parts.pop();
  let at = first.length;
  for (const part of parts) {
    at = text.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
};

/** Whether an address is one of a rule's pages, `not` aside. */
export const fits_page = ({ is, url }, address) => {
  if (is === "regex") {
    try {
      return new RegExp(url).test([...address].slice(0, 500).join(""));
    } catch {
      return false;
    }
  }
  const [, page, query = "", hash = ""] = /^([^?#]*)(\?[^#]*)?(#[^]*)?$/.exec(address);
  const path = /:\/\/[^/]*(\/[^]*)$/.exec(page);
  const held =
    (url[0] === "/" ? (path ? path[1] : "/") : page) + (url.includes("?") ? query : "") + (url.includes("#") ? hash : "");
  if (is === "exact") return without_slash(held) === without_slash(url);
  if (is === "prefix") return held.startsWith(url);
  return is === "glob" && globs(without_slash(url), without_slash(held));
};

const fits_property = ({ is, value = "" }, told) => {
  const known = told !== undefined;
  const [there, wanted] = [number(told), number(value)];
  if (is === "equal") return told === value;
  if (is === "not_equal") return told !== value;
  if (is === "contains") return known && told.includes(value);
  if (is === "at_least") return there >= wanted;
  if (is === "at_most") return there <= wanted;
  return is === "known" && known;
};

const is_page = (rules, address) => {
  const hit = (not) => rules.some((rule) => !!rule.not === not && fits_page(rule, address));
  return !hit(true) && (hit(false) || rules.every(({ not }) => not));
};

const is_language = (wanted, tag) => (tag.toLowerCase() + "-").startsWith(wanted.toLowerCase() + "-");

const page_text = ({ is, url, not }) =>
  (not ? "not " : "") + (is === "prefix" ? url + "…" : is === "regex" ? "/" + url + "/" : url);
const SIGNS = { equal: " = ", not_equal: " ≠ ", contains: " ∋ ", at_least: " ≥ ", at_most: " ≤ " };

/** What each rule decides that is set: `{rule, passes, wants, is}`. The moment is left to the triggers. */
export const verdicts = (rules, at) => {
  const { pages = [], devices = [], languages = [], properties = [], ...rest } = rules.targeting || {};
  const told = [];
  const rule = (is_set, rule, passes, wants, is) => is_set && told.push({ rule, passes, wants: "" + wants, is: "" + is });
  const left = (ago, name, usual) => (typeof ago === "number" ? (name in rules ? rules[name] : usual) - ago : 0);
  const wait = Math.max(
    0,
    left(at.answered_days_ago, "again_after_days", 90),
    left(at.closed_days_ago, "again_after_closing_days", 30),
    left(at.left_days_ago, "again_after_leaving_days", 1),
  );
  rule(true, "again", wait <= 0, 0, Math.ceil(wait));
  const { page = "", device = "", language = "", properties: known = {}, place = 0 } = at;
  rule(pages.length, "pages", is_page(pages, page), pages.map(page_text).join(", "), page);
  rule(devices.length, "devices", devices.includes(device), devices.join(", "), device);
  const speaks = languages.some((wanted) => is_language(wanted, language));
  rule(languages.length, "languages", speaks, languages.join(", "), language);
  for (const property of properties) {
    const { name, is, value = "" } = property;
    const told = Object.prototype.hasOwnProperty.call(known, name) ? known[name] : undefined;
    const wants = SIGNS[is] ? name + SIGNS[is] + value : name + ": *";
    rule(true, "properties", fits_property(property, told), wants, name + ": " + (told === undefined ? "—" : told));
  }
  for (const [name, there] of [
    ["min_pages", "pages" in at ? at.pages : 1],
    ["min_visits", "visits" in at ? at.visits : 1],
    ["min_days", at.days || 0],
  ])
    rule(rest[name] > 0, name, there >= rest[name], rest[name], there);
  const { sample_percent: percent } = rest;
  rule(percent !== undefined, "sample_percent", place < percent, "< " + percent, Math.floor(place));
  const signal = at.privacy_signal ? "DNT, GPC" : "";
  rule(rest.respect_privacy_signals, "respect_privacy_signals", !signal, "", signal);
  return told;
};
