// What this browser keeps of a site: when it answered or closed, the owner's rules, words that are not sent yet, and
// answers on their way. Plain storage rather than a database: it is written before the page is gone.

/** Texts, numbers, flags and objects of these as JSON. Old libraries (Prototype 1.6) change what `JSON.stringify` writes. */
export const json = (value) => {
  if (typeof value === "string") {
    const escaped = (letter) => "\\u" + ("000" + letter.charCodeAt(0).toString(16)).slice(-4);
    return '"' + value.replace(/["\\\u0000-\u001f]/g, escaped) + '"';
  }
  if (!value || typeof value !== "object") return String(value);
  const members = Object.keys(value).filter((key) => value[key] !== undefined && typeof value[key] !== "function");
  return "{" + members.map((key) => json(key) + ":" + json(value[key])).join() + "}";
};

/** What is kept under the name of a site. `part` is "" for the marks, ":draft", ":out", ":thread"
 * (the secret of the last answer, and where its news is), ":said" (what was written there and is not sent) or ":visits". */
export const memoryOf = (site) => {
  const key = "heard:" + site;
  const read = (part) => {
    try {
      const value = JSON.parse(localStorage.getItem(key + part));
      return value && typeof value === "object" ? value : undefined;
    } catch {}
  };
  let forgotten;
  const write = (part, value) => {
    try {
      if (forgotten && value) return false;
      if (value) localStorage.setItem(key + part, json(value));
      else localStorage.removeItem(key + part);
      return true;
    } catch {
      return false;
    }
  };
  return {
    key,
    read,
    write,
    marks: () => read("") || {},
    /** What is not sent yet, unless it is known to be somebody else's. */
    draft: (visitor) => {
      const draft = read(":draft");
      return draft && draft.visitor !== undefined && draft.visitor !== visitor ? undefined : draft;
    },
    forget: () => {
      forgotten = true;
      for (const part of ["", ":draft", ":out", ":thread", ":said", ":visits"]) write(part);
    },
    note: (more) => write("", { ...read(""), ...more }),
    /** Who can keep nothing is not asked by itself: it would be on every page. */
    works: () => write(":try", {}) && write(":try"),
  };
};
