// The things the page asks of its server. Whatever goes wrong is a Failure, one human line.

import { words } from "./words.js";

const DEADLINE_MS = 90_000; // the server's own longest deadline is 60 s
const PASSING = new Set([408, 429, 500, 502, 503, 504]); // worth another try as it is

export class Failure extends Error {
  constructor(message, { status = 0, again = false } = {}) {
    super(message);
    this.needsKey = status === 401;
    this.again = again;
  }
}

// Hand over the access key; a wrong one is a Failure that `needsKey`.
export async function enterKey(key) {
  await post("page/key", json({ key }));
}

export async function ask(question, conversation) {
  return reply(await post("ask", json(conversation ? { question, conversation } : { question })));
}

export async function listen(recording, conversation) {
  const form = new FormData();
  form.append("file", recording, "speech");
  if (conversation) form.append("conversation", conversation);
  return reply(await post("listen", { body: form }));
}

export async function speak(text) {
  return (await post("speak", json({ text }))).blob();
}

function json(value) {
  return { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

async function reply(response) {
  try {
    return await response.json();
  } catch {
    throw new Failure(words("failed"), { again: true });
  }
}

async function post(path, { body, headers = {} }) {
  const signal = AbortSignal.timeout?.(DEADLINE_MS);
  const response = await fetch(path, { method: "POST", body, headers, signal }).catch(() => {
    throw new Failure(words("unreachable"), { again: true });
  });
  if (response.ok) return response;
  throw await failure(response);
}

async function failure(response) {
  const { status } = response;
  const body = await response.json().catch(() => ({}));
  return new Failure(line(response, body.error), { status, again: PASSING.has(status) });
}

function line(response, { code, message } = {}) {
  const seconds = response.headers.get("Retry-After");
  if (response.status === 413) return words("too_long");
  if (response.status === 415) return words("bad_audio");
  if (seconds && code !== "setup") return words("busy", { seconds });
  return message || words("failed");
}
