// The address of a shared terminal. The token is in the hash, which no browser sends anywhere.

/** The link to a shared terminal, on the page of the server. */
export function shareLink(baseUrl: string, token: string): string {
  return `${baseUrl}/#/share/${encodeURIComponent(token)}`;
}

/** The token of such an address, null when it is another. */
export function sharedToken(hash: string): string | null {
  const token = /^#\/share\/([^/?]+)$/.exec(hash)?.[1];
  if (!token) return null;
  try {
    return decodeURIComponent(token);
  } catch {
    return null;
  }
}
