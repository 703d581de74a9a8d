// What a page knows of its visitor, as far as it matters to whether they are asked.

const VISIT = 18e5;
const DAY = 864e5;

/** One of ten thousand places, the same for the same text. FNV-1a, mixed once more: texts that differ little end far apart. */
export const place_of = (text) => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) % 1e4) / 100;
};

const device = () => {
  const { userAgentData, maxTouchPoints } = navigator;
  const small = Math.min(screen.width, screen.height) < 600;
  if (userAgentData && userAgentData.mobile) return small ? "phone" : "tablet";
  const fingers = matchMedia("(pointer: coarse)").matches && maxTouchPoints > 0;
  return fingers ? (small ? "phone" : "tablet") : "desktop";
};

/** Counts a page that somebody sees. A visit goes on over tabs, until half an hour without a page. */
export const count_page = ({ memory }, now) => {
  const { first = now, seen = 0, visits = 0, pages = 0, place = Math.floor(Math.random() * 1e4) / 100 } = memory.read(":visits") || {};
  const goes_on = now - seen < VISIT && now >= seen;
  const counted = { first, seen: now, visits: goes_on ? visits : visits + 1, pages: goes_on ? pages + 1 : 1, place };
  memory.write(":visits", counted);
};

/** Whether the rules look at what is counted; else nothing is. */
export const counts = ({ targeting }) => {
  const { min_pages, min_visits, min_days, sample_percent } = targeting || {};
  return !!(min_pages || min_visits || min_days || sample_percent);
};

const ago = (mark, now) => (mark ? (now - mark) / DAY : undefined);

export const situation = ({ memory, site, visitor, language, properties }, now) => {
  const { first, visits, pages, place = 0 } = memory.read(":visits") || {};
  const { answered, closed, left } = memory.marks();
  const told = {};
  for (const name of Object.keys(properties)) if (properties[name] !== undefined && properties[name] !== null) told[name] = "" + properties[name];
  const known = visitor();
  const { doNotTrack, globalPrivacyControl } = navigator;
  return {
    page: location.href,
    device: device(),
    language: language(),
    properties: told,
    pages: pages || 1,
    visits: visits || 1,
    days: first ? Math.floor((now - first) / DAY) : 0,
    // Who is known has the same place in every browser.
    place: known ? place_of(site + ":" + known) : place,
    privacy_signal: doNotTrack === "1" || globalPrivacyControl === true,
    answered_days_ago: ago(answered, now),
    closed_days_ago: ago(closed, now),
    left_days_ago: ago(left, now),
  };
};
