// The look: calm, dense enough for administrators, readable in light and dark.

import { createTheme, type CSSVariablesResolver } from "@mantine/core";

/** The theme of the component and of the page. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "600" },
  components: {
    Button: { defaultProps: { size: "sm" } },
    // An element of a menu that is no item of it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    // Their heads are no banners of the page.
    Modal: {
      defaultProps: {
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        attributes: { header: { role: "none" } },
      },
    },
    Drawer: { defaultProps: { attributes: { header: { role: "none" } } } },
    // Coloured words on a pale ground of their colour are hard to read; the ground is enough.
    Notification: { styles: { description: { color: "var(--mantine-color-dimmed)" } } },
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
  },
});

/** Colours that buttons are pale in. */
const PALE = ["indigo", "gray", "red", "teal", "orange", "yellow", "blue"];

/**
 * Mantine's grey and red for words are too pale to read on its own backgrounds, and its pale
 * backgrounds too dark for words of their colour while the pointer is over them.
 */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...Object.fromEntries(PALE.flatMap((name) => [
      [`--mantine-color-${name}-light`, `var(--mantine-color-${name}-0)`],
      [`--mantine-color-${name}-light-hover`, `var(--mantine-color-${name}-1)`],
    ])),
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-6)",
  },
  dark: {
    "--mantine-color-text": "var(--mantine-color-dark-0)",
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
  },
});
