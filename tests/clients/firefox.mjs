// The main flow in Firefox, by mouse and then by keyboard: `node firefox.mjs URL`. Tells what it saw as JSON.
import { createRequire } from "node:module";

const { default: puppeteer } = await import(createRequire(process.env.MODULES + "/x.js").resolve("puppeteer-core"));
const url = process.argv[2];

/** In a browser that nobody has used. */
const visit = async (act) => {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX,
    headless: true,
    // Programs that drive a browser are not asked.
    extraPrefsFirefox: { "dom.webdriver.enabled": false },
  });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => /error|warn/.test(message.type()) && errors.push(message.text()));
    await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "webdriver", { get: () => false }));
    await page.goto(url);
    return { ...(await act(page)), errors };
  } catch (error) {
    const seen = await browser.pages().then((pages) => pages.at(-1).evaluate(() =>
      [document.querySelector("heard-widget")?.shadowRoot.textContent, JSON.stringify(localStorage)].join(" ")));
    throw new Error(seen, { cause: error });
  } finally {
    await browser.close();
  }
};

/** Waits for something in the widget. */
const there = async (page, css) => {
  const look = (css) => document.querySelector("heard-widget")?.shadowRoot.querySelector(css);
  // Waiting for a selector goes by changes of the document, which tell nothing of a shadow root's.
  return (await page.waitForFunction(look, { timeout: 20000, polling: 100 }, css)).asElement();
};
const text = async (page, css) => (await there(page, css)).evaluate((node) => node.textContent);
const taken_over = (page) =>
  page.waitForFunction(() => document.querySelector("heard-widget").hasAttribute("data-leptos"), { timeout: 20000 });

const mouse = await visit(async (page) => {
  await (await there(page, "input[value='3']")).click();
  await taken_over(page);
  await (await there(page, "#why")).click();
  await page.keyboard.type("The waiter was rude but the cake was delicious.", { delay: 10 });
  await (await there(page, "form .send")).click();
  return { thanks: await text(page, ".thanks") };
});
const keyboard = await visit(async (page) => {
  await there(page, "fieldset");
  await taken_over(page);
  const at = () => page.evaluate(() => {
    const within = document.querySelector("heard-widget").shadowRoot.activeElement;
    return within && (within.id || within.type);
  });
  for (let tabs = 0; tabs < 20 && (await at()) !== "radio"; tabs++) await page.keyboard.press("Tab");
  await page.keyboard.press("9");
  await there(page, "form:not([hidden])");
  await page.keyboard.press("Tab");
  const next = await at();
  // Nobody types as fast as a program.
  await page.keyboard.type("Everyone was so kind", { delay: 30 });
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  const thanks = await text(page, ".thanks");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("heard-widget"), { timeout: 20000 });
  return { next, thanks };
});
console.log(JSON.stringify({ mouse, keyboard }));
