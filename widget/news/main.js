// Whether somebody has answered. Loaded by pages of who has said something here; the conversation itself only where there is
// news, or something that waits to be sent.
import { kept_thread, news } from "./kept.js";

const DAY = 864e5;

/** What the mark shows: what is new, and a question that waits for its answer. Closed, it is quiet for a day, or until more comes. */
const is_marked = async (context, thread) => {
  const { asks, hushed } = context.memory.marks();
  const unread = await news(context, thread);
  const count = unread + (asks ? 1 : 0);
  if (!count) return false;
  context.count = count;
  return !hushed || count > hushed.count || (unread && Date.now() - hushed.at > DAY);
};

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
  const is_open = how === "open";
  if (context.panel() || (!is_open && !context.memory.read(":said") && !(await is_marked(context, thread)))) return false;
  const { converse } = await conversation();
  // The question may have come up meanwhile.
  if (context.panel()) return false;
  context.show(converse(context, thread, is_open));
  return true;
};
