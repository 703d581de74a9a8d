// What there is before the program: the last numbers seen, in the words of the last visit; then the program itself.
import init, { open } from "__GLUE__";

const languages = __LANGUAGES__;
const recall = (name) => {
  try {
    return localStorage.getItem("heard-desk:" + name);
  } catch {
    return null;
  }
};

const wanted = recall("language");
const spoken = [wanted, ...navigator.languages].filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
const language = spoken.find((tag) => languages[tag]) ?? "en";
document.documentElement.lang = language;

// Lines of text alone, kept by the program and put up as text.
const before = document.getElementById("before");
let lines = [];
try {
  lines = JSON.parse(recall("seen") ?? "[]");
} catch {}
if (location.pathname.split("/").length < 4 || location.pathname.endsWith("/today")) {
  for (const [kind, text] of lines) {
    const line = document.createElement(kind === "h1" ? "h1" : "p");
    if (kind !== "h1") line.className = kind;
    line.textContent = text;
    before.append(line);
  }
}

const failed = (why) => {
  console.error(why);
  const card = document.createElement("p");
  card.className = "card alone";
  card.textContent = "The desk did not start: " + (navigator.onLine ? "reload this page." : "you are offline.");
  before.replaceChildren(card);
};

try {
  const texts = fetch(languages[language]).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)));
  const [words] = await Promise.all([texts, init({ module_or_path: "__WASM__" })]);
  open(words, language);
} catch (why) {
  failed(why);
}
