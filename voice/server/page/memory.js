// What this browser remembers for the page. A browser that keeps nothing is no reason to fail.

export function recall(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

// Keep a text, or forget it when `value` is null.
export function keep(storage, key, value) {
  try {
    if (value === null) window[storage].removeItem(key);
    else window[storage].setItem(key, value);
  } catch {
    // what was chosen still holds until the page is closed
  }
}

// Set the checkbox as it was left on this device, keep what becomes of it, and return it.
export function remembered(checkbox, key, first) {
  checkbox.checked = (recall("localStorage", key) ?? String(first)) === "true";
  checkbox.addEventListener("change", () => keep("localStorage", key, String(checkbox.checked)));
  return checkbox;
}
