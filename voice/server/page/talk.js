// The talk button: holds one recording at a time and says what state it is in.

import { watchGestures } from "./gestures.js";
import { microphoneTrouble, Recording } from "./recorder.js";
import { words } from "./words.js";

const SHORTEST_SECONDS = 0.3;
const PROMPT_MS = 1000; // opening that takes longer was a question to the person
const SILENT_SECONDS = 3; // without any sound at all: a muted microphone
const TICK_MS = 200;

export class TalkButton {
  // `options`: tapMode, the checkbox that makes a tap start and another end; onStart();
  // onRecorded(Blob); onMessage(key, values); limit, the longest recording in seconds.
  constructor(button, options) {
    this.button = button;
    this.label = button.querySelector(".talk-state");
    this.clock = button.querySelector(".talk-clock");
    this.options = options;
    this.show("idle");
    this.showName();
    options.tapMode.addEventListener("change", () => this.showName());
    watchGestures(button, this);
  }

  showName() {
    const key = this.options.tapMode.checked ? "talk_tap" : "talk_hold";
    this.button.querySelector(".talk-name").textContent = words(key);
  }

  press() {
    if (this.state === "idle") this.begin(this.options.tapMode.checked);
    else if (this.latched) this.end();
  }

  release() {
    if (!this.latched) this.end();
  }

  toggle() {
    if (this.state === "idle") this.begin(true);
    else this.end();
  }

  // Throw the recording away.
  cancel() {
    if (this.state === "closing") return;
    this.recording?.close();
    this.recording = null;
    this.show("idle");
  }

  async begin(latched) {
    const pressed = performance.now();
    const recording = new Recording((level) => this.button.style.setProperty("--level", level));
    Object.assign(this, { recording, latched, released: false });
    this.options.onStart();
    this.show("opening");
    try {
      await recording.open();
      if (this.recording !== recording) return recording.close(); // cancelled meanwhile
      if (this.released) return this.refuse(this.lateKey(performance.now() - pressed));
      recording.start();
    } catch (error) {
      recording.close();
      if (this.recording === recording) this.refuse(microphoneTrouble(error));
      return;
    }
    this.show("recording");
    this.watchTime(recording);
  }

  end() {
    if (this.state === "opening") this.released = true;
    if (this.state !== "recording") return;
    if (this.recording.seconds < SHORTEST_SECONDS) this.refuse(this.shortKey);
    else this.finish();
  }

  // Hand over what was recorded; `afterwards` is a message to leave standing.
  async finish(afterwards = null) {
    const recording = this.recording;
    this.show("closing");
    const blob = await recording.stop();
    this.recording = null;
    this.show("idle");
    this.options.onRecorded(blob);
    if (afterwards) this.options.onMessage(afterwards, { seconds: this.options.limit });
  }

  refuse(key) {
    this.cancel();
    this.options.onMessage(key);
  }

  lateKey(openingMs) {
    return openingMs > PROMPT_MS ? "microphone_ready" : this.shortKey;
  }

  get shortKey() {
    return this.latched ? "speak_longer" : "hold_longer";
  }

  watchTime(recording) {
    const timer = setInterval(() => {
      if (this.state !== "recording" || this.recording !== recording) return clearInterval(timer);
      this.showTime(recording.seconds);
      if (recording.isSilent(SILENT_SECONDS)) this.options.onMessage("microphone_silent");
      if (recording.seconds >= this.options.limit) this.finish("time_limit");
    }, TICK_MS);
  }

  showTime(seconds) {
    const rest = String(Math.floor(seconds % 60)).padStart(2, "0");
    this.clock.dataset.time = `${Math.floor(seconds / 60)}:${rest}`;
  }

  show(state) {
    this.state = state;
    this.button.dataset.state = state;
    this.button.setAttribute("aria-pressed", String(state === "recording"));
    const mode = this.latched ? "tap" : "hold";
    const key = state === "recording" ? `talk_recording_${mode}` : `talk_${state}`;
    this.label.textContent = state === "idle" ? "" : words(key);
    this.clock.hidden = state !== "recording";
    if (state === "recording") this.showTime(0);
  }
}
