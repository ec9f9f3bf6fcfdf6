// The page's own wording, and a short way to make elements that hold it.

const strings = JSON.parse(document.body.dataset.strings);

// Return the wording of that key, with {name} filled in from `values`.
export function words(key, values = {}) {
  return strings[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Make an element; `text` and `className` are properties, all else becomes an attribute.
export function element(tag, { text, className, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Make an element for text that comes from the FAQ, which may be of another language than the page.
export function faqElement(tag, options) {
  return element(tag, { lang: document.body.dataset.locale, dir: "auto", ...options });
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `page/icons.svg#${name}`);
  picture.append(use);
  return picture;
}

// Make a button with a picture and its name, as in iconButton("speaker", "listen_again", play).
export function iconButton(picture, key, onClick) {
  const button = element("button", { type: "button", className: "quiet" });
  button.append(icon(picture), element("span", { text: words(key) }));
  button.addEventListener("click", onClick);
  return button;
}
