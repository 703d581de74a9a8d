// When the moment has come: what a page saw so far, held against the triggers that an owner set.

/** Clicks and events often lead to another page: the moment goes on there for so long. */
const CARRIED = 1e4;
/** Pages that need no scrolling have been read once they have stood a while: many fill up late. */
const SETTLED = 2e3;

/** Whether it has come. Pure. */
export const fired = (trigger, { time, time_on_page, scrolled, left, happened }) => {
  const { on, seconds, percent } = trigger;
  if (on === "time") return time >= seconds * 1e3;
  if (on === "time_on_page") return time_on_page >= seconds * 1e3;
  if (on === "scroll") return scrolled >= percent;
  if (on === "exit") return left;
  return happened.includes(key_of(trigger));
};

const key_of = ({ on, name, selector }) => on + " " + (on === "event" ? name : selector);

const session = (key, value) => {
  try {
    if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {}
};

/** Watches the page. `look` tells whether one of the triggers has fired, and is to be called a few times a second. */
export const watch = ({ memory, events, warn }, triggers) => {
  const key = memory.key + ":moment";
  const kept = session(key) || {};
  const progress = { time: kept.time || 0, time_on_page: 0, scrolled: 0, left: false, happened: [] };
  /** What happened goes on to the next page for a while, unless it was only seen there. */
  const carry = ({ at, happened = [] }) => (Date.now() - at < CARRIED ? happened.filter((one) => !/^visible /.test(one)) : []);
  progress.happened = carry(kept);
  let last = performance.now();
  let turned = { y: scrollY, at: last };
  const keep = () => session(key, { time: progress.time, at: progress.at, happened: progress.happened });
  const happens = (trigger) => {
    const one = key_of(trigger);
    const again = progress.happened.includes(one);
    // What stays in sight is told a few times a second.
    if (again && trigger.on === "visible") return;
    if (!again) progress.happened.push(one);
    progress.at = Date.now();
    keep();
  };
  const of = (kind) => triggers.filter(({ on }) => on === kind);
  const sought = (act, trigger) => {
    try {
      return act(trigger.selector);
    } catch {
      warn("a trigger's selector is none: " + trigger.selector);
    }
  };

  const on_click = (event) => {
    const target = event.composedPath()[0];
    for (const trigger of of("click")) if (target.closest && sought((css) => target.closest(css), trigger)) happens(trigger);
  };
  /** The page itself, or whatever of it is scrolled in its place. */
  const on_scroll = ({ target }) => {
    const root = document.scrollingElement || document.documentElement;
    const scrolled = target && target !== document && target.scrollHeight ? target : root;
    if (scrolled !== root && scrolled.clientHeight < innerHeight / 2) return;
    const { scrollTop, clientHeight, scrollHeight } = scrolled;
    const now = performance.now();
    if (scrollHeight - clientHeight > 4) {
      progress.scrolled = Math.max(progress.scrolled, Math.ceil(((scrollTop + clientHeight) / scrollHeight) * 100));
    }
    // With fingers: far up at once, as on the way to the address.
    if (scrollTop > turned.y || now - turned.at > 500) turned = { y: scrollTop, at: now };
    if (turned.y - scrollTop > 400 && matchMedia("(pointer: coarse)").matches) progress.left = true;
  };
  const on_leave = ({ relatedTarget, clientY }) => {
    if (!relatedTarget && clientY <= 0) progress.left = true;
  };
  // One that is none is told about at once, and not at the first click.
  for (const trigger of [...of("click"), ...of("visible")]) sought((css) => document.querySelector(css), trigger);
  /** Whether something in the middle of the page is scrolled in its place. */
  const has_inner = () => {
    let at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    for (; at && at !== document.documentElement && at !== document.body; at = at.parentElement) {
      if (at.scrollHeight - at.clientHeight > 4 && /auto|scroll|overlay/.test(getComputedStyle(at).overflowY)) return true;
    }
    return false;
  };
  /** A page that needs no scrolling, once it has stood a while. */
  const is_read = () => {
    if (progress.time_on_page < SETTLED || document.readyState !== "complete") return false;
    const { scrollHeight, clientHeight } = document.scrollingElement || document.documentElement;
    return scrollHeight - clientHeight <= 4 && !has_inner();
  };
  addEventListener("click", on_click, true);
  addEventListener("scroll", on_scroll, { capture: true, passive: true });
  document.addEventListener("mouseout", on_leave);
  addEventListener("pagehide", keep);

  const is_seen = (css) =>
    [...document.querySelectorAll(css)].some((element) => {
      const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
      return width && height && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    });
  return {
    look: () => {
      const now = performance.now();
      const visible = document.visibilityState !== "hidden";
      // A timer that slept, slept with the page.
      const spent = Math.min(now - last, 2e3);
      last = now;
      if (visible) {
        progress.time += spent;
        progress.time_on_page += spent;
        for (const trigger of of("visible")) if (sought(is_seen, trigger)) happens(trigger);
        if (progress.scrolled < 100 && of("scroll").length && is_read()) progress.scrolled = 100;
      }
      for (const name of events.splice(0)) for (const trigger of of("event")) if (trigger.name === name) happens(trigger);
      return visible && triggers.some((trigger) => fired(trigger, progress));
    },
    /** Another page, without a load. */
    turn: () => {
      progress.time_on_page = progress.scrolled = 0;
      progress.left = false;
      progress.happened = carry(progress);
    },
    stop: (is_done) => {
      removeEventListener("click", on_click, true);
      removeEventListener("scroll", on_scroll, { capture: true });
      document.removeEventListener("mouseout", on_leave);
      removeEventListener("pagehide", keep);
      // The next question begins anew.
      if (is_done) session(key, {});
    },
  };
};
