// The directory of the address, as rows in the chosen order and through the filter.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "../hooks/location.js";
import { isFlag, useRemembered } from "../hooks/remembered.js";
import type { FilesApi } from "./api.js";
import { filtered, isSortOrder, Sorter, type SortOrder } from "./listing/rows.js";
import { kept, NONE, only, orderOf, type Selection } from "./listing/selection.js";
import { ListingStore } from "./listing/store.js";
import { baseOf, parentOf } from "./names.js";

/** Older than this, a folder is read anew when the person comes back to it. */
const OLD_MS = 15_000;

/** The directory that is shown, and ways to go elsewhere. */
export function useListing(api: FilesApi, visible: boolean) {
  const { params, go, href } = useLocation();
  const [store] = useState(() => new ListingStore(api.list));
  const listing = useSyncExternalStore(store.subscribe, store.get);
  const [sort, setSort] = useRemembered<SortOrder>("files.sort", { field: "name", descending: false }, isSortOrder);
  const [hidden, setHidden] = useRemembered("files.hidden", false, isFlag);
  const [filter, setFilter] = useState("");
  const [selection, setSelection] = useState<Selection>(NONE);
  /** The row to be at when a directory is there, such as the folder one came up from. */
  const wanted = useRef<string | null>(null);

  const path = params["path"];
  useEffect(() => {
    if (!visible) return;
    if (path === undefined && store.get().path !== null) return;
    store.open(path);
  }, [path, store, visible]);
  useEffect(() => () => store.close(), [store]);

  // The address says where the list is, also where the server knows better than the link.
  useEffect(() => {
    const { path: real, asked, loading } = listing;
    if (!visible || real === null || real === path) return;
    if (path === undefined || (path === asked && !loading)) go({ params: { path: real } }, { replace: true });
  }, [go, listing, path, visible]);

  // Another directory begins without filter and selection.
  const before = useRef(listing.path);
  useEffect(() => {
    if (before.current === listing.path) return;
    before.current = listing.path;
    setFilter("");
    setSelection(wanted.current === null ? NONE : only(wanted.current));
    wanted.current = null;
  }, [listing.path]);

  useEffect(() => {
    if (!visible) return undefined;
    const look = () => {
      const { complete, updatedAt, error } = store.get();
      const old = updatedAt !== null && Date.now() - updatedAt > OLD_MS;
      if (document.visibilityState === "visible" && ((complete && old) || error)) store.reload();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [store, visible]);

  const [sorter] = useState(() => new Sorter());
  const sorted = useMemo(() => sorter.sort(listing.parts, sort), [listing.parts, sort, sorter]);
  const rows = useMemo(() => filtered(sorted, filter, hidden), [sorted, filter, hidden]);
  const order = useMemo(() => orderOf(rows.map((row) => row.entry.name)), [rows]);
  // While rows are coming, one that is to be selected may not be there yet.
  const settled = listing.complete && !listing.loading;
  const orderBefore = useRef(order);
  useEffect(() => {
    if (!settled) return;
    const old = orderBefore.current;
    orderBefore.current = order;
    setSelection((was) => kept(was, order, old));
  }, [order, settled]);

  const enter = useCallback((to: string, row: string | null = null) => {
    wanted.current = row;
    go({ params: { path: to } });
  }, [go]);
  const up = useCallback(() => {
    const { path: at } = store.get();
    if (at !== null && at !== "/") enter(parentOf(at), baseOf(at));
  }, [enter, store]);
  const home = useCallback(() => {
    store.open(undefined);
    go({ params: {} });
  }, [go, store]);
  const reload = useCallback(() => store.reload(), [store]);
  const hrefOf = useCallback((to: string) => href({ params: { path: to } }), [href]);

  return {
    listing, rows, order, sort, setSort, hidden, setHidden, filter, setFilter, selection, setSelection,
    enter, up, home, reload, hrefOf,
  };
}
