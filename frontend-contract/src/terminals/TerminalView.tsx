// One terminal: its screen, what is said about it, and what can be done with it.

import { ActionIcon, Button, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconSearch, IconShare } from "@tabler/icons-react";
import "./xterm.css";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { TerminalInfo } from "../client/models.js";
import type { TerminalTarget } from "../client/terminal.js";
import type { RecordingState } from "../protocol/terminal.js";
import { copyText, pastedText } from "../hooks/clipboard.js";
import { useLog } from "../hooks/log.js";
import { useNow } from "../hooks/now.js";
import { useStrings } from "../hooks/strings.js";
import { ContextMenu } from "./ContextMenu.js";
import { PasteDialog, type Paste } from "./dialogs.js";
import { ExtraKeys } from "./ExtraKeys.js";
import { askBeforePaste } from "./input.js";
import type { Looks } from "./look.js";
import type { Standing } from "./screen.js";
import { SearchBar } from "./SearchBar.js";
import { SettingsMenu } from "./SettingsMenu.js";
import classes from "./Terminals.module.css";
import { useScreen } from "./useScreen.js";
import { Viewers } from "./Viewers.js";
import { endWords, stateWords, unrecordedWords } from "./words.js";

/** How long a bell is seen, and a note that something was not typed. */
const FLASH = 300;
const NOTE = 4_000;

/** What {@link TerminalView} is given. */
export interface TerminalViewProps {
  target: TerminalTarget;
  name: string;
  /** What the server's list says of it; null for one that is shared by a link. */
  info: TerminalInfo | null;
  looks: Looks;
  visible: boolean;
  /** Takes the focus when it appears. */
  autoFocus?: boolean;
  sessionId?: string;
  onLeave?: () => void;
  onBell?: () => void;
  onExit?: () => void;
  onShare?: () => void;
  onRename?: () => void;
  onClose?: () => void;
  onOpenAnother?: () => void;
}

