// What the page needs beside HTML: sends forms without leaving the page, draws what others say, suggests
// while typing. Without this script everything still works, by reloading.
"use strict";

const page = document.body;
const dialog = document.getElementById("dialog");
const log = document.getElementById("log");
const scroll = document.getElementById("scroll");
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// --- what was said -----------------------------------------------------------------------------

let since = page.dataset.since;
let source = null;

function listen() {
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

function deaf() {
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

function say(id, sentence) {
  const place = document.getElementById(id);
  if (place.textContent !== sentence) place.textContent = sentence;
}

let hiding = 0;
function notice(sentence) {
  if (sentence) (dialog.open ? dialog : page).append(document.getElementById("notice")); // beside a modal window nothing is heard
  say("notice", sentence);
  clearTimeout(hiding);
  if (sentence) hiding = setTimeout(() => say("notice", ""), 10000);
}

// --- sending -----------------------------------------------------------------------------------

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

function drawDialog(html) {
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
  if (!wrong && same && same.tagName === active.tagName && active.type !== "checkbox" && active.type !== "radio") {
    if (same.type === "text" || same.tagName === "TEXTAREA") {
      same.value = active.value;
      same.setSelectionRange(active.selectionStart, active.selectionEnd);
    }
  }
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

// --- typing ------------------------------------------------------------------------------------

function grow(words) {
  words.rows = Math.min(8, words.value.split("\n").length);
}

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

function changed(form, name) {
  if (form.ariaBusy === "true") return; // it is being sent or left
  const fields = new URLSearchParams(new FormData(form));
  fields.set("changed", name);
  return send(form.getAttribute("action").replace(/\/form$/, "/changed"), fields);
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  dialog.querySelector("[data-close]")?.click();
});

// --- search fields -----------------------------------------------------------------------------

let looking = 0;
function look(input) {
  clearTimeout(looking);
  looking = setTimeout(() => suggest(input), 120);
}

async function suggest(input) {
  const { url, form, field, none } = input.closest(".search").dataset;
  const asked = input.value;
  const answer = await fetch(`${url}?${new URLSearchParams({ form, field, typed: asked })}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || input.value !== asked || !input.isConnected) return;
  const options = await answer.json();
  const list = document.getElementById(input.getAttribute("aria-controls"));
  list.replaceChildren(...options.map((option, at) => found(option, `${list.id}-${at}`)));
  if (!options.length) list.append(Object.assign(document.createElement("li"), { textContent: none, className: "none" }));
  unfold(input, true);
}

function found({ value, label }, id) {
  const line = Object.assign(document.createElement("li"), { id, role: "option", textContent: label, dir: "auto" });
  line.ariaSelected = "false";
  line.dataset.value = value;
  return line;
}

function unfold(input, isOpen) {
  document.getElementById(input.getAttribute("aria-controls")).hidden = !isOpen;
  input.ariaExpanded = String(isOpen);
  input.removeAttribute("aria-activedescendant");
}

function choose(input, line) {
  const search = input.closest(".search");
  const chosen = search.querySelector(".chosen");
  if (!("several" in search.dataset)) chosen.replaceChildren();
  const values = [...chosen.querySelectorAll("input")].map((one) => one.value);
  if (!values.includes(line.dataset.value)) chosen.append(chip(search.dataset, line));
  input.value = "";
  unfold(input, false);
  changed(input.form, search.dataset.name);
}

function chip({ name }, line) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const value = Object.assign(document.createElement("input"), { type: "checkbox", name, value: line.dataset.value, checked: true });
  label.append(value, Object.assign(document.createElement("span"), { textContent: line.textContent, dir: "auto" }));
  item.append(label);
  return item;
}

function unchoose(box) {
  box.closest(".search").querySelector("[role=combobox]").focus();
  box.closest("li").remove();
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (input.role !== "combobox") return;
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const lines = [...list.querySelectorAll("[role=option]")];
  const at = lines.findIndex((line) => line.ariaSelected === "true");
  if (event.key === "ArrowDown" && list.hidden) return look(input);
  if (list.hidden) return void (event.key === "Enter" && event.preventDefault());
  if (event.key === "Escape") unfold(input, false);
  else if (event.key === "Enter" && at >= 0) choose(input, lines[at]);
  else if (event.key === "ArrowDown") mark(input, lines, Math.min(at + 1, lines.length - 1));
  else if (event.key === "ArrowUp") mark(input, lines, Math.max(at - 1, 0));
  else if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
}, true);

function mark(input, lines, at) {
  lines.forEach((line, number) => (line.ariaSelected = String(number === at)));
  if (!lines[at]) return;
  input.setAttribute("aria-activedescendant", lines[at].id);
  lines[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusout", (event) => {
  if (event.target.role === "combobox") setTimeout(() => event.target.isConnected && unfold(event.target, false), 150);
});

// --- clicks ------------------------------------------------------------------------------------

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

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

// --- start -------------------------------------------------------------------------------------

document.addEventListener("visibilitychange", () => (document.hidden ? deaf() : listen())); // a browser has six connections
addEventListener("pagehide", deaf);
addEventListener("pageshow", listen);
if (log?.children.length) scroll.scrollTop = scroll.scrollHeight;
if (dialog.open) {
  const html = dialog.innerHTML;
  dialog.close();
  drawDialog(html);
}
listen();
