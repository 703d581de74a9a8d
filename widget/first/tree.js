// Puts up nodes from a description: `[tag, {attributes}, ...children]`, a text, or 0 for the marker that leptos leaves
// behind a list. Only DOM calls, which Trusted Types and strict policies let through.

/** `$name` in texts stands for one of the survey's, where these are given. */
export const grow = (node, texts) => {
  const filled = (text) => (texts ? text.replace(/\$(\w+)/g, (_, name) => texts[name]) : text);
  if (node === 0) return document.createComment("");
  if (typeof node === "string") return document.createTextNode(filled(node));
  const [tag, attributes, ...children] = node;
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) element.setAttribute(name, filled(attributes[name]));
  for (const child of children) element.appendChild(grow(child, texts));
  return element;
};
