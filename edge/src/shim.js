// The Worker's entry. The runtime wants classes of its own kinds, so these hand everything on to the wasm, and start
// the wasm anew after a trap, which would otherwise leave every later request of the isolate broken.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import * as wasm from "./index.js";
import { rehearse } from "./rehearsal.js";

const init = wasm.__worker_init_state();

const isTrap = (error) => error instanceof WebAssembly.RuntimeError || error?.cause instanceof WebAssembly.RuntimeError;

function guarded(act) {
  if (init.criticalError) {
    console.error("starting the Worker's wasm anew after a trap");
    wasm.__wbg_reset_state();
    init.criticalError = false;
    init.instanceId++;
  }
  // After a trap that nobody saw, in a callback, the wasm starts anew with whatever is called next. Let it be this, which
  // needs no object of the one before.
  wasm.__worker_init_state();
  const noticed = (error) => {
    init.criticalError ||= isTrap(error);
    throw error;
  };
  try {
    const result = act();
    return result instanceof Promise ? result.catch(noticed) : result;
  } catch (error) {
    noticed(error);
  }
}

// What the first request comes to is compiled before it comes: `rehearsal.rs` says why.
const endRehearsal = guarded(() => rehearse(wasm));

const pause = (millis) => new Promise((over) => setTimeout(over, millis));

export default class extends WorkerEntrypoint {
  async fetch(request) {
    endRehearsal();
    const answer = await guarded(() => wasm.fetch(request, this.env, this.ctx));
    const changed = request.method !== "GET" && request.method !== "HEAD" && answer.headers.get("cache-tag");
    if (changed) await this.#purge(changed);
    // A site that is set back begins anew a little later, and a survey of before may have been kept meanwhile.
    if (changed && answer.status === 202) this.ctx.waitUntil(pause(1e3).then(() => this.#purge(changed)));
    return answer;
  }

  // What Cloudflare's cache holds of what has changed. Other runtimes have none in front.
  async #purge(tag) {
    const failed = (why) => console.error("purging the cache at the edge, which ends by itself in ten minutes:", why);
    try {
      const purged = await this.ctx.cache?.purge({ tags: [tag] });
      // Too many at a time are refused without an exception.
      if (purged?.success === false) failed(JSON.stringify(purged.errors ?? purged));
    } catch (error) {
      failed(error);
    }
  }
}

class Backed extends DurableObject {
  #inner;
  #instance;

  // Made in a transaction of its own, so that an upgrade of the tables happens whole or not at all, whatever comes next.
  get inner() {
    if (this.#instance !== init.instanceId) {
      this.#inner = this.ctx.storage.transactionSync(() => {
        const made = new this.constructor.kind(this.ctx, this.env);
        made.ready?.();
        return made;
      });
      this.#instance = init.instanceId;
    }
    return this.#inner;
  }

  // What a call wrote is undone when it throws.
  transaction(act) {
    return guarded(() => {
      const { inner } = this;
      return this.ctx.storage.transactionSync(() => act(inner));
    });
  }
}

// Slices of chores in one alarm: each takes some milliseconds, and the next alarm follows at once.
const SLICES = 20;
// Between two looks at what has fallen due while deliveries are under way.
const LOOK_EVERY = 100;
const DELIVERING = "delivering";
// Longer than deliveries of one alarm ever take.
const LONGEST = 90_000;

export class Site extends Backed {
  static kind = wasm.Site;

