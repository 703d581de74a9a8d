// Puts up nodes from a description: `[tag, {attributes}, ...children]`, a text, or 0 for the marker that leptos leaves
// behind a list. Only DOM calls, which Trusted Types and strict policies let through.

/** `$name` in texts stands for one of the survey's. */
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

/** Whether nodes are still as they were put up: nothing added, taken away or wrapped by an extension. */
export const is_intact = (element, node) => {
  if (node === 0) return element.nodeType === 8;
  if (typeof node === "string") return element.nodeType === 3;
  const [tag, , ...children] = node;
  const { childNodes, localName } = element;
  return (
    localName === tag && childNodes.length === children.length && children.every((child, at) => is_intact(childNodes[at], child))
  );
};
