// What pages cannot do without a script: stay current, copy, print, remember a theme. All of them work without it.
"use strict";

const root = document.documentElement;

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie =
    `${root.dataset.themeCookie}=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
});

// On a phone the pages are a strip that scrolls: it begins where the reader is, with those before and after beside it.
const strip = document.querySelector(".top nav");
const current = strip?.querySelector("[aria-current]");
if (current && strip.scrollWidth > strip.clientWidth) {
  let left = 0;
  for (let before = current.previousElementSibling; before; before = before.previousElementSibling) {
    left += before.offsetWidth;
  }
  strip.scrollLeft = left - (strip.clientWidth - current.offsetWidth) / 2;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

for (const form of document.querySelectorAll("[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
}

// A live page hears that its wallet moved and reads itself again; only the parts that differ are replaced.
const live = document.querySelector("[data-live]");
if (live) {
  const sayEveryMs = 10_000;
  const pollMs = 3_000;
  let source = null, poll = 0, busy = false, again = false, saidAt = 0;

  const say = (text) => {
    if (!text || Date.now() - saidAt < sayEveryMs) return;
    saidAt = Date.now();
    live.querySelector("[data-live-said]").textContent = text;
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (response.redirected) { location.reload(); return; } // the session has ended
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of live.querySelectorAll("[data-live-part]")) {
        const fresh = page.getElementById(part.id);
        if (!fresh || fresh.innerHTML === part.dataset.last) continue;
        const first = part.dataset.last === undefined;
        part.dataset.last = fresh.innerHTML;
        if (first && fresh.textContent === part.textContent) continue;
        // What the reader has open or is on stays so.
        const open = [...part.querySelectorAll("details")].map((d) => d.open);
        const focus = [...part.querySelectorAll("*")].indexOf(document.activeElement);
        part.innerHTML = fresh.innerHTML;
        part.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
        if (focus >= 0) part.querySelectorAll("*")[focus]?.focus({ preventScroll: true });
        if (!first) say(fresh.dataset.say);
        mark(!poll);
      }
    } catch {
      // The server is away; the next event or poll tries again.
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };

  const mark = (on) => { for (const m of live.querySelectorAll("[data-live-mark]")) m.hidden = !on; };
  const stopPolling = () => { clearInterval(poll); poll = 0; };

  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource(live.dataset.live);
    source.addEventListener("open", () => { stopPolling(); mark(true); });
    source.addEventListener("wallet", (event) => { if (event.data === "moved") refresh(); });
    source.addEventListener("error", () => {
      mark(false);
      if (!poll) poll = setInterval(refresh, pollMs);
      if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(listen, pollMs); }
    });
  };

  // A page that nobody sees holds no connection: a browser has only six for all its tabs.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; stopPolling(); mark(false); } else listen();
  });
  listen();
}
