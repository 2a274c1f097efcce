// Keeps the keyboard where it was when what had the focus goes away: a button that did its work,
// a menu item that opened a dialog, a list that makes room for another on a phone. The browser
// would begin at the top of the page again.

import { useEffect, type RefObject } from "react";

const FOCUSABLE = "button, a[href], input, select, textarea, [tabindex]";

/** `area` is the component, `over` where it shows things over the page. */
export function useRefuge(area: RefObject<HTMLElement | null>, over: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const [within, above] = [area.current, over.current];
    if (!within || !above) return undefined;
    const { ownerDocument: page } = within;
    /** What had the focus last in the area, and what it was in, from the inside out. */
    let last: readonly HTMLElement[] = [];

    const follow = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      if (within.contains(target)) last = chainOf(target, within);
      // A dialog or menu gives the focus back; the page around has taken it.
      else if (!above.contains(target)) last = [];
    };
    // Who clicks where nothing is wants the focus nowhere.
    const release = () => setTimeout(() => {
      if (page.activeElement === page.body) last = [];
    });
    const rescue = (changes: readonly MutationRecord[]) => {
      const [element] = last;
      const { activeElement } = page;
      if (!element) return;
      // What still has the focus may be hidden. Whether it is costs a layout of the page, which is
      // not asked for by what came and went elsewhere: a terminal draws its rows all the time.
      const hides = activeElement === element && changes.some(({ type }) => type === "attributes");
      if (activeElement && activeElement !== page.body && (!hides || isShown(element))) return;
      const dialog = [...above.querySelectorAll<HTMLElement>("[aria-modal=true]")].at(-1);
      if (dialog) {
        if (isShown(dialog)) firstIn(dialog)?.focus();
        return;
      }
      const refuge = isShown(element) ? element : last.filter(isShown).map(firstIn).find((found) => found !== undefined);
      refuge?.focus({ preventScroll: true });
    };

    const watch = new MutationObserver(rescue);
    const what = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-view", "hidden"] };
    watch.observe(within, what);
    watch.observe(above, what);
    page.addEventListener("focusin", follow);
    page.addEventListener("pointerdown", release);
    return () => {
      watch.disconnect();
      page.removeEventListener("focusin", follow);
      page.removeEventListener("pointerdown", release);
    };
  }, [area, over]);
}

function chainOf(element: HTMLElement, root: HTMLElement): readonly HTMLElement[] {
  const chain: HTMLElement[] = [];
  for (let up: HTMLElement | null = element; up; up = up === root ? null : up.parentElement) chain.push(up);
  return chain;
}

/** On the page and not hidden. */
function isShown(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0;
}

/** The first thing in there the Tab key would go to. */
function firstIn(element: HTMLElement): HTMLElement | undefined {
  return [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
    (each) => each.tabIndex >= 0 && !each.matches(":disabled") && isShown(each),
  );
}
