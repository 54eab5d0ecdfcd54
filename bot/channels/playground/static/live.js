// Draws what others say, as soon as they say it.

import { log, page, say, scroll } from "./page.js";

let since = page.dataset.since;
let source = null;

export function listen() {
  if (source || !page.dataset.live) return;
  source = new EventSource(`${page.dataset.live}?since=${since}`);
  source.addEventListener("open", () => say("lost", ""));
  source.addEventListener("message", (event) => {
    since = event.lastEventId;
    if (log) show(JSON.parse(event.data));
    else document.getElementById("messages").classList.add("unseen");
  });
  source.addEventListener("afresh", () => location.reload());
  source.addEventListener("unseen", (event) => {
    const { rooms } = JSON.parse(event.data);
    for (const link of document.querySelectorAll("[data-room]"))
      link.classList.toggle("unseen", rooms.includes(link.dataset.room));
  });
  source.addEventListener("error", () => {
    say("lost", page.dataset.lost);
    if (source.readyState !== EventSource.CLOSED) return;
    deaf();
    setTimeout(listen, 1000);
  });
}

export function deaf() {
  if (source) source.close();
  source = null;
}

function show({ number, thread, html }) {
  const old = document.getElementById(`entry-${number}`);
  if (!html) return old?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const entry = holder.content.firstElementChild;
  if (old) return replaceMessage(old, entry);
  const isLow = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160;
  document.getElementById("quiet")?.remove();
  (document.getElementById(`thread-${thread}`) ?? log).append(entry);
  if (isLow) entry.scrollIntoView({ block: entry.offsetHeight > scroll.clientHeight ? "start" : "nearest" });
}

function replaceMessage(old, entry) {
  const before = old.querySelector(".message");
  const after = entry.querySelector(".message");
  const hadFocus = before.contains(document.activeElement);
  const label = document.activeElement?.textContent;
  before.replaceWith(after);
  if (!hadFocus) return;
  const same = [...after.querySelectorAll("button, summary")].find((b) => b.textContent === label);
  (same?.checkVisibility() ? same : after).focus();
}
