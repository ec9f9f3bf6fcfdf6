// The page: what the person does, in the order it happens.

import { AccessForm } from "./access.js";
import { remembered } from "./memory.js";
import { recordingTrouble } from "./recorder.js";
import { ask, listen } from "./server.js";
import { Speech } from "./speech.js";
import { TalkButton } from "./talk.js";
import { Turns } from "./turns.js";
import { words } from "./words.js";

const find = (id) => document.getElementById(id);
const showMessage = (line) => (find("message").textContent = line);
const announce = (line) => (find("status").textContent = line);

const { hearing, speaking, talkSeconds } = document.body.dataset;
const canSpeak = speaking === "yes";
const field = find("question");
const readAloud = remembered(find("read-aloud"), "voice-read-aloud", true);
const tapMode = remembered(find("tap-mode"), "voice-tap-mode", false);
const access = new AccessForm(find("key-form"), showMessage);
const speech = new Speech(find("speech"), showMessage);
const turns = new Turns(find("turns"), {
  onAsk: choose,
  onEdit: edit,
  onListen: canSpeak ? (button, text) => speech.toggle(button, text) : null,
});
let conversation = ""; // the token of the last reply
let newest = null; // the turn whose reply counts: one that comes later than its successor is dropped

// Take one turn: `question` is its text, or null when `send` sends a recording.
async function take(question, send) {
  hush();
  showWelcome(false);
  const turn = (newest = turns.begin(question));
  announce(words(question === null ? "understanding" : "answering"));
  try {
    const reply = await send();
    if (newest === turn) show(turn, reply);
  } catch (failure) {
    if (newest === turn) fail(turn, failure, () => take(question, send));
  }
}

function askText(question) {
  take(question, () => ask(question, conversation));
}

function askAloud(recording) {
  take(null, () => listen(recording, conversation));
}

function show(turn, reply) {
  conversation = reply.end_session ? "" : reply.conversation;
  turn.showReply(reply);
  announce(turn.line);
  if (canSpeak && readAloud.checked) speech.say(turn.listen, reply.speech);
}

function fail(turn, failure, again) {
  const retry = () => {
    turn.remove();
    again();
    focusNewest();
  };
  if (failure.needsKey) {
    turn.item.hidden = true;
    access.open(retry);
    return;
  }
  turn.showFailure(failure.message, failure.again ? retry : null);
  announce(failure.message);
}

// Fall silent: the person is about to talk or type.
function hush() {
  speech.stop();
  showMessage("");
}

// The welcome makes room for the conversation, and comes back when it is started over.
function showWelcome(shown) {
  document.body.classList.toggle("talking", !shown);
  find("restart").hidden = shown;
  find("examples")?.toggleAttribute("open", shown);
}

function choose(question) {
  askText(question);
  focusNewest();
}

// The button that had the focus is gone or out of sight.
function focusNewest() {
  newest.item.focus({ preventScroll: true });
}

function edit(text) {
  field.value = text;
  field.focus();
}

function startOver() {
  hush();
  turns.clear();
  conversation = "";
  newest = null;
  announce(words("restarted"));
  showWelcome(true);
  window.scrollTo(0, 0);
  (talk ? find("talk") : field).focus({ preventScroll: true });
}

function submit(event) {
  event.preventDefault();
  const question = field.value.trim();
  if (!question) {
    showMessage(words("ask_empty"));
    return;
  }
  field.value = "";
  askText(question);
}

// Return the talk button, or null where nobody can talk; the page then says why.
function setUpTalking() {
  const trouble = hearing === "yes" ? recordingTrouble() : "hearing_off";
  if (trouble) {
    find("typing-only").hidden = false;
    find("typing-only").textContent = words(trouble);
    return null;
  }
  find("talk").hidden = find("tap-mode-row").hidden = false;
  return new TalkButton(find("talk"), {
    limit: Number(talkSeconds),
    tapMode,
    onStart: () => {
      hush();
      announce(words("listening"));
    },
    onRecorded: askAloud,
    onMessage: (key, values) => showMessage(words(key, values)),
  });
}

const talk = setUpTalking();
find("read-aloud-row").hidden = !canSpeak;
readAloud.addEventListener("change", () => readAloud.checked || speech.stop());
find("ask-form").addEventListener("submit", submit);
find("restart").addEventListener("click", startOver);
field.addEventListener("input", hush);
for (const button of document.querySelectorAll("[data-question]")) {
  button.addEventListener("click", () => choose(button.dataset.question));
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  speech.stop();
  talk?.cancel();
});
