// Uploads that a reload or a lost connection left unfinished on the account one looks at: they
// can be gone on with when the file is chosen again, or deleted.

import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, useSyncExternalStore } from "react";
import { detailOf } from "../../client/error.js";
import { keys } from "../../hooks/keys.js";
import { useLog } from "../../hooks/log.js";
import { useNow } from "../../hooks/now.js";
import { useStrings } from "../../hooks/strings.js";
import type { FilesApi } from "../api.js";
import { formatSize } from "../format.js";
import { baseOf, parentOf, shown } from "../names.js";
import type { Leftover, Leftovers } from "./leftovers.js";
import type { UploadOrder } from "./model.js";
import { partialName } from "./partial.js";
import classes from "./Transfers.module.css";

/** More are shown when these are dealt with. */
const SHOWN = 3;

/** What the bar needs. */
interface Props {
  api: FilesApi;
  account: string;
  leftovers: Leftovers;
  onUpload(order: UploadOrder): void;
}

/** The bar; nothing while nothing is left. */
export function LeftoversBar({ api, account, leftovers, onUpload }: Props) {
  const t = useStrings();
  const words = t.files.transfers.leftovers;
  useSyncExternalStore(leftovers.subscribe, leftovers.get);
  // Time passes, too, until nobody works on one.
  useNow();
  const list = leftovers.of(account).slice(0, SHOWN);
  const { data: sizes, error } = useQuery({
    queryKey: keys.session(api.sessionId, "leftovers", list.map(({ partial }) => partial)),
    queryFn: async ({ signal }) => {
      const found = new Map<string, number>();
      for (const each of list) {
        const there = await api.find(each.partial, signal);
        if (there) found.set(each.partial, there.size ?? 0);
        // It never came to be, or somebody removed it.
        else leftovers.end(each);
      }
      return found;
    },
    enabled: list.length > 0,
    retry: false,
  });
  if (list.length === 0 || (!sizes && !error)) return null;
  return (
    <section className={classes["left"]} aria-label={words.title}>
      {list.map((each) => (error || sizes?.has(each.partial)) && (
        <Left
          key={each.partial} api={api} leftover={each} leftovers={leftovers} onUpload={onUpload}
          size={sizes?.get(each.partial) ?? null}
        />
      ))}
    </section>
  );
}

function Left(props: Pick<Props, "api" | "leftovers" | "onUpload"> & { leftover: Leftover; size: number | null }) {
  const { api, leftover, leftovers, size } = props;
  const t = useStrings();
  const words = t.files.transfers.leftovers;
  const log = useLog();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const name = baseOf(leftover.path);

  const choose = (file: File | undefined) => {
    if (!file) return;
    // The same name, size and time: only then is what is there the beginning of it.
    if (partialName(name, file) !== baseOf(leftover.partial)) {
      setProblem(words.another(shown(name)));
      return;
    }
    setProblem(null);
    props.onUpload({ file, directory: parentOf(leftover.path), below: "", name });
  };
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await api.remove(leftover.partial, false);
      leftovers.end(leftover);
      log.done(words.deleted(shown(name)), { sessionId: api.sessionId });
    } catch (error) {
      if ((error as { code?: string }).code === "not_found") leftovers.end(leftover);
      else setProblem(detailOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={classes["leftRow"]}>
      <span className={classes["leftText"]}>
        {words.text(shown(name), shown(parentOf(leftover.path)), size === null ? null : formatSize(size), formatSize(leftover.size))}
        {problem && <span role="alert" className={classes["error"]} style={{ whiteSpace: "normal" }}> {problem}</span>}
      </span>
      <Button size="compact-xs" variant="light" title={words.resumeHint} onClick={() => input.current?.click()}>
        {words.resume}
      </Button>
      <Button
        size="compact-xs" variant="subtle" color="red" disabled={busy} aria-label={words.remove(shown(name))}
        leftSection={busy ? <Loader size={12} aria-hidden /> : undefined} onClick={() => void remove()}
      >{words.removeShort}</Button>
      <input
        ref={input} type="file" hidden aria-label={words.resumeHint} data-testid="resume-file"
        onChange={({ currentTarget }) => {
          choose(currentTarget.files?.[0]);
          currentTarget.value = "";
        }}
      />
    </div>
  );
}
