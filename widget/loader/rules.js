// Whether this browser may be asked. Pure: `rules.json` beside it holds cases, which the tests go through.

const DAY = 864e5;

/** From when on, in milliseconds since 1970, by what the owner set (`rules`) and what this browser did (`marks`). */
export const due = (rules, marks) => {
  const wait = (mark, rule, usual) => (marks[mark] ? marks[mark] + (rule in rules ? rules[rule] : usual) * DAY : 0);
  return Math.max(
    wait("answered", "again_after_days", 90),
    wait("closed", "again_after_closing_days", 30),
    wait("left", "again_after_leaving_days", 1),
    // What was put right gets its time.
    marks.quiet_until || 0,
  );
};

/**
 * What to do on a page: `ask`; `resume` what was left half said; `look` at the owner's rules, which are read once a day, and
 * then decide; `hear` whether the conversation about the answer before is over, which is asked once a day; or `leave` in
 * peace. `draft` is what the customer has not sent yet.
 */
export const decide = ({ rules, read_at, ...marks }, draft, now) => {
  if (draft && !draft.closed && !draft.queued && now - draft.at < DAY) return "resume";
  const known = rules || {};
  if (due(known, marks) <= now) {
    if (!marks.talking) return "ask";
    return now - (marks.heard_at || 0) < DAY ? "leave" : "hear";
  }
  return rules && now - read_at < DAY ? "leave" : "look";
};
