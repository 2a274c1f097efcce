// What is wrong with how the page looks, found by measuring: texts cut off, things on top of each
// other or too small to hit, a focus that cannot be seen.

import { expect, type Page } from "@playwright/test";

/** Smallest side of what can be pressed, and of what a finger presses most, in pixels. */
const TARGET = 24;
const FINGER = 44;

/** What {@link flaws} looks for. */
interface Wanted {
  /** Smallest side of anything that can be pressed. */
  target: number;
  /** The same for what a finger presses most; 0 with a mouse. */
  finger: number;
}

/** Fails for each flaw of the page as it is now. */
export async function expectWellLaidOut(page: Page, state: string): Promise<void> {
  const phone = (page.viewportSize()?.width ?? 0) < 768;
  const found = await page.evaluate(flaws, { target: TARGET, finger: phone ? FINGER : 0 });
  expect.soft(found, state).toEqual([]);
}

/** Runs in the page. */
function flaws({ target, finger }: Wanted): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth) found.push(`the page is ${root.scrollWidth} px wide, the screen ${window.innerWidth}`);

  // A dialog or menu is all there is while it is open.
  const open = [...document.querySelectorAll<HTMLElement>("[aria-modal=true], [role=menu], .mantine-Popover-dropdown")];
  const scope = open.filter((each) => each.checkVisibility()).at(-1) ?? document.body;
  const shown = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
    && !element.closest("[aria-hidden=true], .xterm");
  const name = (element: Element) => {
    const text = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? element.textContent ?? "";
    return `${element.getAttribute("role") ?? element.tagName.toLowerCase()} "${text.trim().slice(0, 60)}"`;
  };
  const clips = (element: Element, way: "X" | "Y") => {
    const overflow = getComputedStyle(element)[`overflow${way}`];
    return overflow !== "visible";
  };

  /** The part of a box that scrolling and clipping leave on the screen; null for none. */
  const visiblePart = (element: Element, box = element.getBoundingClientRect()) => {
    let { left, top, right, bottom } = box;
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).display === "contents") continue;
      const around = up.getBoundingClientRect();
      if (up !== document.body && up !== root) {
        if (clips(up, "X")) [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
        if (clips(up, "Y")) [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
      }
      if (getComputedStyle(up).position === "fixed") break;
    }
    [left, top] = [Math.max(left, 0), Math.max(top, 0)];
    [right, bottom] = [Math.min(right, window.innerWidth), Math.min(bottom, window.innerHeight)];
    return right - left > 0.5 && bottom - top > 0.5 ? { left, top, right, bottom } : null;
  };

  // Texts: whole, or with an ellipsis and all of it to be had by pointing.
  const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent?.trim() || !parent || !shown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    for (let up: HTMLElement | null = parent; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      // Said to screen readers alone.
      if (style.clipPath !== "none" || (style.position === "absolute" && up.offsetWidth <= 1)) break;
      const around = up.getBoundingClientRect();
      const scrolls = ["auto", "scroll"].includes(style.overflowX);
      if (clips(up, "X") && (box.right > around.right + 1.5 || box.left < around.left - 1.5)) {
        if (scrolls) break;
        const whole = up.closest("[title]")?.getAttribute("title") || parent.closest("[title]")?.getAttribute("title");
        if (style.textOverflow !== "ellipsis") found.push(`cut off without an ellipsis: "${node.textContent.trim().slice(0, 60)}"`);
        else if (!whole) found.push(`cut off without a title: "${node.textContent.trim().slice(0, 60)}"`);
        break;
      }
      if (clips(up, "Y") && !["auto", "scroll"].includes(style.overflowY) && (box.bottom > around.bottom + 3 || box.top < around.top - 3)) {
        found.push(`cut off above or below: "${node.textContent.trim().slice(0, 60)}"`);
        break;
      }
      if (style.position === "fixed" || scrolls) break;
    }
  }

  // What can be pressed: not on top of each other, and large enough to hit.
  const pressable = "button, a[href], input:not([type=hidden]):not([type=file]), select, textarea, [role=tab], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=option], [role=checkbox]";
  const things = [...scope.querySelectorAll<HTMLElement>(pressable)].filter((each) =>
    shown(each) && !(each as HTMLButtonElement).disabled && getComputedStyle(each).pointerEvents !== "none");
  /** What scrolls under a head or foot that stays is not lost: it scrolls out again. */
  const sticks = (element: Element | null) => {
    for (let up = element; up && up !== scope; up = up.parentElement) if (getComputedStyle(up).position === "sticky") return true;
    return false;
  };
  const field = (element: Element) => element.closest(".mantine-Input-wrapper");
  const areaOf = (element: HTMLElement) => {
    const boxes = [element.getBoundingClientRect()];
    const around = element.matches("input:not([type=checkbox])") && field(element);
    if (around) boxes.push(around.getBoundingClientRect());
    const label = element.closest("label") ?? (element.id ? document.querySelector(`label[for="${CSS.escape(element.id)}"]`) : null);
    if (label && element.matches("[type=checkbox], [type=radio]")) boxes.push(label.getBoundingClientRect());
    // What is pressed may be larger than what is drawn.
    for (const part of ["::before", "::after"]) {
      const style = getComputedStyle(element, part);
      if (style.content === "none" || style.position !== "absolute" || style.pointerEvents === "none") continue;
      const [width, height] = [Number.parseFloat(style.width), Number.parseFloat(style.height)];
      const own = boxes[0] as DOMRect;
      if (width > own.width || height > own.height) {
        const [w, h] = [Math.max(width, own.width), Math.max(height, own.height)];
        boxes.push(new DOMRect(own.x - (w - own.width) / 2, own.y - (h - own.height) / 2, w, h));
      }
    }
    return boxes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  };
  const main = (element: HTMLElement) =>
    element.matches("[role=tab], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], select, textarea, input:not([type=checkbox]):not([type=radio])")
    || (element.matches("button, a") && !element.closest("[role=grid], [data-small]"));
  const placed = things
    .map((element) => ({ element, part: visiblePart(element) }))
    .filter((each): each is { element: HTMLElement; part: NonNullable<ReturnType<typeof visiblePart>> } => each.part !== null);
  for (const { element, part } of placed) {
    const area = areaOf(element);
    const whole = element.getBoundingClientRect();
    const cut = part.right - part.left < whole.width - 1 || part.bottom - part.top < whole.height - 1;
    if (cut) continue;
    const smallest = finger && main(element) ? finger : target;
    // What is small is hit all the same with nothing else within reach of its middle.
    const [atX, atY] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
    const alone = smallest === target && placed.every(({ element: other, part: near }) => other === element || other.contains(element)
      || Math.hypot(Math.max(near.left - atX, 0, atX - near.right), Math.max(near.top - atY, 0, atY - near.bottom)) >= target / 2);
    if (alone && Math.min(area.width, area.height) >= 14) continue;
    // A link within words is as high as the words.
    const inText = element.matches("a") && getComputedStyle(element).display === "inline";
    if (area.height < smallest - 0.5 && !inText) found.push(`${name(element)} is ${Math.round(area.height)} px high, not ${smallest}`);
    else if (area.width < Math.min(smallest, element.matches("a, [role=tab]") ? target : smallest) - 0.5 && !inText) {
      found.push(`${name(element)} is ${Math.round(area.width)} px wide, not ${smallest}`);
    }
    // Whoever presses its middle presses it.
    const [x, y] = [(part.left + part.right) / 2, (part.top + part.bottom) / 2];
    const hit = document.elementFromPoint(x, y);
    const other = hit?.closest(pressable);
    if (hit && !sticks(hit) && !element.contains(hit) && !hit.contains(element) && !hit.closest("label")?.contains(element)) {
      found.push(`${name(element)} is covered by ${other ? name(other) : name(hit)}`);
    }
  }
  placed.forEach((one, at) => {
    for (const other of placed.slice(at + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const width = Math.min(one.part.right, other.part.right) - Math.max(one.part.left, other.part.left);
      const height = Math.min(one.part.bottom, other.part.bottom) - Math.max(one.part.top, other.part.top);
      // A button of a field lies within it.
      const within = field(one.element) !== null && field(one.element) === field(other.element);
      if (width > 1.5 && height > 1.5 && !within && sticks(one.element) === sticks(other.element)) {
        found.push(`${name(one.element)} and ${name(other.element)} overlap`);
      }
    }
  });
  return [...new Set(found)];
}

