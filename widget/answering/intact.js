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
