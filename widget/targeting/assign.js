// Which of two wordings or moments a visitor gets.
import { place_of } from "./situation.js";

/** Gives a visitor one of the two sides of an experiment: the same at each visit, and wherever they are known. */
export const assign = ({ memory, site, visitor }, survey) => {
  const { name, share_percent, copy = {}, delay_seconds, triggers } = survey.experiment;
  const known = visitor();
  const visits = memory.read(":visits") || {};
  if (!known && visits.place === undefined) {
    visits.place = Math.floor(Math.random() * 1e4) / 100;
    memory.write(":visits", visits);
  }
  const is_b = place_of(site + ":" + name + ":" + (known || visits.place)) < share_percent;
  survey.variant = name + (is_b ? ":b" : ":a");
  if (!is_b) return;
  for (const text of Object.keys(copy)) {
    const [group, part] = text.split(".");
    if (part) survey.copy[group][part] = copy[text];
    else survey.copy[group] = copy[text];
  }
  if (delay_seconds !== undefined || triggers) {
    survey.ask.triggers = triggers || [];
    if (delay_seconds !== undefined) survey.ask.delay_seconds = delay_seconds;
  }
};
