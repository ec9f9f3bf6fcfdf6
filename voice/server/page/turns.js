// The conversation on the page: a short list of turns, the newest at the end.

import { element, faqElement, iconButton, words } from "./words.js";

const MOST_TURNS = 50;
const MOST_CHOICES = 3; // as many as are said, so that "the second one" can be said too

const SPOKEN = "p:not(.label), h3, [data-status='clarify'] .choice";

export class Turns {
  // `actions`: onAsk(question), onEdit(text), onListen(button, text) or null without speech.
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
  }

  begin(question) {
    this.latest?.settle();
    this.latest = new Turn(this.actions, question);
    this.list.append(this.latest.item);
    while (this.list.children.length > MOST_TURNS) this.list.firstElementChild.remove();
    this.latest.reveal();
    return this.latest;
  }

  clear() {
    this.list.replaceChildren();
    this.latest = null;
  }
}

class Turn {
  // `question` is what was typed or chosen; null while speech is being understood.
  constructor(actions, question) {
    this.actions = actions;
    this.asked = element("div", { className: "asked" });
    this.card = element("div", { className: "reply" });
    this.item = element("li", { className: "turn", tabindex: "-1" }, this.asked, this.card);
    this.showAsked(words(question === null ? "you_said" : "you_asked"), question);
    this.wait(question === null ? "understanding" : "answering");
  }

  wait(key) {
    const dots = element("span", { className: "dots", "aria-hidden": "true" });
    dots.append(element("i"), element("i"), element("i"));
    this.card.replaceChildren(element("p", { className: "waiting", text: words(key) }, dots));
  }

  showAsked(label, text) {
    this.asked.hidden = text === null;
    this.asked.replaceChildren(
      element("span", { className: "label", text: label }),
      faqElement("p", { text }),
    );
  }

  showHeard(text) {
    this.showAsked(words(text ? "you_said" : "heard_nothing"), text);
    if (!text) return;
    this.edit = iconButton("edit", "correct", () => this.actions.onEdit(text));
    this.asked.append(this.edit);
  }

  showReply(reply) {
    if (reply.transcript || reply.status === "no_input") this.showHeard(reply.transcript?.text ?? "");
    this.card.dataset.status = reply.status;
    const choices = this.choices(reply);
    const listen = this.listenButton(reply);
    const rest = reply.status === "answer" ? [...listen, ...choices] : [...choices, ...listen];
    this.card.replaceChildren(...this.body(reply), ...rest);
    if (reply.end_session) {
      this.item.append(element("p", { className: "ended", text: words("ended") }));
    }
    this.reveal();
  }

  body(reply) {
    const { answer, candidates, speech, status } = reply;
    const parts = answer ? [faqElement("h3", { text: answer.question })] : [];
    if (status === "clarify" && candidates.length > 1) {
      parts.push(element("p", { className: "answer", text: words("choose") }));
    } else {
      parts.push(faqElement("p", { className: "answer", text: answer ? answer.text : speech }));
    }
    const offer = answer && afterAnswer(speech, answer.text);
    if (offer) parts.push(faqElement("p", { className: "offer", text: offer }));
    return parts;
  }

  listenButton({ speech }) {
    if (!this.actions.onListen) return [];
    this.listen = iconButton("speaker", "listen", () => this.actions.onListen(this.listen, speech));
    return [this.listen];
  }

  choices(reply) {
    const others = reply.candidates.filter(({ entry_id }) => entry_id !== reply.answer?.entry_id);
    if (others.length === 0) return [];
    const list = element("ol", { className: "choices" });
    for (const { question } of others.slice(0, MOST_CHOICES)) {
      list.append(element("li", {}, this.choice(question)));
    }
    this.alternatives = framed(reply.status, list);
    return [this.alternatives];
  }

  choice(question) {
    const button = faqElement("button", { type: "button", className: "choice", text: question });
    button.addEventListener("click", () => this.actions.onAsk(question));
    return button;
  }

  // The turn in one line, for those who do not see it.
  get line() {
    return [this.asked, this.card]
      .filter((part) => !part.hidden)
      .flatMap((part) => [...part.querySelectorAll(SPOKEN)])
      .map((part) => part.textContent)
      .join(" ");
  }

  showFailure(message, retry) {
    this.card.dataset.status = "failed";
    this.card.replaceChildren(element("p", { className: "answer", text: message }));
    if (!retry) return;
    this.retry = iconButton("restart", "retry", retry);
    this.card.append(this.retry);
  }

  // Take away what only the newest turn offers.
  settle() {
    for (const part of [this.edit, this.alternatives, this.retry]) part?.remove();
  }

  remove() {
    this.item.remove();
  }

  // Bring the turn into view: whole if it fits, else from its start.
  reveal() {
    const tall = this.item.offsetHeight > window.innerHeight * 0.6;
    this.item.scrollIntoView({ block: tall ? "start" : "nearest" });
  }
}

// Put the choices under the words that say why they are there.
function framed(status, list) {
  if (status === "clarify") return list;
  if (status === "answer") {
    return element("details", {}, element("summary", { text: words("other_meaning") }), list);
  }
  return element("div", {}, element("p", { className: "label", text: words("closest") }), list);
}

// Return what is said after the answer, as an offer to tell more; the notice is on the page anyway.
function afterAnswer(speech, answer) {
  const notice = document.querySelector(".notice")?.textContent ?? "";
  return speech.startsWith(answer) ? speech.slice(answer.length).replace(notice, "").trim() : "";
}
