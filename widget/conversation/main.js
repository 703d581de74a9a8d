// The conversation about an answer: a quiet mark when there is news, and behind it what both sides wrote. It is loaded when
// there is news, or when something that the customer wrote could not be sent; by DOM calls alone, so that a page view with
// news costs a few kilobytes and no program.
import { frame } from "../first/frame.js";
import { grow } from "../first/tree.js";
import { news } from "../news/kept.js";
import answers from "../answering/style.css";
import css from "./style.css";
import { line_of } from "./line.js";
import { view } from "./view.js";

const LOOK_AGAIN = 15e3;

/** Learns how the conversation stands, so that nobody is asked for a score in the middle of it. */
export const refresh = (context) => line_of(context).read();

/** Puts up the mark, or when `open` the conversation itself. Gives what takes it away, and what opens it. */
export const converse = (context, kept, open) => {
  const { memory } = context;
  const options = { ...memory.marks().look, ...context.options };
  const line = line_of(context);
  let put, shown, timer, over;
  let before = document.activeElement;

  const remove = () => {
    clearTimeout(timer);
    if (shown) shown.stop();
    if (put) put.remove();
    put = shown = undefined;
  };
  const leave = () => {
    if (over) return;
    over = true;
    // What was read and left unanswered is not asked about again and again.
    if (shown) memory.note({ hushed: { at: Date.now(), count: memory.marks().asks ? 1 : 0 } });
    const had_focus = put && document.activeElement === put.host;
    remove();
    removeEventListener("storage", elsewhere);
    removeEventListener("online", online);
    if (had_focus && before && before.focus) before.focus();
    context.closed();
  };
  const stand = (node, asked) => {
    remove();
    put = frame(options, asked, (event) => {
      if (shown) shown.key(event);
      if (event.key === "Escape" && !event.isComposing) leave();
    });
    put.style(answers + css);
    put.root.appendChild(node);
    return node;
  };

  const unfold = async (read) => {
    if (!put || document.activeElement !== put.host) before = document.activeElement;
    const told = read || (await line.read());
    if (over || !told.response) return leave();
    const section = grow(["section", { class: "panel talk", dir: "auto", tabindex: "-1" }]);
    stand(section, true);
    shown = view(section, told, line, leave, grow);
    section.focus({ preventScroll: true });
    line.seen();
    look();
  };
  // While it is open it listens for more.
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        const sent = line.waiting().length && (await line.deliver());
        if (document.visibilityState !== "hidden" && (sent || (await news(context, kept, "no-cache")))) {
          const told = await line.read();
          if (told.response && shown) {
            shown.show(told);
            line.seen();
          }
        }
      } catch {}
      if (shown) look();
    }, LOOK_AGAIN);
  };

  const mark = async () => {
    const told = await line.read();
    const { messages = [], case: state, copy = {}, name } = told;
    // What the count told may be a little old; a question that was read there once is no news.
    const { hushed } = memory.marks();
    const is_news = messages.some((message) => message.is_new) || (state && state.asks && !(hushed && hushed.count));
    if (over || !told.response || !is_news) return leave();
    const words = copy.mark.replace("{name}", name);
    const node = grow([
      "div",
      { class: "mark", lang: told.lang, dir: "auto" },
      ["p", { class: "announcer", role: "status" }],
      ["button", { class: "news", type: "button" }, ["span", { class: "dot", "aria-hidden": "true" }], words],
      ["button", { class: "close", type: "button", "aria-label": copy.close }, ["span", { "aria-hidden": "true" }, "\u00d7"]],
    ]);
    stand(node, false);
    setTimeout(() => (node.querySelector(".announcer").textContent = words), 150);
    node.querySelector(".news").addEventListener("click", () => unfold(told));
    node.querySelector(".close").addEventListener("click", () => {
      memory.note({ hushed: { at: Date.now(), count: context.count || 0 } });
      leave();
    });
  };

  // Read, written or erased in another tab.
  const elsewhere = async ({ key }) => {
    if (key !== memory.key + ":thread" || over) return;
    if (!memory.read(":thread")) return leave();
    if (!shown && put && !(await news(context, kept, "no-cache").catch(() => 1))) leave();
  };
  const online = () => line.deliver().then((sent) => sent && shown && line.read().then(shown.show));
  addEventListener("storage", elsewhere);
  addEventListener("online", online);
  line.deliver().then(() => (open ? unfold() : mark())).catch(leave);
  return { close: leave, leave, focus: () => (shown ? put.root.querySelector(".panel").focus() : unfold()), begun: () => true, identified() {} };
};
