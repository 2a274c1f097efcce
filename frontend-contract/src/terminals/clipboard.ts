// The clipboard as terminals use it.

export { copyText } from "../hooks/clipboard.js";

/** The text on the clipboard; null when the browser does not let a page read it. */
export async function pastedText(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}
