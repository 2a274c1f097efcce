// Where the person is: which session, which tab of it, and the tab's own place in it (a path,
// a terminal). With deep links it is the hash of the address, so that it can be reloaded,
// shared and gone back from; without, it is only kept here.

import {
  createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode,
} from "react";

/** The tabs of a session. */
export const TABS = ["files", "terminal", "commands"] as const;
/** A tab of a session. */
export type Tab = (typeof TABS)[number];

/** Where the person is. */
export interface Place {
  /** The session, null for none. */
  sessionId: string | null;
  /** The tab of the session. */
  tab: Tab;
  /** What the tab says of itself, such as `{ path: "/etc" }`. */
  params: Readonly<Record<string, string>>;
}

/** Where the person is, and a way to go elsewhere. */
export interface Location extends Place {
  /**
   * Goes to a place; what is not said stays. Another session or tab begins without params.
   * `replace` leaves no step to go back to; `ifSession` goes only from that session.
   */
  go(to: Partial<Place>, options?: { replace?: boolean; ifSession?: string }): void;
  /** The address of a place, for links. */
  href(to: Partial<Place>): string;
}

const NOWHERE: Place = { sessionId: null, tab: "files", params: {} };

/** Reads a hash such as `#/sessions/<id>/files?path=%2Fetc`; nowhere when it is none. */
export function parsePlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [root, id, tab, ...rest] = path.split("/").filter(Boolean);
  if (root !== "sessions" || !id || rest.length > 0) return NOWHERE;
  return {
    sessionId: decoded(id),
    tab: TABS.find((known) => known === tab) ?? "files",
    params: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Writes a place as a hash. */
export function placeHash(place: Place): string {
  if (place.sessionId === null) return "#/";
  const query = new URLSearchParams(place.params).toString();
  return `#/sessions/${encodeURIComponent(place.sessionId)}/${place.tab}${query ? `?${query}` : ""}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function next(from: Place, to: Partial<Place>): Place {
  const sessionId = to.sessionId === undefined ? from.sessionId : to.sessionId;
  const moved = sessionId !== from.sessionId;
  const tab = to.tab ?? (moved ? "files" : from.tab);
  const params = to.params ?? (moved || tab !== from.tab ? {} : from.params);
  return { sessionId, tab, params };
}

const Context = createContext<Location | null>(null);

/** Where the person is. Only below a {@link LocationProvider}. */
export function useLocation(): Location {
  const location = useContext(Context);
  if (!location) throw new Error("useLocation needs a LocationProvider above it");
  return location;
}

/** Keeps the place, in the address when `deepLinks` says so. */
export function LocationProvider(props: { deepLinks: boolean; children: ReactNode }) {
  const { deepLinks } = props;
  const [place, setPlace] = useState(() => (deepLinks ? parsePlace(window.location.hash) : NOWHERE));

  // What `go` starts from: two of them in one event follow each other, and one in an effect of
  // what came on the screen starts there.
  const current = useRef(place);
  useEffect(() => {
    if (!deepLinks) return undefined;
    const follow = () => {
      current.current = parsePlace(window.location.hash);
      setPlace(current.current);
    };
    window.addEventListener("popstate", follow);
    window.addEventListener("hashchange", follow);
    return () => {
      window.removeEventListener("popstate", follow);
      window.removeEventListener("hashchange", follow);
    };
  }, [deepLinks]);

  const go = useCallback<Location["go"]>((to, options) => {
    if (options?.ifSession !== undefined && options.ifSession !== current.current.sessionId) return;
    const target = next(current.current, to);
    current.current = target;
    setPlace(target);
    if (deepLinks && placeHash(target) !== window.location.hash) {
      const write = options?.replace ? "replaceState" : "pushState";
      // The state of history is another's: a router around this component may use it.
      window.history[write](window.history.state, "", placeHash(target));
    }
  }, [deepLinks]);

  const location = useMemo(
    () => ({ ...place, go, href: (to: Partial<Place>) => placeHash(next(place, to)) }),
    [place, go],
  );
  return <Context value={location}>{props.children}</Context>;
}
