// The Worker's entry. The runtime wants classes of its own kinds, so these hand everything on to the wasm, and start
// the wasm anew after a trap, which would otherwise leave every later request of the isolate broken.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import * as wasm from "./index.js";

const init = wasm.__worker_init_state();

function guarded(act) {
  if (init.criticalError) {
    console.error("starting the Worker's wasm anew after a trap");
    wasm.__wbg_reset_state();
    init.criticalError = false;
    init.instanceId++;
  }
  const noticed = (error) => {
    init.criticalError ||= error instanceof WebAssembly.RuntimeError;
    throw error;
  };
  try {
    const result = act();
    return result instanceof Promise ? result.catch(noticed) : result;
  } catch (error) {
    noticed(error);
  }
}

export default class extends WorkerEntrypoint {
  fetch(request) {
    return guarded(() => wasm.fetch(request, this.env, this.ctx));
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

  call(command) {
    const { storage } = this.ctx;
    const [reply, wake] = guarded(() => {
      const { inner } = this;
      return storage.transactionSync(() => inner.call(command));
    });
    // Not awaited: it commits together with what the call wrote, and the answer waits for both.
    if (wake !== undefined) storage.setAlarm(wake).catch((error) => console.error("setting the alarm:", error));
    return reply;
  }

}

export class Site extends Backed {
  static kind = wasm.Site;

  async alarm() {
    let inner;
    try {
      inner = guarded(() => this.inner);
    } catch (error) {
      // Thrown, it would be retried a few times and then forgotten, and a quiet site would never send again.
      console.error("the alarm:", error);
      await this.ctx.storage.setAlarm(Date.now() + 60_000);
      return;
    }
    return guarded(() => inner.alarm());
  }
}

export class Directory extends Backed {
  static kind = wasm.Directory;
}
