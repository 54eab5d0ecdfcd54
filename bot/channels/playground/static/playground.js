// What the page needs beside HTML. Without this script everything still works, by reloading.

import { deaf, listen } from "./live.js";
import { closeMenus, dialog, log, notice, page, scroll } from "./page.js";
import { choose, look, unchoose } from "./search.js";
import { changed, drawDialog, grow } from "./send.js";

document.addEventListener("keydown", (event) => {
  const words = event.target;
  if (event.key === "Escape") closeMenus();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || words.name !== "text") return;
  event.preventDefault();
  words.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target.name === "text") grow(event.target);
  if (event.target.role === "combobox") look(event.target);
});

document.addEventListener("change", (event) => {
  const { target } = event;
  const form = target.closest("#dialog form");
  if (!form || !target.name || target.role === "combobox") return;
  if (target.closest(".chosen")) unchoose(target);
  changed(form, target.name);
});

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  dialog.querySelector("[data-close]")?.click();
});

document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.(".found")) event.preventDefault(); // the field keeps the focus
});

document.addEventListener("click", (event) => {
  const { target } = event;
  closeMenus(target.closest(".menu"));
  if (target.role === "option") choose(target.closest(".search").querySelector("[role=combobox]"), target);
  if (target.matches("[data-copy]")) copy(target);
});

function copy(button) {
  const { copied, notCopied } = page.dataset;
  const text = button.parentElement.querySelector("pre").textContent;
  navigator.clipboard.writeText(text).then(() => notice(copied), () => notice(notCopied));
}

document.addEventListener("visibilitychange", () => (document.hidden ? deaf() : listen())); // a browser has six connections
addEventListener("pagehide", deaf);
addEventListener("pageshow", listen);
if (log?.children.length && !document.querySelector(".welcome")) scroll.scrollTop = scroll.scrollHeight;
if (dialog.open) {
  const html = dialog.innerHTML;
  dialog.close();
  drawDialog(html);
}
listen();
