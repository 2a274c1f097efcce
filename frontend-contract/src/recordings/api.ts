// The recordings on the server, over REST.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok, type Client } from "../client/client.js";
import { ApiError } from "../client/error.js";
import type { Recording, RecordingPage } from "../client/models.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { saveAs, saveBlob } from "../hooks/saving.js";
import { useClient } from "../hooks/server.js";
import { useStrings } from "../hooks/strings.js";
import { readCast } from "./cast.js";

/** How often the list is asked for while it is on the screen and something is being recorded. */
const REFRESH = 5_000;
const PATIENCE = 15_000;
const ALL = [...keys.about, "recordings"] as const;

/** The recordings; null on a server that has none because none are configured. */
export function useRecordings() {
  const client = useClient();
  return useQuery<RecordingPage | null>({
    queryKey: ALL,
    queryFn: async ({ signal }) => {
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
        return await ok(client.http.GET("/recordings", { signal: limit }));
      } catch (error) {
        // 404: a server that does not know the route.
        if (error instanceof ApiError && (error.status === 501 || error.status === 404)) return null;
        throw error;
      }
    },
    refetchInterval: (query) => (query.state.data?.recordings.some((each) => each.state === "running") ? REFRESH : false),
    refetchOnMount: "always",
  });
}

/** What is played of a recording. It is read once, and forgotten with the player. */
export function useCast(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: [...ALL, id, "content"],
    queryFn: async ({ signal }) => {
      const { body } = await client.send(contentPath(id), { signal });
      if (!body) throw new ApiError(0, "The answer has no content");
      return readCast(body);
    },
    gcTime: 0,
    // Asked for anew only by whoever plays it: another answer begins it from its beginning.
    enabled: ({ state }) => state.data === undefined,
    // Never compared with an older one, event by event.
    structuralSharing: false,
    // A recording that cannot be read cannot be read the next time either.
    retry: false,
  });
}

/** Deletes a recording. Its list follows. */
export function useDelete() {
  const client = useClient();
  const queries = useQueryClient();
  const log = useLog();
  const t = useStrings().recordings;
  return useMutation({
    mutationFn: async (recording: Recording) => {
      try {
        await ok(client.http.DELETE("/recordings/{recording_id}", { params: { path: { recording_id: recording.recording_id } } }));
      } catch (error) {
        // Gone already is what was wanted.
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    },
    onSuccess: (_, { recording_id: id, title }) => {
      queries.setQueryData<RecordingPage | null>(ALL, (old) =>
        old && { ...old, recordings: old.recordings.filter((each) => each.recording_id !== id) });
      log.done(t.deleted(title));
    },
    onError: (error, { title }) => log.failed(t.deleteFailed(title), error, { quiet: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ALL, exact: true }),
  });
}

/** Gives a recording's file to the browser. */
export async function download(client: Client, recording: Recording): Promise<void> {
  const id = recording.recording_id;
  // A link carries no access token.
  if (Object.keys(client.authorization()).length === 0) {
    saveAs(client.url(contentPath(id)), fileName(recording));
    return;
  }
  saveBlob(await (await client.send(contentPath(id))).blob(), fileName(recording));
}

function contentPath(id: string): string {
  return `/recordings/${encodeURIComponent(id)}/content`;
}

/** A name that sorts by time and says whose it is. */
function fileName(recording: Recording): string {
  const when = recording.started.replace(/[-:]/g, "").replace("T", "-").replace("Z", "");
  const what = recording.title.replace(/[^\p{L}\p{N}.@_-]+/gu, "-").replace(/^[.-]+|-+$/g, "").slice(0, 80);
  return `${when}${what ? `-${what}` : ""}.cast`;
}
