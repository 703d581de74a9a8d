// Whether somebody has answered. Loaded by pages of who has said something here; the conversation itself only where there is
// news, or something that waits to be sent.
import { kept_thread, news } from "./kept.js";

/**
 * `open` shows the conversation whether or not there is news; `refresh` only learns how it stands. Tells whether a
 * conversation is shown.
 */
export const hear = async (context, how) => {
  const thread = kept_thread(context);
  if (!thread) return false;
  const conversation = () => import(context.base + "__CONVERSATION__");
  if (how === "refresh") {
    await (await conversation()).refresh(context);
    return false;
  }
  if (context.panel() || (how !== "open" && !context.memory.read(":said") && !(await news(context, thread)))) return false;
  const { converse } = await conversation();
  // The question may have come up meanwhile.
  if (context.panel()) return false;
  context.show(converse(context, thread, how === "open"));
  return true;
};
