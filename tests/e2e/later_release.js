// A later release in front of this one's objects: it says more than this one knows, at every level, to them and to the
// Worker. What the names of members mean is left alone where they are data.
import * as release from "./index.js";

const isData = (name) => name === "operation" || name === "credential" || name === "headers" || name === "settings of a patch";

function extended(name, value) {
  if (Array.isArray(value)) return value.map((item) => extended("", item));
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([member, inner]) => [
    member,
    extended(name === "patch" && member === "settings" ? "settings of a patch" : member, inner),
  ]);
  // How a submission ended is said by the one member's name.
  const says = name === "done" && ("stored" in value || "stale" in value);
  if (!isData(name) && !says) members.push(["of_a_later_release", { x: [1] }]);
  return Object.fromEntries(members);
}

const more = (text) => JSON.stringify(extended("", JSON.parse(text)));

export class Site extends release.Site {
  call(text) {
    // The outcome's one member says what it is.
    const [[kind, inner]] = Object.entries(JSON.parse(super.call(more(text))));
    return JSON.stringify({ [kind]: extended(kind, inner) });
  }
}

export class Directory extends release.Directory {
  call(text) {
    return more(super.call(more(text)));
  }
}

export default release.default;
