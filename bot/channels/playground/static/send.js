// Sends forms without leaving the page, and draws the form that is open.

import { closeMenus, dialog, log, notice, page, scroll } from "./page.js";

const answers = (form) => new URLSearchParams(new FormData(form));
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// One after the other: what was typed into a form is there before the form is sent.
let line = Promise.resolve();
function send(url, fields) {
  return (line = line.then(() => post(url, fields())));
}

// What the server knows of the open form, and whether a click is under way: drawn anew, its button would be gone.
let known = new URLSearchParams();
let clicked = Promise.resolve();
document.addEventListener("pointerdown", () => {
  clicked = new Promise((done) => {
    setTimeout(done, 1000); // it may end outside of the window
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(done), { once: true });
  });
});

async function post(url, fields) {
  if (!fields) return true; // the form is closed by now
  const drawing = dialog.querySelector("[name=key]")?.value ?? "";
  fields.set("drawing", drawing);
  try {
    const answer = await fetch(url, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await answer.json();
    notice(told.say ?? "");
    if (told.dialog) await clicked;
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
  const before = dialog.querySelector("form");
  const sameForm = html.includes(`data-form="${before?.dataset.form}"`);
  const at = dialog.querySelector(".page")?.scrollTop;
  const late = sameForm ? since(before) : [];
  page.append(document.getElementById("notice"));
  dialog.innerHTML = html;
  if (!html) return dialog.open && dialog.close();
  if (!dialog.open) dialog.showModal();
  const form = dialog.querySelector("form");
  known = answers(form);
  for (const [name, values] of late) put(form, before, name, values);
  const wrong = dialog.querySelector("[aria-invalid=true]");
  const same = sameForm && active?.id ? dialog.querySelector(`#${CSS.escape(active.id)}`) : null;
  const sheet = dialog.querySelector(".page");
  if (same) sheet.scrollTop = at;
  (wrong?.querySelector("input") ?? wrong ?? same ?? first(sheet)).focus();
  if (!wrong && same?.selectionStart !== undefined && active.selectionStart !== null) same.setSelectionRange(active.selectionStart, active.selectionEnd);
}

// Where one begins: the first question, or the page itself if there is more to read before.
function first(sheet) {
  const question = sheet.querySelector("input:not([type=hidden]), select, textarea");
  if (question?.getBoundingClientRect().bottom <= sheet.getBoundingClientRect().bottom) return question;
  sheet.tabIndex = -1;
  return sheet;
}

// What was answered after the form was sent to be drawn anew.
function since(form) {
  const now = answers(form);
  const names = new Set([...now.keys(), ...known.keys()].filter((name) => /^(answer|typed)\./.test(name)));
  return [...names].map((name) => [name, now.getAll(name)]).filter(([name, values]) => String(values) !== String(known.getAll(name)));
}

function put(form, before, name, values) {
  const chosen = `.search[data-name="${CSS.escape(name)}"] .chosen`;
  if (form.querySelector(chosen)) return form.querySelector(chosen).replaceChildren(...before.querySelector(chosen).children);
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.type !== "hidden") field.value = values[0] ?? "";
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const words = form.querySelector("textarea[name=text]");
  if (words) return sendWords(form, words);
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const { submitter } = event;
  const done = await send(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), () => filled(form, submitter?.name, submitter?.value));
  form.ariaBusy = null;
  closeMenus();
  for (const open of form.querySelectorAll(":popover-open")) open.hidePopover();
  if (done && !form.closest("#dialog")) form.elements.key.value = fresh();
});

// The field is free for the next words at once. What did not arrive comes back, and goes again under the same key,
// so that it stands there once; other words are another message.
async function sendWords(form, words) {
  const text = words.value;
  if (!text.trim()) return;
  const key = words.dataset.failed === text ? words.dataset.key : fresh();
  fill(words, "");
  const fields = new URLSearchParams(new FormData(form));
  fields.set("text", text);
  fields.set("key", key);
  const done = await send(form.getAttribute("action"), () => fields);
  if (done && form.id === "composer") scroll.scrollTop = scroll.scrollHeight;
  if (done) return;
  fill(words, words.value ? `${text}\n${words.value}` : text);
  Object.assign(words.dataset, { failed: text, key });
}

function fill(words, text) {
  words.value = text;
  grow(words);
}

export function grow(words) {
  words.rows = Math.min(8, words.value.split("\n").length);
}

export function changed(form, name) {
  if (form.ariaBusy === "true") return; // it is being sent or left
  return send(form.getAttribute("action").replace(/\/form$/, "/changed"), () => filled(form, "changed", name));
}

// What stands in a form when its turn comes; a form of the window may have been drawn anew since.
function filled(form, name, value) {
  const isOpen = form.dataset.form !== undefined;
  const now = isOpen ? dialog.querySelector("form") : form;
  if (!now || now.dataset.form !== form.dataset.form) return null;
  const fields = answers(now);
  if (isOpen) known = new URLSearchParams(fields);
  if (name) fields.set(name, value);
  return fields;
}
