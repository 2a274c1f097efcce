// The terminals of a session, in tabs. They belong to the server: this lists them, and shows
// those the person looked at.

import { ActionIcon, Alert, Button, Center, Group, Loader, Menu, Tabs, Text, Tooltip } from "@mantine/core";
import { IconBell, IconChevronDown, IconPlus, IconTerminal2 } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { detailOf } from "../client/error.js";
import type { TerminalInfo } from "../client/models.js";
import { useLocation } from "../hooks/location.js";
import { useStrings } from "../hooks/strings.js";
import { useShowRecordings } from "../recordings/opening.js";
import { Nothing } from "../sessions/Nothing.js";
import type { PanelProps } from "../sessions/panels.js";
import { CloseDialog, OpenDialog, RenameDialog } from "./dialogs.js";
import { sizeWithin } from "./emulator.js";
import { useLooks } from "./look.js";
import { ShareDialog } from "./ShareDialog.js";
import { useKept, useVisited } from "./tabs.js";
import { useRecordingChoice, useTerminalActions, useTerminals, type Opening } from "./terminals.js";
import classes from "./Terminals.module.css";
import { TerminalView } from "./TerminalView.js";
import { exitWords } from "./words.js";

/** The tab. */
export default function TerminalsPanel({ session, visible }: PanelProps) {
  const all = useStrings();
  const t = all.terminals;
  const { params, tab, go } = useLocation();
  const query = useTerminals(session, visible);
  const actions = useTerminalActions(session);
  const recording = useRecordingChoice();
  const showRecordings = useShowRecordings();
  const looks = useLooks();
  const room = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLDivElement>(null);

  const [asking, setAsking] = useState(false);
  const [renaming, setRenaming] = useState<TerminalInfo | null>(null);
  const [closing, setClosing] = useState<TerminalInfo | null>(null);
  const [sharing, setSharing] = useState<TerminalInfo | null>(null);
  const [rang, setRang] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);

  const { terminals, forget } = useKept(query.data);
  const wanted = tab === "terminal" ? params["terminal"] ?? last : last;
  const current = terminals.find((each) => each.terminal_id === wanted)
    ?? (wanted === null || wanted === undefined ? terminals[0] : undefined);
  const currentId = current?.terminal_id ?? null;

  // The address says which terminal is shown, so that it can be reloaded and passed on.
  useEffect(() => {
    if (currentId === null) return;
    setLast(currentId);
    setRang((old) => (old.has(currentId) ? new Set([...old].filter((id) => id !== currentId)) : old));
    if (visible && params["terminal"] !== currentId) go({ params: { terminal: currentId } }, { replace: true });
  }, [currentId, visible, params, go]);
  const visited = useVisited(visible ? currentId : null);

  // Whether this is on the screen when an answer comes that was long on its way.
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = visible;
    return () => {
      isShown.current = false;
    };
  }, [visible]);
  const show = (id: string | null) => {
    setLast(id);
    if (isShown.current) go({ params: id === null ? {} : { terminal: id } }, { replace: true });
  };
  const open = async (how: Omit<Opening, "cols" | "rows"> = {}) => {
    const size = room.current ? sizeWithin(room.current, looks.look.fontSize, t.screenReaderWords) : { cols: 80, rows: 24 };
    const terminal = await actions.open.mutateAsync({ ...how, ...size }).catch(() => null);
    if (terminal) show(terminal.terminal_id);
  };
  const close = (terminal: TerminalInfo) => {
    setClosing(null);
    const at = terminals.indexOf(terminal);
    const next = terminals[at + 1] ?? terminals[at - 1];
    // At once: when the answer is there, the person may be elsewhere.
    if (terminal.terminal_id === currentId) show(next?.terminal_id ?? null);
    forget(terminal.terminal_id);
    actions.close.mutate(terminal);
  };
  const askClose = (terminal: TerminalInfo) => {
    if (terminal.running) setClosing(terminal);
    else close(terminal);
  };
  const leave = () => strip.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();

  return (
    <div className={classes["all"]}>
      <Tabs
        value={currentId}
        onChange={(id) => show(id)}
        keepMounted
        // As `Activity`, the other way, a hidden terminal would be detached.
        keepMountedMode="display-none"
        className={classes["all"] ?? ""}
        variant="unstyled"
        activateTabWithKeyboard={false}
      >
        {terminals.length > 0 && (
          <div className={classes["strip"]} ref={strip}>
            <Tabs.List aria-label={t.label} className={classes["tabs"] ?? ""}>
              {terminals.map((each) => (
                <Tabs.Tab
                  key={each.terminal_id}
                  value={each.terminal_id}
                  className={`${classes["tab"]} ${each.running ? "" : classes["ended"]}`}
                  leftSection={actions.closing === each.terminal_id ? <Loader size={15} role="img" aria-label={t.closing} />
                    : rang.has(each.terminal_id)
                    ? <IconBell size={15} role="img" aria-label={t.bell} />
                    : <IconTerminal2 size={15} aria-hidden />}
                  title={[each.name, each.running ? each.command : t.tabEnded(exitWords(t, each.exit))].filter(Boolean).join(" · ")}
                >
                  <span className={classes["name"]}>{each.name}</span>
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <OpenButtons busy={actions.open.isPending} onOpen={() => void open()} onAsk={() => setAsking(true)} onRecordings={showRecordings} />
          </div>
        )}
        {actions.open.error && (
          <Alert color="red" m="xs" title={t.openFailed} role="alert" withCloseButton closeButtonLabel={all.common.close} onClose={() => actions.open.reset()}>
            {detailOf(actions.open.error)}
          </Alert>
        )}
        {query.error && (
          <Alert color="red" m="xs" title={t.failed} role="alert">
            <Text size="sm">{detailOf(query.error)}</Text>
            <Button size="compact-sm" variant="default" mt="xs" onClick={() => void query.refetch()}>{all.common.retry}</Button>
          </Alert>
        )}
        <div ref={room} className={classes["panel"]} style={{ position: "relative" }}>
          {query.isPending && <Center h="100%"><Loader size="sm" role="status" aria-label={t.loading} /></Center>}
          {query.data && terminals.length === 0 && (
            <Nothing icon={IconTerminal2} title={t.empty.title} text={t.empty.text}>
              <Button loading={actions.open.isPending} onClick={() => void open()}>{t.open}</Button>
              <Button variant="default" onClick={() => setAsking(true)}>{t.openWith}</Button>
              <Button variant="default" onClick={showRecordings}>{t.recording.all}</Button>
            </Nothing>
          )}
          {query.data && terminals.length > 0 && !current && (
            <Nothing icon={IconTerminal2} title={t.missing.title} text={t.missing.text}>
              <Button onClick={() => show(terminals[0]?.terminal_id ?? null)}>{terminals[0]?.name}</Button>
            </Nothing>
          )}
          {terminals.filter((each) => visited.has(each.terminal_id)).map((each) => {
            const id = each.terminal_id;
            const seen = visible && id === currentId;
            return (
              <Tabs.Panel key={id} value={id} h="100%" className={classes["panel"] ?? ""}>
                <TerminalView
                  target={{ sessionId: session.session_id, terminalId: id }}
                  sessionId={session.session_id}
                  name={each.name}
                  info={each}
                  looks={looks}
                  visible={seen}
                  autoFocus
                  onLeave={leave}
                  onBell={() => !seen && setRang((old) => (old.has(id) ? old : new Set([...old, id])))}
                  onExit={() => void actions.refresh()}
                  onShare={() => setSharing(each)}
                  onRename={() => setRenaming(each)}
                  onClose={() => askClose(each)}
                  onOpenAnother={() => void open(each.command === undefined ? {} : { command: each.command })}
                />
              </Tabs.Panel>
            );
          })}
        </div>
      </Tabs>
      {asking && <OpenDialog recording={recording} onClose={() => setAsking(false)} onOpen={(how) => void open(how)} />}
      {renaming && <RenameDialog terminal={renaming} onClose={() => setRenaming(null)} onRename={(name) => actions.rename(renaming, name)} />}
      {closing && <CloseDialog terminal={closing} onClose={() => setClosing(null)} onConfirm={() => close(closing)} />}
      {sharing && <ShareDialog session={session} terminal={sharing} onClose={() => setSharing(null)} />}
    </div>
  );
}

function OpenButtons(props: { busy: boolean; onOpen(): void; onAsk(): void; onRecordings(): void }) {
  const t = useStrings().terminals;
  return (
    <Group gap={0} wrap="nowrap" ml={4} mb={4}>
      <Tooltip label={t.open}>
        <ActionIcon variant="subtle" color="gray" aria-label={t.open} loading={props.busy} onClick={props.onOpen}>
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t.more}>
            <IconChevronDown size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={props.onAsk}>{t.openWith}</Menu.Item>
          <Menu.Item onClick={props.onRecordings}>{t.recording.all}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
