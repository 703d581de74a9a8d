// The first view of the question: there before anything else, and looking as it will. What answers comes right after it.
import tree from "./first_view.json";
import { frame } from "./frame.js";
import { free, seen } from "./seen.js";
import { grow } from "./tree.js";

const AGAIN = 3e3;

/** Shows the question at its moment, unless that never comes. `mine` is the question that waits for it. */
export const open_in_time = async (context, survey, mine, then) => {
  const { base, memory } = context;
  const targeting = () => import(base + "__TARGETING__");
  const aimed = survey.aimed || context.visitor();
  if (survey.experiment) (await targeting()).assign(context, survey);
  if (!mine.asked && then === "ask") {
    const moment = aimed ? targeting().then(({ aim }) => aim(context, survey, mine)) : seen(memory.key, survey.ask.delay_seconds);
    await Promise.race([mine.cut, moment]);
    // Who they are was told meanwhile.
    if (!aimed && context.visitor() && !mine.asked && !(await (await targeting()).is_admitted(context, survey))) return;
  }
  if (!mine.asked) await Promise.race([mine.cut, free()]);
  // Meanwhile the page has changed its mind, or the customer has answered in another tab.
  if (mine.over || context.panel() || (!mine.asked && /leave|look|hear/.test(mine.what()))) return context.panel();
  return open(context, survey, mine.asked);
};

/** Shows the question. Who asked for it is taken to it; else the page keeps the focus. */
export const open = (of_page, survey, asked) => {
  const { base, memory } = of_page;
  const options = { ...survey.look, ...of_page.options };
  const context = { ...of_page, options };
  let before = document.activeElement;
  let rest, over;

  const { host, root, remove, style } = frame(options, asked, (event) => {
    if (rest) rest.key(event);
    else if (event.key === "Escape") close();
  });
  // Where the focus came from is where it goes back to.
  host.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget && relatedTarget !== host) before = relatedTarget;
  });
  const panel = () => root.querySelector(".panel");
  const begun = () => (rest ? rest.begun() : !!root.querySelector(":checked"));
  const put_up = () => {
    const up = grow(tree, { ...survey.copy, lang: survey.lang });
    const old = panel();
    if (old) root.replaceChild(up, old);
    else root.appendChild(up);
    return up;
  };
  const leave = () => {
    if (over) return;
    over = true;
    const had_focus = document.activeElement === host;
    if (rest) rest.leave();
    remove();
    if (had_focus && before && before.focus) before.focus();
    context.closed();
  };
  const close = () => {
    memory.note({ closed: Date.now() });
    if (rest) rest.close();
    leave();
    context.tell("closed");
  };

  put_up().addEventListener("click", ({ target }) => {
    if (!rest && target.closest(".close")) close();
  });
  // A network that was gone for a moment costs nothing; each try has an address of its own, as failures are remembered.
  const load = (tries) =>
    import(base + "__ANSWERING__" + (tries ? "?" + tries : "")).catch(
      () => new Promise((go) => setTimeout(go, AGAIN)).then(() => (over ? Promise.reject() : load(tries + 1))),
    );
  load(0).then(
    ({ answering }) => {
      // Closed before, with a score: it is saved all the same.
      if (over && !begun()) return;
      const view = { host, root, style, panel, put_up, close, leave, grow, tree };
      rest = answering(context, survey, view, over);
    },
    () => {},
  );
  // One that is always there is no answer to a click.
  if (asked && options.ask !== "always") panel().focus();
  context.tell("shown");
  return {
    focus: () => panel().focus(),
    close,
    leave,
    begun,
    /** Who the customer is has changed: what another had begun is not shown to them. */
    identified: () => {
      if (!rest) return;
      if (rest.is_others()) leave();
      else rest.identified();
    },
  };
};
