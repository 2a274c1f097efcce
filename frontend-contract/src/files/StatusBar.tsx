// The line below the list: how much there is, how old it is, what is selected, disk space.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { age } from "../hooks/age.js";
import { keys } from "../hooks/keys.js";
import { useNow } from "../hooks/now.js";
import { useStrings } from "../hooks/strings.js";
import type { FilesApi } from "./api.js";
import classes from "./Files.module.css";
import { formatSize } from "./format.js";
import type { Listing } from "./listing/store.js";

/** Space changes slowly. */
const SPACE_MS = 60_000;

/** What the line needs. */
interface Props {
  api: FilesApi;
  listing: Listing;
  visible: number;
  selected: number;
  selectedBytes: number;
  hasSpace: boolean;
  children: ReactNode;
}

/** The line. */
export function StatusBar({ api, listing, visible, selected, selectedBytes, hasSpace, children }: Props) {
  const t = useStrings();
  const words = t.files.status;
  const now = useNow();
  const space = useQuery({
    queryKey: keys.session(api.sessionId, "space", listing.path),
    queryFn: ({ signal }) => api.space(listing.path as string, signal),
    enabled: hasSpace && listing.path !== null && listing.complete,
    staleTime: SPACE_MS,
    retry: false,
  });
  const counted =
    !listing.complete && listing.loading ? words.more(listing.count)
    : visible === listing.count ? words.entries(visible)
    : words.of(visible, listing.count);
  return (
    <div className={classes["status"]}>
      <span role="status" className={classes["statusText"]}>
        <span>{counted}</span>
        {selected > 0 && <span>{words.selected(selected, formatSize(selectedBytes))}</span>}
      </span>
      <span className={classes["statusText"]}>
        {listing.loading && listing.complete ? <span>{words.refreshing}</span>
        : listing.updatedAt !== null && <span>{words.updated(age(t, now - listing.updatedAt))}</span>}
        {space.data && <span>{words.space(formatSize(space.data.available), formatSize(space.data.total))}</span>}
      </span>
      {children}
    </div>
  );
}
