// The form that asks for the access key of a server that wants one.

import { hasKey, useKey } from "./server.js";
import { words } from "./words.js";

export class AccessForm {
  // `onMessage` is told the line to show above the form.
  constructor(form, onMessage) {
    this.form = form;
    this.field = form.querySelector("input");
    this.onMessage = onMessage;
    this.again = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter();
    });
  }

  // Ask for a key, then do `again`.
  open(again) {
    this.again = again;
    this.onMessage(words(hasKey() ? "key_wrong" : "key_needed"));
    useKey(null);
    this.form.hidden = false;
    this.field.focus();
  }

  enter() {
    useKey(this.field.value);
    this.field.value = "";
    this.form.hidden = true;
    this.again();
  }
}
