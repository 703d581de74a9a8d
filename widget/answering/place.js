// Where the panel stands, once it is there: above a phone's keyboard, and beside what covers it.

/** Keeps a panel in sight; gives what ends that. */
export const place = ({ host, panel }, options) => {
  const set = (name, value) => host.style.setProperty("--heard-" + name, value);
  const view = window.visualViewport;
  const fit = () => {
    const hidden = innerHeight - view.height - view.offsetTop;
    set("keyboard", (view.scale > 1.01 || hidden < 80 ? 0 : hidden) + "px");
  };
  if (view) {
    view.addEventListener("resize", fit);
    fit();
  }
  // A chat's button or a banner is given way to.
  const give_way = () => {
    if (!host.isConnected || options.into || options.offset) return;
    const box = panel().getBoundingClientRect();
    const top = /^top/.test(options.position || "");
    const at = (part) => document.elementFromPoint(box.left + box.width * part, top ? box.top + 12 : box.bottom - 12);
    const covers = (found) => found && found !== host && !found.contains(host) && !host.contains(found);
    let outer = [0.1, 0.5, 0.9].map(at).filter(covers)[0];
    if (!outer) return;
    while (outer.parentElement && getComputedStyle(outer).position !== "fixed") outer = outer.parentElement;
    const over = outer.getBoundingClientRect();
    const way = top ? over.bottom : innerHeight - over.top;
    if (way > 0 && way < innerHeight / 2) set("y", way + 8 + "px");
  };
  requestAnimationFrame(() => requestAnimationFrame(give_way));
  return () => view && view.removeEventListener("resize", fit);
};