/** How an element says that it has the focus: its own look and that of what is around it. */
function focusLook(): string {
  const looks: string[] = [];
  let element = document.activeElement;
  for (let level = 0; element && level < 5; level += 1, element = element.parentElement) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      looks.push([style.outline, style.outlineOffset, style.boxShadow, style.border, style.backgroundColor, style.top].join("|"));
    }
  }
  return looks.join("\n");
}

/** A stop of the Tab key. */
export interface Stop {
  /** Its role and name, such as `button Refresh`. */
  label: string;
  /** Whether it can be seen that it has the focus. */
  visible: boolean;
}

/** Presses Tab from the beginning of the page until it is around; answers the stops. */
export async function tabThrough(page: Page, most = 150): Promise<Stop[]> {
  // The look is compared at once: what fades in is not there yet.
  const still = await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important }" });
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
    // From here on the Tab key begins at the top.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const stops: Stop[] = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body || element === document.documentElement) return null;
      if (element.dataset["seen"] === "yes") return null;
      element.dataset["seen"] = "yes";
      const implied: Record<string, string> = { A: "link", BUTTON: "button", INPUT: "textbox", SELECT: "combobox", TEXTAREA: "textbox" };
      const kind = element.getAttribute("type") === "checkbox" ? "checkbox" : implied[element.tagName];
      const labels = (element as HTMLInputElement).labels?.[0]?.textContent;
      const name = element.getAttribute("aria-label") ?? labels ?? element.textContent ?? "";
      return `${element.getAttribute("role") ?? kind ?? element.tagName.toLowerCase()} ${name.trim()}`;
    });
    if (label === null) break;
    const focused = await page.evaluate(focusLook);
    // The same elements without the focus: what is another look is how it can be seen.
    const plain = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const looks: string[] = [];
      element.blur();
      let each: Element | null = element;
      for (let level = 0; each && level < 5; level += 1, each = each.parentElement) {
        for (const part of [null, "::before", "::after"]) {
          const style = getComputedStyle(each, part);
          looks.push([style.outline, style.outlineOffset, style.boxShadow, style.border, style.backgroundColor, style.top].join("|"));
        }
      }
      element.focus();
      return looks.join("\n");
    });
    const visible = plain !== focused;
    stops.push({ label, visible });
  }
  await still.evaluate((style) => (style as HTMLElement).remove());
  await page.evaluate(() => {
    for (const each of document.querySelectorAll("[data-seen]")) each.removeAttribute("data-seen");
    (document.activeElement as HTMLElement | null)?.blur();
  });
  return stops;
}
