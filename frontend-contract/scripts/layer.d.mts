export const LAYERS: string;
export function layered(css: string): string;
