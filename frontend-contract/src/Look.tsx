// How the component looks, whatever the page around it looks like: its variables and styles
// apply within it and within what it shows over the page, and to nothing else.

import {
  localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides, useComputedColorScheme,
  type MantineColorSchemeManager,
} from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { useNotices } from "./hooks/notices.js";
import { useRefuge } from "./hooks/refuge.js";
import { useStrings } from "./hooks/strings.js";
import { readable, theme } from "./theme.js";

/** The class src/styles.css goes by. */
const ROOT = "connection-manager";

/** What {@link Look} is given. */
interface Props {
  colorScheme: "light" | "dark" | "auto";
  wholePage: boolean;
  children: ReactNode;
}

/** Puts the look around `children`. */
export function Look({ colorScheme, wholePage, children }: Props) {
  const id = useId();
  const scale = useScale();
  const own = useMemo(() => mergeThemeOverrides(theme, {
    scale,
    components: { Portal: { defaultProps: { target: `[data-over="${id}"]` } } },
  }), [scale, id]);
  const [manager] = useState(() => (wholePage ? localStorageColorSchemeManager() : forgetful(colorScheme)));
  const forced = wholePage || colorScheme === "auto" ? {} : { forceColorScheme: colorScheme };
  return (
    <MantineProvider
      theme={own}
      cssVariablesResolver={readable}
      cssVariablesSelector={`.${ROOT}`}
      colorSchemeManager={manager}
      defaultColorScheme={colorScheme}
      {...forced}
      {...(wholePage ? {} : { getRootElement: nowhere })}
    >
      <Within id={id}>{children}</Within>
    </MantineProvider>
  );
}

/** The component, and beside it in the page's body what it shows over the page. */
function Within({ id, children }: { id: string; children: ReactNode }) {
  const t = useStrings();
  const notices = useNotices();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const root = useRef<HTMLDivElement>(null);
  const over = useRef<HTMLDivElement>(null);
  useRefuge(root, over);
  const open = useFilled(over);
  return (
    <div ref={root} className={ROOT} data-mantine-color-scheme={scheme}>
      {children}
      {typeof document !== "undefined" && createPortal(
        <div className={ROOT} data-mantine-color-scheme={scheme}>
          <Notifications position="bottom-right" limit={4} store={notices} withinPortal={false} />
          {/* A part of the page that can be gone to while there is something in it. */}
          <div ref={over} data-over={id} {...(open ? { role: "region", "aria-label": t.common.over } : {})} />
        </div>,
        document.body,
      )}
    </div>
  );
}

/** Whether something is shown in an element that others put things into: a closed dialog leaves a trace. */
function useFilled(element: React.RefObject<HTMLElement | null>): boolean {
  const [filled, setFilled] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const look = () => setFilled(current.textContent !== "");
    const watch = new MutationObserver(look);
    watch.observe(current, { childList: true, subtree: true, characterData: true });
    look();
    return () => watch.disconnect();
  }, [element]);
  return filled;
}

/**
 * What sizes are multiplied by. They are in `rem`, so that they follow the size of letters the
 * person chose; a page that gives its root another size for its own reckoning is evened out.
 */
function useScale(): number {
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const probe = document.createElement("span");
    probe.style.cssText = "position:absolute;visibility:hidden;font:medium serif";
    document.body.append(probe);
    const size = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
    const measured = size(probe) / size(document.documentElement);
    probe.remove();
    if (Number.isFinite(measured) && measured > 0) setScale(measured);
  }, []);
  return scale;
}

/** The page around says which scheme it is; there is nothing to remember. */
function forgetful(scheme: "light" | "dark" | "auto"): MantineColorSchemeManager {
  const nothing = () => undefined;
  return { get: () => scheme, set: nothing, clear: nothing, subscribe: nothing, unsubscribe: nothing };
}

/** The page around keeps the attribute of its root element to itself. */
const nowhere = () => undefined;
