// The parts of the page that the other scripts share, and the two places where it speaks.

export const page = document.body;
export const dialog = document.getElementById("dialog");
export const log = document.getElementById("log");
export const scroll = document.getElementById("scroll");

export function say(id, sentence) {
  const place = document.getElementById(id);
  if (place.textContent !== sentence) place.textContent = sentence;
}

let hiding = 0;
export function notice(sentence) {
  if (sentence) (dialog.open ? dialog : page).append(document.getElementById("notice")); // beside a modal window nothing is heard
  say("notice", sentence);
  clearTimeout(hiding);
  if (sentence) hiding = setTimeout(() => say("notice", ""), 10000);
}

export function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}
