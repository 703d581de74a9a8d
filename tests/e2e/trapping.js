// This release, with a trap: what is listened to with the word "trapdoor" in it brings the wasm down, as a mistake of
// ours would.
import * as release from "./index.js";

let patched = false;

function patch(sql) {
  const kind = Object.getPrototypeOf(sql);
  const { exec } = kind;
  kind.exec = function (statement, ...parameters) {
    const rows = exec.call(this, statement, ...parameters);
    // What is to be listened to next is the one above what is still to be looked through.
    const claims = statement.includes("SET hear_again_from = (SELECT max(number) FROM responses WHERE number <=");
    if (!claims) return rows;
    const [said] = exec.call(this, "SELECT comment FROM responses WHERE number = ?", parameters[0] + 1).toArray();
    if (!said?.comment?.includes("trapdoor")) return rows;
    // Not an error that is caught, but one that no frame of the wasm expects.
    return { raw() { throw new WebAssembly.RuntimeError("unreachable"); } };
  };
}

export class Site extends release.Site {
  constructor(ctx, env) {
    super(ctx, env);
    if (!patched) patch(ctx.storage.sql);
    patched = true;
  }
}

export class Directory extends release.Directory {}

export default release.default;
