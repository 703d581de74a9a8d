// The owner's own questions, below the thank-you: a tap each, sent together, and left alone by whoever likes.
import { style } from "../first/frame.js";
import { grow } from "../first/tree.js";
import css from "./style.css";

/** Taps that follow each other go out together. */
const REST = 1500;
const HIGHEST = { rating: 5, csat: 5, ces: 7 };

/** Asks what follows the reply, right below it, once it stands there. `save` sends a revision of the answer with what is told. */
export const follow = (panel, context, survey, questions, save) => {
  const reply = panel() && panel().querySelector(".thanks");
  if (reply) ask(reply, context, survey, questions, save);
  else if (panel()) requestAnimationFrame(() => follow(panel, context, survey, questions, save));
};

const ask = (reply, { options }, survey, questions, save) => {
  const place = document.createElement("div");
  const told = {};
  let timer, waits;
  const flush = () => {
    clearTimeout(timer);
    if (waits) save({ answers: told });
    waits = false;
  };
  const tell = (id, value) => {
    told[id] = value;
    waits = true;
    clearTimeout(timer);
    timer = setTimeout(flush, REST);
  };
  const one = ({ id, kind, text, lang = survey.lang, low, high, options = [] }) => {
    const steps = HIGHEST[kind];
    const choices = steps ? [...Array(steps).keys()].map((step) => ({ id: step + 1, text: "" + (step + 1) })) : options;
    const ends = { 1: low, [steps]: high };
    const radio = ({ id: value, text }) => [
      "label",
      {},
      // Without a value: digits that are pressed choose scores.
      ["input", { type: "radio", name: "own-" + id, "aria-label": ends[value] ? text + ", " + ends[value] : text, "data-of": id, "data-value": "" + value }],
      ["span", { "aria-hidden": "true", dir: "auto" }, text],
    ];
    const scale = ["div", { class: steps ? "scale" : "scale options" }, ...choices.map(radio)];
    const anchors = steps && ["div", { class: "anchors", "aria-hidden": "true" }, ["span", {}, "1 \u00b7 " + low], ["span", {}, steps + " \u00b7 " + high]];
    const nodes = grow(["fieldset", { class: "own", lang }, ["legend", { dir: "auto" }, text], scale, anchors || ""]);
    if (steps) nodes.querySelector(".scale").style.setProperty("--steps", steps);
    return nodes;
  };
  // The panel takes any other radio for a score.
  place.addEventListener("change", (event) => {
    event.stopPropagation();
    const { of, value } = event.target.dataset;
    const asked = survey.questions.find(({ id }) => id === of);
    tell(of, HIGHEST[asked.kind] ? +value : value);
  });
  addEventListener("pagehide", flush);
  style(reply.getRootNode(), css, options.nonce);
  for (const wanted of questions) {
    const asked = survey.questions.find(({ id }) => id === wanted);
    if (asked) place.appendChild(one(asked));
  }
  reply.after(place);
};
