// Whether somebody has answered. Loaded by pages of who has said something here; the conversation itself only where there is
// news, or something that waits to be sent.
import { kept_thread, key_to, news } from "./kept.js";

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
 * On a device where they said nothing, who the owner's server vouches for may still be in the middle of a conversation: it is
 * looked for once a day, and every time they ask for it.
 */
const find_thread = async (context, is_wanted) => {
  const { memory, visitor, proof } = context;
  const { looked } = memory.marks();
  const who = visitor();
  const is_known = looked && looked.who === who && Date.now() - looked.at < DAY;
  if (!proof() || (is_known && !is_wanted) || memory.read(":thread")) return;
  // Two calls at once look once.
  memory.note({ looked: { who, at: Date.now() } });
  const headers = { authorization: "Bearer " + key_to({}, context) };
  const how = { headers, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
  let answer, told;
  try {
    answer = await fetch(context.base + "/v1/sites/" + context.site + "/thread", how);
    told = await answer.json();
  } catch {}
  // Whether there is one is not known yet.
  if (!told || (!answer.ok && answer.status !== 401)) memory.note({ looked: undefined });
  if (!told || !told.mailbox || who !== visitor()) return;
  const until = told.asks_again_at ? Date.parse(told.asks_again_at) : undefined;
  memory.note({ talking: until ? undefined : true, quiet_until: until, heard_at: Date.now() });
  const thread = { id: told.response.id, mailbox: told.mailbox, visitor: who, at: Date.now() };
  memory.write(":thread", thread);
  return thread;
};

/**
 * `open` shows the conversation whether or not there is news; `refresh` only learns how it stands. Tells whether a
 * conversation is shown.
 */
export const hear = async (context, how) => {
  const thread = kept_thread(context) || (await find_thread(context, how === "open"));
  if (!thread) return false;
  const conversation = () => import(context.base + "__CONVERSATION__");
  if (how === "refresh") {
    await (await conversation()).refresh(context);
    return false;
  }
  const is_open = how === "open";
  const there = context.panel();
  // The page's own button opens what only a mark stands for.
  if (there && is_open) there.focus();
  if (there || (!is_open && !context.memory.read(":said") && !(await is_marked(context, thread)))) return false;
  const { converse } = await conversation();
  // The question may have come up meanwhile.
  if (context.panel()) return false;
  context.show(converse(context, thread, is_open));
  return true;
};
