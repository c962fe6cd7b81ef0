// A request of htmx that failed says so in a notice; nobody is left wondering.
(() => {
  const words = {
    0: "The server cannot be reached. Check your connection and try again.",
    403: "You may not do this, or the page is too old: reload it and try again.",
    404: "This no longer exists. Reload the page.",
    413: "That was more than the server accepts at once.",
  };

  const say = (text) => {
    const said = [...document.querySelectorAll("#toasts .notice-text")];
    if (said.some((notice) => notice.textContent === text)) return;
    const notice = document.getElementById("failure").content.cloneNode(true);
    notice.querySelector(".notice-text").textContent = text;
    document.getElementById("toasts").append(notice);
  };

  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, ({ detail }) => {
      const status = detail.xhr?.status ?? 0;
      say(words[status] ?? `Something went wrong on the server (error ${status}). Try again.`);
    });
  }

  // A whole page where a part was asked for is the sign-in: the session has ended.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.shouldSwap || detail.boosted || !/^\s*<!doctype/i.test(detail.serverResponse)) return;
    detail.shouldSwap = false;
    location.reload();
  });
})();
