// Types of what heard.js gives a page. Copy this file beside your own.

interface Heard {
  /** Asks now, also who was asked before; takes up what the customer left unsent. */
  (call: "ask"): void;
  /** Closes the question; what was typed is kept for a day. */
  (call: "close"): void;
  /** Your own id for the visitor, of 1 to 200 bytes, before or after the answer; `null` forgets it, as on logout. */
  (call: "identify", visitor: string | number | null): void;
  /** What happened: a trigger `event` of this name asks. */
  (call: "track", name: string): void;
  /** What the page knows of the visitor, for the site's targeting; `null` takes one back. */
  (call: "properties", told: Record<string, string | number | boolean | null>): void;
  /** Whether the visitor agrees to what is kept, where `data-consent`; `false` forgets it. */
  (call: "consent", given: boolean): void;
  /** Calls `act` when the question is shown, a score chosen, words sent, or the panel closed. */
  <Name extends keyof HeardEvents>(call: "on", name: Name, act: (detail: HeardEvents[Name]) => void): void;
  /** What every rule decided, also told on the console. */
  (call: "why"): Promise<{ rule: string; passes: boolean; says: string }[]> | void;
  /** The token of a solved challenge of Cloudflare Turnstile, where the site wants one. */
  (call: "challenge", token: string): void;
  /** Names the site where no `data-site` can; `server` is where heard.js comes from, unless that is told by its address. */
  (call: "init", site: { site: string; server?: string }): void;
}

interface HeardEvents {
  shown: null;
  scored: { score: number };
  answered: { score: number; reference: string };
  closed: null;
}

interface Window {
  /** There at once when `load_heard` or the line of the README puts it there: calls are kept until the script has come. */
  heard?: Heard & { q?: IArguments[] };
}
