// Sends forms without leaving the page, and draws the form that is open.

import { closeMenus, dialog, log, notice, page, scroll } from "./page.js";

const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// One after the other: what was typed into a form is there before the form is sent.
let line = Promise.resolve();
function send(url, fields) {
  return (line = line.then(() => post(url, fields)));
}

async function post(url, fields) {
  const drawing = dialog.querySelector("[name=key]")?.value ?? "";
  fields.set("drawing", drawing);
  try {
    const answer = await fetch(url, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await answer.json();
    notice(told.say ?? "");
    if (answer.ok) apply(told);
    return answer.ok;
  } catch {
    notice(page.dataset.failed);
    return false;
  }
}

function apply({ dialog: html, home, go }) {
  if (go && !log) return location.assign(go);
  if (html !== null) drawDialog(html);
  const place = document.getElementById("home");
  if (home !== null && place) place.innerHTML = home;
}

export function drawDialog(html) {
  const active = dialog.contains(document.activeElement) ? document.activeElement : null;
  const sameForm = html.includes(`data-form="${dialog.querySelector("form")?.dataset.form}"`);
  page.append(document.getElementById("notice"));
  dialog.innerHTML = html;
  if (!html) return dialog.open && dialog.close();
  if (!dialog.open) dialog.showModal();
  const wrong = dialog.querySelector("[aria-invalid=true]");
  const same = sameForm && active?.id ? dialog.querySelector(`#${CSS.escape(active.id)}`) : null;
  const first = dialog.querySelector(".page input:not([type=hidden]), .page select, .page textarea");
  (wrong?.querySelector("input") ?? wrong ?? same ?? first ?? dialog).focus();
  if (!wrong && same) keepTyping(active, same);
}

function keepTyping(before, after) {
  if (before.type !== after.type || !["text", "textarea"].includes(after.type)) return;
  after.value = before.value;
  after.setSelectionRange(before.selectionStart, before.selectionEnd);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const words = form.querySelector("textarea[name=text]");
  if (form.ariaBusy === "true" || (words && !words.value.trim())) return;
  const taken = words && take(form, words);
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  if (words) fields.set("text", taken);
  form.ariaBusy = "true";
  const done = await send(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action"), fields);
  form.ariaBusy = null;
  closeMenus();
  for (const open of form.querySelectorAll(":popover-open")) open.hidePopover();
  if (!done && words) giveBack(words, taken);
  if (done && !form.closest("#dialog")) form.elements.key.value = fresh();
  if (done && form.id === "composer") scroll.scrollTop = scroll.scrollHeight;
});

// What did not arrive is sent again under the same key, so that it stands there once; other words are another message.
function take(form, words) {
  const text = words.value;
  if (words.dataset.failed && words.dataset.failed !== text) form.elements.key.value = fresh();
  words.value = "";
  grow(words);
  return text;
}

function giveBack(words, text) {
  words.value = words.value ? `${text}\n${words.value}` : text;
  words.dataset.failed = text;
  grow(words);
}

export function grow(words) {
  words.rows = Math.min(8, words.value.split("\n").length);
}

export function changed(form, name) {
  if (form.ariaBusy === "true") return; // it is being sent or left
  const fields = new URLSearchParams(new FormData(form));
  fields.set("changed", name);
  return send(form.getAttribute("action").replace(/\/form$/, "/changed"), fields);
}
