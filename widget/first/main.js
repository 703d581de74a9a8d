// The first view of the question: there before any wasm, and all of it where no wasm can run.
import tree from "./first_view.json";
import { answer_of, page_address } from "./answer.js";
import { flow } from "./flow.js";
import { frame } from "./frame.js";
import { deliver } from "./sending.js";
import { grow, is_intact } from "./tree.js";

export { deliver };

const HALF_AN_HOUR = 18e5;

/** Only counted, for the response rate: once for all tabs. A count that is lost is lost. */
const count = async ({ base, site, memory, json, options }, { lang, token }) => {
  const { shown } = memory.marks();
  memory.note({ shown: Date.now() });
  if ("test" in options || Date.now() - shown < HALF_AN_HOUR) return;
  try {
    await fetch(base + "/v1/sites/" + site + "/shown", {
      method: "POST",
      body: json({ page: page_address(), lang, token }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true,
    });
  } catch {}
};

/** Shows the question. Who asked for it is taken to it; else the page keeps the focus. */
export const open = (context, survey, asked) => {
  const answer = answer_of(context, survey);
  const { draft } = answer;
  const before = document.activeElement;
  let module, over;

  const close = () => {
    answer.close();
    leave();
  };
  const { host, root, remove } = frame(context.options, asked, (event) => shown.key(event));
  const leave = () => {
    if (over) return;
    over = true;
    const had_focus = document.activeElement === host;
    removeEventListener("pagehide", answer.flush);
    removeEventListener("online", online);
    removeEventListener("error", trapped);
    shown.stop();
    remove();
    if (had_focus && before && before.focus) before.focus();
    try {
      if (module) module.unmount();
    } catch {}
    context.closed();
  };

  const online = () => shown.online();
  const texts = { ...survey.copy, lang: survey.lang };
  const put_up = () => {
    const panel = grow(tree, texts);
    const old = root.querySelector(".panel");
    if (old) root.replaceChild(panel, old);
    else root.appendChild(panel);
    return panel;
  };
  let shown = flow(put_up(), survey, answer, close);
  // Said when it is there, not when it is read anew: a region that comes with its words is not announced.
  const announcer = grow(["p", { class: "announcer", role: "status" }], texts);
  root.appendChild(announcer);
  setTimeout(() => (announcer.textContent = survey.copy.question), 150);

  /** leptos goes on with the same nodes, focus, words and all. Later is too late: what is being sent is finished here. */
  const take_over = async () => {
    if (draft.reply || typeof WebAssembly !== "object") return;
    try {
      const wasm = fetch(context.base + "__WASM__");
      // A failed import is told below; without this the page would see the fetch's failure as unhandled.
      wasm.catch(() => {});
      const loaded = await import(context.base + "__GLUE__");
      await loaded.default({ module_or_path: wasm });
      if (over || !shown.is_asking()) return;
      if (!is_intact(root.querySelector(".panel"), tree)) {
        shown.stop();
        shown = flow(put_up(), survey, answer, close);
      }
      loaded.hydrate(root.querySelector(".panel"), survey, answer, close);
      shown.let_go();
      host.setAttribute("data-leptos", "");
      module = loaded;
    } catch (error) {
      // A policy without 'wasm-unsafe-eval', an old browser, a network that is gone: the first view does it all.
      if (module !== undefined || over) return;
      again();
    }
  };
  const again = () => {
    shown.stop();
    shown = flow(put_up(), survey, answer, close);
  };
  // The program stopped in the middle: what was typed is kept, and the first view goes on.
  const trapped = ({ error }) => {
    if (module && error instanceof WebAssembly.RuntimeError && String(error.stack).includes("/w/")) {
      module = undefined;
      host.removeAttribute("data-leptos");
      again();
    }
  };
  addEventListener("pagehide", answer.flush);
  addEventListener("online", online);
  addEventListener("error", trapped);
  take_over();
  count(context, survey);

  const focus = () => root.querySelector(".panel").focus();
  if (asked) focus();
  return { focus, close, leave, begun: answer.begun, identified: answer.identified };
};