/** The view. It attaches when it appears and detaches when it goes. */
export function TerminalView(props: TerminalViewProps) {
  const strings = useStrings();
  const t = strings.terminals;
  const log = useLog();
  const { visible, sessionId } = props;
  const shared = "share" in props.target;
  const [searching, setSearching] = useState(false);
  const [paste, setPaste] = useState<Paste | null>(null);
  const touch = useMediaQuery("(pointer: coarse), (max-width: 47.99em)") ?? false;

  const copy = async () => {
    const text = screen?.selection() ?? "";
    if (!text) log.note(t.copyNothing, { sessionId });
    else if (!(await copyText(text))) log.note(strings.common.copyFailed, { sessionId });
    screen?.focus();
  };
  const pasting = (text: string) => {
    const ask = askBeforePaste(text);
    if (ask) setPaste({ text, ...ask });
    else screen?.paste(text);
  };
  const { parent, screen, standing } = useScreen({
    target: props.target,
    mode: shared ? "read" : "write",
    look: props.looks.look,
    visible,
    asked: (what) => {
      if (what === "leave") props.onLeave?.();
      else if (what === "search") setSearching(true);
      else void copy();
    },
    pasting,
  });

  const { autoFocus } = props;
  useEffect(() => {
    if (autoFocus && visible && screen) screen.focus();
  }, [autoFocus, visible, screen]);
  const rang = useFlash(standing?.bells ?? 0, FLASH);
  const unsent = useFlash(standing?.unsent ?? 0, NOTE);
  const tell = useRef(props);
  useEffect(() => {
    tell.current = props;
  });
  useEffect(() => {
    if (standing?.bells) tell.current.onBell?.();
  }, [standing?.bells]);
  useEffect(() => {
    if (standing?.state.kind === "ended") tell.current.onExit?.();
  }, [standing?.state.kind]);

  const choose: Parameters<typeof ContextMenu>[0]["onChoose"] = (what) => {
    if (what === "copy") void copy();
    else if (what === "search") setSearching(true);
    else {
      screen?.focus();
      if (what === "selectAll") screen?.selectAll();
      else if (what === "clear") screen?.clear();
      else {
        void pastedText().then((text) => {
          if (text === null) log.note(t.pasteDenied, { sessionId });
          else if (text) pasting(text);
        });
      }
    }
  };
  const endSearch = () => {
    screen?.endSearch();
    setSearching(false);
    screen?.focus();
  };
  const end = standing && endWords(t, standing);
  const [seen, setSeen] = useState<RecordingState | null>(null);
  const unrecorded = standing && standing.recording !== seen ? unrecordedWords(t, standing.recording) : null;
  const watching = standing?.mode === "read";

  return (
    <div className={classes["view"]}>
      <div
        className={classes["frame"]}
        data-waiting={standing?.state.kind === "waiting" || undefined}
        data-bell={rang || undefined}
      >
        {searching && screen && standing && <SearchBar screen={screen} matches={standing.matches} onClose={endSearch} />}
        <ContextMenu selected={standing?.selected ?? false} readOnly={watching || Boolean(end)} onChoose={choose}>
          <div ref={parent} className={classes["screen"]} data-terminal />
        </ContextMenu>
      </div>
      {standing && standing.lost > 0 && (
        <Notice title={t.lost(t.bytes(standing.lost))} text={standing.lagged ? t.laggedText : t.lostText}>
          <Button size="compact-sm" variant="default" onClick={() => screen?.forgetLoss()}>{t.dismiss}</Button>
        </Notice>
      )}
      {unrecorded && !end && (
        <Notice title={unrecorded.title} text={unrecorded.text}>
          <Button size="compact-sm" variant="default" onClick={() => setSeen(standing?.recording ?? null)}>{t.dismiss}</Button>
        </Notice>
      )}
      {unsent && standing?.state.kind !== "ended" && (
        <Notice title={watching && standing?.state.kind === "attached" ? t.unsent.read : t.unsent.away} />
      )}
      {end && (
        <Notice kind="end" title={end.title} text={end.text}>
          {props.onOpenAnother && <Button size="compact-sm" onClick={props.onOpenAnother}>{t.openAnother}</Button>}
          {props.onClose && <Button size="compact-sm" variant="default" onClick={props.onClose}>{t.closeNow}</Button>}
        </Notice>
      )}
      {touch && screen && standing && !watching && !end && (
        <ExtraKeys
          ctrl={standing.ctrl}
          onCtrl={() => screen.holdCtrl(!standing.ctrl)}
          onKey={(key) => screen.press(key)}
          onText={(text) => screen.key(text)}
        />
      )}
      <div className={classes["bar"]}>
        {standing && <State standing={standing} />}
        {standing?.recording === "running" && !end && <RecordingSign />}
        {standing?.state.kind === "waiting" && (
          <Button size="compact-xs" variant="default" onClick={() => screen?.again()}>{t.retry}</Button>
        )}
        {standing && <span className={`${classes["dim"]} ${classes["size"]}`}>{t.size(standing.cols, standing.rows)}</span>}
        {standing && standing.viewers.length > 0 && (
          <Viewers viewers={standing.viewers} own={standing.viewerId} info={props.info} />
        )}
        <span className={classes["title"]} title={standing?.title}>{standing?.title}</span>
        {!shared && <span className={`${classes["dim"]} ${classes["hint"]}`}>{t.leaveHint}</span>}
        <Tooltip label={t.search}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.search} onClick={() => setSearching(true)}>
            <IconSearch size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {props.onShare && !end && (
          <Tooltip label={t.share.button}>
            <ActionIcon variant="subtle" color="gray" aria-label={t.share.button} onClick={props.onShare}>
              <IconShare size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        <SettingsMenu
          name={props.name}
          looks={props.looks}
          watching={watching}
          onWatch={shared || end ? undefined : (watch) => screen?.setMode(watch ? "read" : "write")}
          onRename={props.onRename}
          onClose={props.onClose}
        />
      </div>
      {paste && (
        <PasteDialog
          paste={paste}
          onClose={() => {
            setPaste(null);
            screen?.focus();
          }}
          onPaste={(text) => {
            setPaste(null);
            screen?.paste(text);
            screen?.focus();
          }}
        />
      )}
    </div>
  );
}

function State({ standing }: { standing: Standing }) {
  const t = useStrings().terminals;
  const now = useNow();
  const text = stateWords(t, standing, now);
  // A countdown is not read out each second.
  const live = standing.state.kind === "waiting" ? "off" : "polite";
  return (
    <span className={classes["state"]} data-kind={standing.state.kind} role="status" aria-live={live}>{text}</span>
  );
}

/** Says to everyone who looks that what they see is written down. */
function RecordingSign() {
  const t = useStrings().terminals.recording;
  return (
    <Tooltip label={t.sign}>
      <span className={classes["recording"]} role="status">
        <span aria-hidden>●</span>
        <span className={classes["recordingWord"]} aria-hidden>{t.short}</span>
        <VisuallyHidden>{t.sign}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}

function Notice(props: { kind?: string; title: string; text?: string; children?: ReactNode }) {
  return (
    <div className={classes["notice"]} data-kind={props.kind} role="status">
      <div className={classes["words"]}>
        <Text size="sm" fw={600} component="span">{props.title}</Text>
        {props.text && <Text size="sm" component="span"> {props.text}</Text>}
      </div>
      {props.children}
    </div>
  );
}

/** True for a moment after `count` grew. */
function useFlash(count: number, ms: number): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (count === 0) return undefined;
    setOn(true);
    const timer = setTimeout(() => setOn(false), ms);
    return () => clearTimeout(timer);
  }, [count, ms]);
  return on;
}
