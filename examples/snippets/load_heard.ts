// For pages that are built from modules: loads heard.js once, however often it is called.
/// <reference path="./heard.d.ts" />

export function load_heard(server: string, site: string): Heard {
  if (!window.heard) {
    const heard: Window["heard"] = function () {
      (heard!.q = heard!.q || []).push(arguments);
    };
    window.heard = heard;
    const script = document.createElement("script");
    script.async = true;
    script.src = `${server}/heard.js`;
    script.dataset.site = site;
    document.head.append(script);
  }
  return window.heard!;
}
