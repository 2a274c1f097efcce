// Fields for what a machine reads.

/** Styles of a text field with letters of one width. */
export const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };
