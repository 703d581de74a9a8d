// What answers: keeps and sends what the customer says, shows the reply, and hands the nodes over to the leptos program.
import { page_address } from "./address.js";
import { answer_of } from "./answer.js";
import { flow } from "./flow.js";
import { is_intact } from "./intact.js";
import { place } from "./place.js";
import css from "./style.css";
import { deliver } from "./sending.js";

export { deliver };

const HALF_AN_HOUR = 18e5;

/** Only counted, for the response rate: once for all tabs. A count that is lost is lost. */
const count = async ({ base, site, memory, json, options }, { lang, token, variant }) => {
  const { shown } = memory.marks();
  memory.note({ shown: Date.now() });
  if ("test" in options || Date.now() - shown < HALF_AN_HOUR) return;
  try {
    await fetch(base + "/v1/sites/" + site + "/shown", {
      method: "POST",
      body: json({ page: page_address(), lang, token, variant }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true,
    });
  } catch {}
};

/** Goes on with a first view. `was_closed` with a score chosen: then that is saved, and nothing else. */
export const answering = (context, survey, view, was_closed) => {
  const { host, root, style, panel, put_up, close, grow, tree } = view;
  style(css);
  const answer = answer_of(context, survey, panel);
  const { draft } = answer;
  const chosen = root.querySelector(":checked");
  let module, over;
  if (chosen && draft.score === undefined) answer.choose(+chosen.value);
  if (was_closed) {
    answer.close();
    return;
  }

  let shown;
  const begin = (up) => {
    if (shown) shown.stop();
    shown = flow(up, survey, answer, close, grow, tree);
  };
  begin(panel());
  // A region that comes with its words is not announced: it is there first.
  const announcer = grow(["p", { class: "announcer", role: "status" }]);
  root.appendChild(announcer);
  setTimeout(() => (announcer.textContent = survey.copy.question), 150);

  /** leptos goes on with the same nodes, focus, words and all. Later is too late: what is being sent is finished here. */
  const hand_over = async () => {
    if (draft.reply || typeof WebAssembly !== "object") return;
    try {
      const wasm = fetch(context.base + "__WASM__");
      // A failed import is told below; without this the page would see the fetch's failure as unhandled.
      wasm.catch(() => {});
      const loaded = await import(context.base + "__GLUE__");
      await loaded.default({ module_or_path: wasm });
      if (over || !shown.is_asking()) return;
      if (!is_intact(panel(), tree)) begin(put_up());
      module = loaded;
      loaded.hydrate(panel(), survey, answer, close);
      shown.let_go();
      host.setAttribute("data-leptos", "");
    } catch {
      // A policy without 'wasm-unsafe-eval', an old browser, a network that is gone: the first view does it all. What the
      // program did to it before it stopped is undone.
      if (module && !over) begin(put_up());
      module = undefined;
    }
  };
  // The program stopped in the middle: what was typed is kept, and the first view goes on.
  const trapped = ({ error }) => {
    if (module && error instanceof WebAssembly.RuntimeError && String(error.stack).indexOf("/w/") > 0) {
      module = undefined;
      host.removeAttribute("data-leptos");
      begin(put_up());
    }
  };
  const online = () => shown.online();
  addEventListener("pagehide", answer.flush);
  addEventListener("online", online);
  addEventListener("error", trapped);
  const displace = place(view, context.options);
  hand_over();
  count(context, survey);

  return {
    key: (event) => shown.key(event),
    begun: answer.begun,
    identified: answer.identified,
    is_others: answer.is_others,
    close: answer.close,
    leave: () => {
      over = true;
      removeEventListener("pagehide", answer.flush);
      removeEventListener("online", online);
      removeEventListener("error", trapped);
      displace();
      shown.stop();
      try {
        if (module) module.unmount();
      } catch {}
    },
  };
};
