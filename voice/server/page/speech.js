// Reads answers aloud, one at a time. Each answer has a button that plays it and stops it.

import { speak } from "./server.js";
import { icon, words } from "./words.js";

export class Speech {
  // `onTrouble` is told the one line to show when an answer cannot be heard.
  constructor(audio, onTrouble) {
    this.audio = audio;
    this.onTrouble = onTrouble;
    this.button = null; // of the answer that is being fetched or played
    audio.addEventListener("ended", () => this.stop());
  }

  toggle(button, text) {
    if (this.button === button) this.stop();
    else this.say(button, text);
  }

  async say(button, text) {
    this.stop();
    this.button = button;
    dress(button, "stop", "stop");
    const isLate = () => this.button !== button; // stopped, or another answer came
    try {
      const sound = await speak(text);
      if (isLate()) return;
      this.audio.src = URL.createObjectURL(sound);
      await this.audio.play();
    } catch (error) {
      if (isLate()) return;
      this.stop();
      this.onTrouble(trouble(error));
    }
  }

  stop() {
    if (!this.button) return;
    dress(this.button, "speaker", "listen");
    this.button = null;
    this.audio.pause();
    URL.revokeObjectURL(this.audio.src);
    this.audio.removeAttribute("src");
  }
}

function trouble(error) {
  if (error.name === "NotAllowedError") return words("speech_blocked");
  return error.name === "NotSupportedError" ? words("speech_failed") : error.message;
}

function dress(button, picture, key) {
  button.firstElementChild.replaceWith(icon(picture));
  button.lastElementChild.textContent = words(key);
}
