// One recording from the microphone: open, start, stop. Nothing is kept open in between, so the
// browser's sign that the microphone is on tells the truth.

const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const TAIL_MS = 250; // people let go of the button on their last syllable
const QUIET_DB = -60;
const LOUD_DB = -15;
const SOUND = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

// Return why this browser cannot record as the key of its wording, or null when it can.
export function recordingTrouble() {
  if (!window.isSecureContext) return "microphone_insecure";
  return navigator.mediaDevices && window.MediaRecorder ? null : "recorder_missing";
}

// Return the key of the wording for an error of getUserMedia.
export function microphoneTrouble(error) {
  const troubles = {
    NotAllowedError: "microphone_refused",
    SecurityError: "microphone_refused",
    NotFoundError: "microphone_missing",
    OverconstrainedError: "microphone_missing",
  };
  return troubles[error.name] ?? "microphone_failed";
}

export class Recording {
  // onLevel is told the loudness, 0 to 1, at every frame.
  constructor(onLevel) {
    this.onLevel = onLevel;
    this.loudest = 0;
    this.parts = [];
  }

  get seconds() {
    return this.began ? (performance.now() - this.began) / 1000 : 0;
  }

  // Return whether nothing at all, not even noise, came for that long.
  isSilent(seconds) {
    return this.sound?.state === "running" && this.loudest === 0 && this.seconds > seconds;
  }

  async open() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  }

  start() {
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    this.recorder = new MediaRecorder(this.stream, { mimeType });
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.recorder.start();
    this.began = performance.now();
    this.watchLevel();
  }

  // Return the whole recording as a Blob, which knows its type.
  async stop() {
    await new Promise((done) => setTimeout(done, TAIL_MS));
    if (this.recorder.state !== "inactive") {
      const stopped = new Promise((done) => this.recorder.addEventListener("stop", done));
      this.recorder.stop();
      await stopped;
    }
    this.close();
    return new Blob(this.parts, { type: this.recorder.mimeType });
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.sound?.close();
    this.stream = this.sound = null;
  }

  watchLevel() {
    this.sound = new AudioContext();
    const analyser = this.sound.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    this.sound.createMediaStreamSource(this.stream).connect(analyser);
    const look = () => {
      if (!this.sound) return;
      analyser.getFloatTimeDomainData(samples);
      const level = loudness(samples);
      this.loudest = Math.max(this.loudest, level);
      this.onLevel(level);
      requestAnimationFrame(look);
    };
    look();
  }
}

function loudness(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(power + 1e-10);
  return Math.min(1, Math.max(0, (decibels - QUIET_DB) / (LOUD_DB - QUIET_DB)));
}
