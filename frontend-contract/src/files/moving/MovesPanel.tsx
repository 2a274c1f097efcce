// What is being moved and copied, how long already, how to stop it, and what did not get there.

import { ActionIcon, Button, Group, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { ApiError, detailOf } from "../../client/error.js";
import { duration } from "../../hooks/age.js";
import { useNow } from "../../hooks/now.js";
import { useStrings } from "../../hooks/strings.js";
import type { Strings } from "../../strings.js";
import { join, shown } from "../names.js";
import { isBelow } from "./bundle.js";
import type { Move, Moves } from "./moves.js";
import classes from "./Moving.module.css";

/** Failures listed before more are asked for. */
const LISTED = 3;

/** Where a move leads, in words; the session is named where it is another. */
export function whereTo({ bundle, to }: Pick<Move, "bundle" | "to">): string {
  return bundle.sessionId === to.sessionId ? shown(to.path) : `${to.sessionName}: ${shown(to.path)}`;
}

/** A path without the folder that everything comes from. */
export function placeIn(directory: string, path: string): string {
  return isBelow(path, directory) ? path.slice(join(directory, "").length) : path;
}

/** What went wrong with an entry, in words. */
export function reasonOf(t: Strings, error: unknown): string {
  const code = error instanceof ApiError ? error.code : undefined;
  const own = t.files.moving.refused;
  if (code !== undefined && Object.hasOwn(own, code)) return own[code as keyof typeof own];
  return detailOf(error);
}

/** The moves; nothing while there are none. */
export function MovesPanel({ moves, list }: { moves: Moves; list: readonly Move[] }) {
  const t = useStrings();
  if (list.length === 0) return null;
  return (
    <section className={classes["panel"]} aria-label={t.files.moving.title}>
      {list.map((move) => <MoveRow key={move.id} move={move} moves={moves} />)}
    </section>
  );
}

function MoveRow({ move, moves }: { move: Move; moves: Moves }) {
  const t = useStrings();
  const words = t.files.moving;
  const now = useNow();
  const [all, setAll] = useState(false);
  const { bundle: { items }, state } = move;
  const goesOn = state === "running" || state === "asking";
  const item = items[move.at];
  // To another session everything is copied first.
  const isCopying = move.how === "copy" || move.bundle.sessionId !== move.to.sessionId;
  const title = words[move.how](items.length, whereTo(move));
  const list = all ? move.failures : move.failures.slice(0, LISTED);
  return (
    <div className={classes["move"]} data-state={state}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" fw={500} truncate role={goesOn ? "status" : undefined}>{title}</Text>
        <Group gap={4} wrap="nowrap">
          {goesOn && (
            <Button
              size="compact-xs" variant="default" disabled={move.step === "removing"} onClick={() => moves.cancel(move.id)}
            >{t.common.cancel}</Button>
          )}
          {!goesOn && move.left.length > 0 && (
            <Button size="compact-xs" variant="default" onClick={() => moves.retry(move.id)}>
              {words.again(move.left.length)}
            </Button>
          )}
          {!goesOn && (
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={words.dismiss(title)} onClick={() => moves.dismiss(move.id)}>
              <IconX size={15} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {goesOn ? (
        <>
          <Text size="xs" c="dimmed" truncate>
            {[
              words.progress(move.at + 1, items.length),
              item && <bdi key="name">{shown(item.name)}</bdi>,
              state === "asking" ? words.asking : move.step === "removing" ? words.removing : null,
              duration(Math.max(0, now - move.since)),
            ].filter(Boolean).flatMap((part, at) => (at === 0 ? [part] : [" · ", part]))}
          </Text>
          <Progress
            value={items.length > 1 ? Math.max(4, (move.at / items.length) * 100) : 100} size={4} mt={4}
            striped animated={state === "running"} aria-label={words.progressOf(title)}
          />
        </>
      ) : (
        <>
          <Text size="xs" c="dimmed">
            {state === "cancelled" ? words.stopped(move.placed.length, items.length) : words.ended(move.placed.length, move.failed)}
            {state === "cancelled" && isCopying && ` ${words.stoppedCopy}`}
            {move.how === "move" && isCopying && ` ${words.kept}`}
          </Text>
          {move.failures.length > 0 && (
            <ul className={classes["failures"]} aria-label={words.failures}>
              {list.map((failure, at) => (
                <li key={at}>
                  <IconAlertTriangle size={14} aria-hidden />
                  <span><bdi>{shown(placeIn(move.bundle.directory, failure.name))}</bdi>: {reasonOf(t, failure.error)}</span>
                </li>
              ))}
            </ul>
          )}
          {!all && move.failures.length > LISTED && (
            <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>{words.more(move.failures.length - LISTED)}</Button>
          )}
          {all && move.failed > move.failures.length && (
            <Text size="xs" c="dimmed">{words.unlisted(move.failed - move.failures.length)}</Text>
          )}
        </>
      )}
    </div>
  );
}
