// The form that asks for the access key of a server that wants one.

import { enterKey } from "./server.js";
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
    this.onMessage(words("key_needed"));
    this.form.hidden = false;
    this.field.focus();
  }

  // The server keeps the key in a cookie that no script can read.
  async enter() {
    const key = this.field.value;
    this.field.value = "";
    try {
      await enterKey(key);
    } catch (failure) {
      this.onMessage(failure.needsKey ? words("key_wrong") : failure.message);
      this.field.focus();
      return;
    }
    this.form.hidden = true;
    this.again();
  }
}
