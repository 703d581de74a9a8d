// Where the question stands in the page: an element of its own under the root element, which transforms, filters and
// exchanged bodies do not touch.
import css from "./style.css";

const KEYS = ["keydown", "keypress", "keyup"];

/** An owner's look is a style sheet, too, that the Worker made. Adopted ones pass a `style-src` without inline styles; older browsers take an element. */
export const style = (root, css, nonce) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...(root.adoptedStyleSheets || []), sheet];
  } catch {
    const element = document.createElement("style");
    if (nonce) element.nonce = nonce;
    element.textContent = css;
    root.appendChild(element);
  }
};

/** Light, unless the page is made for dark, or for what its reader likes. */
const scheme_of = (options) => {
  const made_for = options.scheme || getComputedStyle(document.documentElement).colorScheme || "";
  const either = made_for === "auto" || /light.*dark|dark.*light/.test(made_for);
  const dark = either ? matchMedia("(prefers-color-scheme: dark)").matches : /dark/.test(made_for);
  return dark ? "dark" : "light";
};

/** Puts a host element up. `on_key` sees each key that is pressed in it; the page sees none. */
export const frame = (options, asked, on_key) => {
  const host = document.createElement("heard-widget");
  const root = host.attachShadow({ mode: "open" });
  const into = options.into && document.querySelector(options.into);
  // A modal dialog makes all but itself inert.
  let dialog;
  try {
    dialog = asked && document.querySelector("dialog:modal");
  } catch {}
  const parent = () => (into && into.isConnected && into) || (dialog && dialog.open && dialog) || document.documentElement;
  const set = (name, value) => host.style.setProperty("--heard-" + name, value);
  host.setAttribute("data-position", into ? "inline" : options.position || "bottom-right");
  host.setAttribute("data-scheme", scheme_of(options));
  if (options.font === "page") set("font", getComputedStyle(document.body || host).fontFamily);
  // "16" or "16 80": from the sides, from above or below.
  const [x, y] = (options.offset || "").split(/\s+/).map(parseFloat);
  if (x >= 0) set("x", x + "px");
  if (x >= 0 || y >= 0) set("y", (y >= 0 ? y : x) + "px");
  style(root, css + (options.css || ""), options.nonce);
  // Pages ask whether a key was meant for a field; what they see is this element.
  Object.defineProperty(host, "isContentEditable", { value: true });
  parent().appendChild(host);

  // Taken out by a page that cleans up: it comes back, but does not quarrel.
  let returns = 9;
  const observer = new MutationObserver(() => {
    if (!host.isConnected && returns-- > 0) parent().appendChild(host);
  });
  observer.observe(document.documentElement, { childList: true, subtree: !!(into || dialog) });

  // Seen before the page's own listeners on the document, and kept from them.
  const capture = (event) => {
    if (event.composedPath()[0].getRootNode() !== root) return;
    event.stopImmediatePropagation();
    if (event.type === "keydown") on_key(event);
  };
  for (const type of KEYS) addEventListener(type, capture, true);

  return {
    host,
    root,
    /** For what comes later. */
    style: (more) => style(root, more, options.nonce),
    remove: () => {
      observer.disconnect();
      for (const type of KEYS) removeEventListener(type, capture, true);
      if (host.parentNode) host.parentNode.removeChild(host);
    },
  };
};
