// One recording, played in the page.

import { ActionIcon, Alert, Button, Center, Checkbox, Group, Loader, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconKeyboard, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from "@tabler/icons-react";
import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { detailOf } from "../client/error.js";
import type { Recording } from "../client/models.js";
import { duration } from "../hooks/age.js";
import { useNow } from "../hooks/now.js";
import { useStrings } from "../hooks/strings.js";
import { useLooks } from "../terminals/look.js";
import { useCast } from "./api.js";
import type { Cast } from "./cast.js";
import { keyAction } from "./keys.js";
import { Playback, SPEEDS, type PlaybackState, type Speed } from "./playback.js";
import { Facts, type Actions } from "./RecordingList.js";
import classes from "./Recordings.module.css";
import { Picture } from "./surface.js";

/** Remarks that are listed; a recording with more is more gap than recording. */
const MARKS = 50;

const nothing = () => () => undefined;
const none = () => null;

/** The player and what can be done with what it plays. */
export function Player({ recording, onBack, onDownload, onDelete }: { recording: Recording; onBack(): void } & Actions) {
  const all = useStrings();
  const t = all.recordings;
  const now = useNow();
  const query = useCast(recording.recording_id);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Button variant="subtle" size="compact-sm" data-autofocus leftSection={<IconArrowLeft size={15} aria-hidden />} onClick={onBack}>{t.back}</Button>
        <Group gap={4}>
          {recording.state === "running" && (
            <Button size="compact-sm" variant="default" loading={query.isFetching} leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => void query.refetch()}>
              {t.reload}
            </Button>
          )}
          <Tooltip label={t.download}>
            <ActionIcon variant="subtle" color="gray" aria-label={t.downloadNamed(recording.title)} onClick={() => onDownload(recording)}>
              <IconDownload size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t.delete}>
            <ActionIcon variant="subtle" color="gray" aria-label={t.deleteNamed(recording.title)} onClick={() => onDelete(recording)}>
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <Facts recording={recording} now={now} />
      {query.isPending && <Center mih={240}><Loader size="sm" role="status" aria-label={t.reading} /></Center>}
      {query.isError && (
        <Alert color="red" title={t.unreadable} role="alert">
          <Text size="sm">{detailOf(query.error)}</Text>
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" variant="default" onClick={() => void query.refetch()}>{all.common.retry}</Button>
            <Button size="compact-sm" variant="default" onClick={() => onDownload(recording)}>{t.download}</Button>
          </Group>
        </Alert>
      )}
      {query.data?.cut && (
        <Alert color="yellow" title={t.cut.title}>
          <Text size="sm">{t.cut.text}</Text>
          <Button mt="xs" size="compact-sm" variant="default" onClick={() => onDownload(recording)}>{t.download}</Button>
        </Alert>
      )}
      {query.data && (query.data.events.length === 0
        ? <Text c="dimmed" p="xl" ta="center">{recording.state === "running" ? t.nothingYet : t.nothingIn}</Text>
        : <Stage key={query.dataUpdatedAt} cast={query.data} />)}
    </Stack>
  );
}

function Stage({ cast }: { cast: Cast }) {
  const t = useStrings().recordings;
  const { dark, screenReader } = useLooks().look;
  const parent = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<{ playback: Playback; picture: Picture } | null>(null);
  const first = useRef({ dark, screenReader, label: t.picture });
  useEffect(() => {
    if (!parent.current) return undefined;
    const picture = new Picture(parent.current, first.current);
    const playback = new Playback(cast, picture);
    setMade({ playback, picture });
    playback.play();
    return () => {
      playback.dispose();
      picture.dispose();
    };
  }, [cast]);
  useEffect(() => made?.picture.look(dark), [made, dark]);
  const state = useSyncExternalStore<PlaybackState | null>(made?.playback.subscribe ?? nothing, made?.playback.state ?? none);

  const keys = (event: KeyboardEvent) => {
    if (!made || !state) return;
    const onButton = event.target instanceof HTMLElement && event.target.closest("button, label, input:not([type=range])") !== null;
    const action = keyAction(event, onButton);
    if (!action) return;
    event.preventDefault();
    const { playback } = made;
    if (action.kind === "toggle") toggle(playback, state);
    else if (action.kind === "by") playback.seek(state.position + action.ms);
    else if (action.kind === "to") playback.seek(action.part * state.length);
    else {
      const speed = SPEEDS[SPEEDS.indexOf(state.speed) + action.steps];
      if (speed) playback.setSpeed(speed);
    }
  };

  return (
    // The keys of the player work wherever in it the focus is.
    <div className={classes["player"]} onKeyDown={keys} role="group" aria-label={t.player}>
      <div className={classes["stage"]} role="region" aria-label={t.picture} tabIndex={0}>
        <div ref={parent} data-player className={classes["picture"]} />
      </div>
      {made && state && <Controls playback={made.playback} state={state} />}
      {made && <Marks cast={cast} playback={made.playback} />}
    </div>
  );
}

function toggle(playback: Playback, state: PlaybackState): void {
  if (state.playing) playback.pause();
  else playback.play();
}

function Controls({ playback, state }: { playback: Playback; state: PlaybackState }) {
  const t = useStrings().recordings;
  const [helped, setHelped] = useState(false);
  const name = state.playing ? t.pause : state.ended ? t.again : t.play;
  return (
    <div className={classes["controls"]}>
      <Tooltip label={name}>
        <ActionIcon variant="filled" size="lg" aria-label={name} onClick={() => toggle(playback, state)}>
          {state.playing ? <IconPlayerPause size={18} aria-hidden /> : <IconPlayerPlay size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <input
        type="range"
        className={classes["seek"]}
        aria-label={t.position}
        aria-valuetext={t.positionIs(duration(state.position), duration(state.length))}
        min={0}
        max={Math.max(1, Math.round(state.length))}
        step={1}
        value={Math.round(state.position)}
        onChange={({ currentTarget: { value } }) => playback.seek(Number(value))}
      />
      <span className={classes["time"]}>{duration(state.position)} / {duration(state.length)}</span>
      <SegmentedControl
        size="xs"
        aria-label={t.speed}
        value={String(state.speed)}
        data={SPEEDS.map((speed) => ({ value: String(speed), label: t.times(speed) }))}
        onChange={(value) => playback.setSpeed(Number(value) as Speed)}
      />
      <Checkbox
        size="xs"
        label={t.cutIdle}
        checked={state.cutsIdle}
        onChange={({ currentTarget: { checked } }) => playback.cutIdle(checked)}
      />
      <ActionIcon
        variant={helped ? "light" : "subtle"}
        color="gray"
        aria-label={t.keys.title}
        title={t.keys.title}
        aria-expanded={helped}
        onClick={() => setHelped(!helped)}
      >
        <IconKeyboard size={18} aria-hidden />
      </ActionIcon>
      {helped && (
        <dl className={classes["keys"]}>
          {t.keys.list.map(([key, what]) => (
            <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** What the recorder remarked, such as a gap: each leads to its place. */
function Marks({ cast, playback }: { cast: Cast; playback: Playback }) {
  const t = useStrings().recordings;
  const marks = cast.events.filter((event) => event.kind === "mark").slice(0, MARKS);
  if (marks.length === 0) return null;
  return (
    <div>
      <Text size="xs" fw={600}>{t.marks}</Text>
      <ul className={classes["marks"]}>
        {marks.map((mark, n) => (
          <li key={n}>
            <Button size="compact-xs" variant="subtle" onClick={() => playback.seek(playback.positionOf(mark.at))}>
              {duration(mark.at)} {mark.text}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
