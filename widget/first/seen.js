// Time counts while somebody can see the page.

/** Resolves after so many seconds in which the page was seen, counted over the pages of this tab. */
export const seen = (key, seconds) =>
  new Promise((done) => {
    let spent = 0;
    let since, timer;
    try {
      spent = +sessionStorage.getItem(key) || 0;
    } catch {}
    const keep = (millis) => {
      try {
        sessionStorage.setItem(key, millis);
      } catch {}
    };
    const turn = () => {
      clearTimeout(timer);
      if (since !== undefined) spent += performance.now() - since;
      since = undefined;
      if (spent >= seconds * 1e3) {
        keep(0);
        document.removeEventListener("visibilitychange", turn);
        removeEventListener("pagehide", turn);
        return done();
      }
      keep(spent);
      // A page that is prerendered is hidden, too.
      if (document.visibilityState === "hidden") return;
      since = performance.now();
      timer = setTimeout(turn, seconds * 1e3 - spent);
    };
    document.addEventListener("visibilitychange", turn);
    addEventListener("pagehide", turn);
    turn();
  });

/** Resolves when no modal dialog of the page is open: the question would lie under it, out of reach. */
export const free = () =>
  new Promise((done) => {
    const look = () => {
      let modal;
      try {
        modal = document.querySelector("dialog:modal");
      } catch {}
      if (modal) setTimeout(look, 300);
      else done();
    };
    look();
  });
