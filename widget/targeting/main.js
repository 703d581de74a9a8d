// Asks the right person at the right moment. Loaded where an owner's rules say more than "after so many seconds", or where
// the page knows its visitor.
import { page_address } from "../answering/address.js";
import { count_page, counts, place_of, situation } from "./situation.js";
import { watch } from "./triggers.js";
import { verdicts } from "./verdicts.js";

export { assign } from "./assign.js";

const LOOK = 200;
const HOUR = 36e5;

/** Tells the Worker of a showing; for `admission` it answers. */
const tell = ({ base, site, json, visitor, proof }, { lang, token, variant }, more) =>
  fetch(base + "/v1/sites/" + site + "/shown", {
    method: "POST",
    body: json({ page: page_address(), lang, token, variant, visitor: visitor(), visitor_proof: proof(), ...more }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    keepalive: true,
  });

/** Whether the Worker lets it be shown: caps, quotas, and visitors who have answered in another browser. */
export const is_admitted = async (context, survey) => {
  const { site, memory, options, visitor } = context;
  if ("test" in options) return true;
  // That they have answered is theirs alone: whoever comes next in this browser is another.
  const who = place_of(site + ":" + visitor());
  const { alone, enough_until } = memory.marks();
  if (Date.now() < enough_until || (visitor() && alone && alone.who === who && Date.now() < alone.until)) return false;
  try {
    const answer = await tell(context, survey, { admission: true });
    const { admitted, until, reason } = await answer.json();
    const ends = Date.parse(until);
    if (admitted) memory.note({ shown: Date.now() });
    else if (reason === "answered") memory.note({ alone: { who, until: ends } });
    // An owner may want more by then. A question that another tab was let show stays there.
    else if (ends) memory.note({ enough_until: Math.min(ends, Date.now() + HOUR) });
    return !!admitted;
  } catch {
    return false;
  }
};

/** Who is known and closed it without an answer is left alone in their other browsers, too. */
const tell_closed = (context, survey, since) => {
  const { left = 0, answered = 0 } = context.memory.marks();
  if (context.visitor() && left < since && answered < since && !("test" in context.options))
    tell(context, survey, { closed: true }).catch(() => {});
};

const pages_of = (address) => address.replace(/#(?![/!])[^]*$/, "");
const is_reload = () => (performance.getEntriesByType("navigation")[0] || {}).type === "reload";

/** Resolves at the moment to ask; where it never comes, never. `mine` is the question that waits for it. */
export const aim = (context, survey, mine) =>
  new Promise((go) => {
    const { memory, visitor } = context;
    const rules = survey.ask;
    const after_delay = [{ on: "time", seconds: rules.delay_seconds }];
    const watched = watch(context, rules.triggers && rules.triggers.length ? rules.triggers : after_delay);
    let href, who, fits, asking, was_open, counted, since;

    const is_asked = () => verdicts(rules, situation(context, Date.now())).every(({ rule, passes }) => passes || rule === "again");
    const stop = (is_done) => {
      clearInterval(timer);
      watched.stop(is_done);
    };
    const look = async () => {
      const panel = context.panel();
      // Closed at once, it was never seen open here.
      const is_closed = since && memory.marks().closed >= since;
      if (is_closed && !panel) tell_closed(context, survey, since);
      if (mine.over || ((was_open || is_closed) && !panel)) return stop(!!since);
      was_open = was_open || !!panel;
      const here = location.href;
      const now_who = visitor() + context.json(context.properties);
      const moved = here !== href;
      if (moved || now_who !== who) {
        // A page that nobody sees yet, such as one that is prerendered, is none.
        if (document.visibilityState === "hidden") return;
        if (moved && href !== undefined) watched.turn();
        // A page that is loaded again is the same, and so is one whose fragment leads only further down.
        const is_same = counted ? pages_of(here) === pages_of(href) : is_reload();
        if (moved && !is_same && counts(rules)) count_page(context, Date.now());
        counted = true;
        [href, who] = [here, now_who];
        fits = is_asked();
        // Asked, and gone on to where it is not meant to be, without a word: it comes back where it is.
        if (panel && !fits && !mine.asked && !panel.begun()) {
          panel.leave();
          stop();
          return context.ask();
        }
      }
      if (panel || asking || !watched.look() || !fits) return;
      asking = true;
      if ((survey.admission || visitor()) && !(await is_admitted(context, survey))) return stop(true);
      since = Date.now();
      go();
    };
    const timer = setInterval(look, LOOK);
    look();
  });
