// The cascade of the component's styles: its own modules of styles in a layer above Mantine's,
// so that src/styles.css can take the styles of the page around it back and leave these.

/** The layers, the weakest first. Whichever file a page loads first makes their order. */
export const LAYERS = "connection-manager-base, mantine, connection-manager";

/** A module of styles, in its layer. */
export function layered(css) {
  return `@layer ${LAYERS};\n@layer connection-manager {\n${css}}\n`;
}
