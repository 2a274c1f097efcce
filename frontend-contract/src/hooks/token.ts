// Where the access token is kept: in memory, and in sessionStorage so that a reload does not
// ask for it again. It ends with the tab and is never written anywhere else.

/** Keeps the access token of one server. */
export interface TokenStore {
  get(): string | null;
  set(token: string | null): void;
}

/** The store for the server at this address. */
export function tokenStore(baseUrl: string): TokenStore {
  const key = `connection-manager.token ${baseUrl}`;
  let token = attempt(() => sessionStorage.getItem(key)) ?? null;
  return {
    get: () => token,
    set: (value) => {
      token = value;
      // A browser that forbids storage still has the token in memory.
      attempt(() => (value === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, value)));
    },
  };
}

function attempt<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}
