// The names of cached answers. Everything of one session begins alike, so that it can be
// dropped with the session.

/** Keys of queries. */
export const keys = {
  about: ["about"] as const,
  health: ["health"] as const,
  sessions: ["sessions"] as const,
  /** Everything known of one session; `keys.session(id, "entries", path)` and the like. */
  session: (id: string, ...rest: readonly unknown[]) => ["session", id, ...rest] as const,
};