  // When the alarm is set to ring, as far as is known: Infinity for never.
  #rings;
  #ringing = false;
  // Whether this object has looked, since it started, if its alarm is set as it must be.
  #looked = false;
  // Deliveries under way, which may outlast the alarm that began them.
  #sending;
  // How often in a row deliveries did not end because the wasm did.
  #losses = 0;

  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      this.#rings = (await ctx.storage.getAlarm()) ?? Infinity;
    });
  }

  call(text) {
    let [outcome, wake, isGone] = this.transaction((inner) => inner.call(text, this.#rings));
    if (isGone) return this.#vanish(outcome);
    // An alarm is lost where the runtime gave up on it, rows ran out, or a copy was restored. It is set again at the first
    // call, whatever that is.
    if (!this.#looked) wake = guarded(() => this.inner.next_wake());
    this.#looked = true;
    this.#wakeAt(wake);
    return outcome;
  }

  // The tables are gone with the call; so goes what is left of the storage, and the alarm.
  async #vanish(outcome) {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    [this.#rings, this.#looked] = [Infinity, false];
    return outcome;
  }

  // Sets everything back to a moment of the last 30 days, or to a bookmark. Cloudflare keeps these; workerd by itself does
  // not, and says so. Gives the bookmark that undoes it, and begins anew.
  async restore(to, bookmark) {
    const { storage } = this.ctx;
    let undo;
    try {
      undo = await storage.onNextSessionRestoreBookmark(bookmark || (await storage.getBookmarkForTime(to)));
    } catch (error) {
      return [undefined, String(error?.message ?? error)];
    }
    // After the answer: what is aborted answers nothing. Alarms are not restored, and the first call sets them again.
    setTimeout(() => this.ctx.abort("the site is set back to an earlier moment"), 50);
    return [undo, undefined];
  }

  // Not awaited: it commits together with what the call wrote, and the answer waits for both.
  #wakeAt(wake) {
    if (this.#ringing || wake === undefined || wake >= this.#rings) return;
    this.#rings = wake;
    this.ctx.storage.setAlarm(wake).catch((error) => {
      // A day's quota may be used up: the next call looks again, whatever it is.
      [this.#rings, this.#looked] = [Infinity, false];
      console.error("setting the alarm:", error);
    });
  }

  async alarm() {
    this.#ringing = true;
    this.#looked = true;
    this.#rings = Infinity;
    let wake;
    try {
      await this.#chores();
      wake = guarded(() => this.inner.next_wake());
    } catch (error) {
      // Thrown, it would be retried a few times and then forgotten, and a quiet site would never send again.
      console.error("the alarm:", error);
      wake = Date.now() + 60_000;
    }
    // No await from the last look at the tables to here, so a call either was seen or sets the alarm itself.
    this.#ringing = false;
    this.#wakeAt(wake);
  }

  // Does what is due, a slice at a time, and sends beside it. What fails or traps waits, and holds nothing else back.
  async #chores() {
    // What an earlier alarm began and is still under way.
    let sending = this.#sending;
    if (!sending || sending.over || this.#isLost(sending)) sending = undefined;
    else this.#deliverMore(sending);
    for (let slices = 0; ; ) {
      const due = guarded(() => this.inner.due());
      // Once an alarm: it may make only so many requests.
      if (!sending && due.includes(DELIVERING)) sending = this.#sending = this.#deliver();
      const chore = slices < SLICES && due.find((name) => name !== DELIVERING);
      if (chore) {
        slices++;
        this.#carryOut(chore);
        // Submissions come in between.
        await pause(1);
      } else if (!sending || sending.over) {
        return;
      } else if (guarded(() => this.inner.is_spent())) {
        // What hangs goes on beside the next alarm, which has requests of its own to make.
        return;
      } else {
        await Promise.race([sending.done, pause(LOOK_EVERY)]);
      }
      if (sending && this.#isLost(sending)) {
        // Once may have been another's trap; what brings the wasm down each time waits like any chore that fails.
        if (++this.#losses >= 3) this.#blame(DELIVERING, "it ended with the wasm, three times in a row");
        return;
      }
    }
  }

  // Whole or not at all. Listening again is neither: it writes down what it takes before it listens, and that must stay
  // when it traps.
  #carryOut(chore) {
    try {
      if (guarded(() => this.inner.is_whole(chore))) this.transaction((inner) => inner.carry_out(chore));
      else guarded(() => this.inner.carry_out(chore));
      guarded(() => this.inner.went_well(chore));
    } catch (error) {
      this.#blame(chore, error);
    }
  }

  #deliverMore(sending) {
    sending.until = Date.now() + LONGEST;
    guarded(() => this.inner.deliver_more());
  }

  #deliver() {
    const sending = { over: false, instance: init.instanceId, until: Date.now() + LONGEST };
    const act = async () => {
      try {
        await guarded(() => this.inner.deliver());
        guarded(() => this.inner.went_well(DELIVERING));
        this.#losses = 0;
      } catch (error) {
        if (this.#isLost(sending)) return;
        this.#blame(DELIVERING, error);
      }
      sending.over = true;
      // Its alarm may be over long since, and nobody else would look.
      if (!this.#ringing) this.#wakeAt(guarded(() => this.inner.next_wake()));
    };
    sending.done = act();
    return sending;
  }

  // After a trap, whatever was under way in the wasm never ends. It is sent again.
  #isLost(sending) {
    if (!sending.over && Date.now() > sending.until) init.criticalError = true;
    return !sending.over && (init.criticalError || sending.instance !== init.instanceId);
  }

  #blame(chore, error) {
    console.error(`the alarm, ${chore}:`, error);
    try {
      this.transaction((inner) => inner.failed(chore));
    } catch (cause) {
      // The site may have been erased meanwhile.
      console.error(`the alarm, ${chore}, letting it wait:`, cause);
    }
    if (chore === DELIVERING) this.#losses = 0;
  }
}

export class Directory extends Backed {
  static kind = wasm.Directory;

  call(command) {
    const [page] = this.transaction((inner) => inner.call(command));
    return page;
  }

  sessions(command) {
    return this.transaction((inner) => inner.sessions(command));
  }

  passkeys(command) {
    return this.transaction((inner) => inner.passkeys(command));
  }
}
