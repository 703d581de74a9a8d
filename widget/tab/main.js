// A tab at the edge of the page that asks whenever somebody likes. It is there for who is left alone otherwise, too.
import css from "./style.css";

const KEYS = ["keydown", "keypress", "keyup"];

/** Puts it up, once a page. */
export const stand = (context) => {
  const { memory, options, ask } = context;
  if (document.querySelector("heard-tab")) return;
  const { tab, look = {} } = memory.marks();
  const host = document.createElement("heard-tab");
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  const sheet = css + (look.css || "");
  const scheme = options.scheme || look.scheme;
  const is_dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  host.setAttribute("data-scheme", is_dark ? "dark" : "light");
  host.setAttribute("data-side", /left$/.test(options.position || look.position || "") ? "left" : "right");
  try {
    const adopted = new CSSStyleSheet();
    adopted.replaceSync(sheet);
    root.adoptedStyleSheets = [adopted];
  } catch {
    const style = document.createElement("style");
    if (options.nonce) style.nonce = options.nonce;
    style.textContent = sheet;
    root.appendChild(style);
  }
  const button = document.createElement("button");
  button.type = "button";
  button.dir = "auto";
  button.textContent = tab;
  // Consent that was taken back takes what can be kept along, and the tab with it.
  button.addEventListener("click", () => (memory.works() ? ask(true) : document.documentElement.removeChild(host)));
  // The page's shortcuts are not for it.
  for (const type of KEYS) button.addEventListener(type, (event) => event.stopPropagation());
  root.appendChild(button);
  document.documentElement.appendChild(host);
};
