// Search fields: what fits stands below while one types, what was chosen above.

import { changed } from "./send.js";

let looking = 0;
export function look(input) {
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

export function choose(input, line) {
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

export function unchoose(box) {
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
