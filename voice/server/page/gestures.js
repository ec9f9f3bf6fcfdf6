// What fingers, mouse, keys and assistive technology do to the talk button, as press and release.

const KEYS = new Set([" ", "Enter"]);

// Tell `talk` of press(), release() and toggle().
export function watchGestures(button, talk) {
  watchPointer(button, talk);
  watchKeys(button, talk);
  window.addEventListener("blur", () => talk.release());
}

function watchPointer(button, talk) {
  let pressed = false;
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = true;
    button.setPointerCapture(event.pointerId); // the finger may slide off
    talk.press();
  });
  button.addEventListener("pointerup", () => talk.release());
  button.addEventListener("pointercancel", () => talk.release());
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch
  button.addEventListener("click", () => {
    if (!pressed) talk.toggle(); // a screen reader clicks without ever pressing
    pressed = false;
  });
}

function watchKeys(button, talk) {
  button.addEventListener("keydown", (event) => {
    if (!KEYS.has(event.key)) return;
    event.preventDefault(); // no click, no scrolling
    if (!event.repeat) talk.press();
  });
  button.addEventListener("keyup", (event) => {
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    talk.release();
  });
}
