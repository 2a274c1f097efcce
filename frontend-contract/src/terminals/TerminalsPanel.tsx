// The terminals of a session, in tabs. They belong to the server: this lists them, and shows
// those the person looked at.

import { ActionIcon, Alert, Button, Center, Group, Loader, Menu, Stack, Tabs, Text, Title, Tooltip } from "@mantine/core";
import { IconBell, IconChevronDown, IconPlus, IconTerminal2 } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { detailOf } from "../client/error.js";
import type { Session, TerminalInfo } from "../client/models.js";
import { useLocation } from "../hooks/location.js";
import { useStrings } from "../hooks/strings.js";
import { useShowRecordings } from "../recordings/opening.js";
import type { PanelProps } from "../sessions/panels.js";
import { CloseDialog, OpenDialog, RenameDialog } from "./dialogs.js";
import { useLooks } from "./look.js";
import { sizeWithin } from "./screen.js";
import { ShareDialog } from "./ShareDialog.js";
import { useRecordingChoice, useTerminalActions, useTerminals, type Opening } from "./terminals.js";
import classes from "./Terminals.module.css";
import { TerminalView } from "./TerminalView.js";
import { exitWords } from "./words.js";

/** The tab. */
export default function TerminalsPanel({ session, visible }: PanelProps) {
  const t = useStrings().terminals;
  if (session.type !== "ssh") return <Nothing title={t.ftp.title} text={t.ftp.text} />;
  return <Terminals session={session} visible={visible} />;
}

function Terminals({ session, visible }: { session: Session; visible: boolean }) {
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

  const { terminals, closed } = useKept(query.data);
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

  const show = (id: string | null) => {
    setLast(id);
    if (visible) go({ params: id === null ? {} : { terminal: id } }, { replace: true });
  };
  const open = async (how: Omit<Opening, "cols" | "rows"> = {}) => {
    const size = room.current ? sizeWithin(room.current, looks.look.fontSize) : { cols: 80, rows: 24 };
    const terminal = await actions.open.mutateAsync({ ...how, ...size }).catch(() => null);
    if (terminal) show(terminal.terminal_id);
  };
  const close = async (terminal: TerminalInfo) => {
    setClosing(null);
    const at = terminals.indexOf(terminal);
    const next = terminals[at + 1] ?? terminals[at - 1];
    closed(terminal.terminal_id);
    await actions.close.mutateAsync(terminal).catch(() => undefined);
    if (terminal.terminal_id === currentId) show(next?.terminal_id ?? null);
  };
  const askClose = (terminal: TerminalInfo) => {
    if (terminal.running) setClosing(terminal);
    else void close(terminal);
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
                  leftSection={rang.has(each.terminal_id)
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
            <Nothing title={t.empty.title} text={t.empty.text}>
              <Group justify="center" gap="xs">
                <Button loading={actions.open.isPending} onClick={() => void open()}>{t.open}</Button>
                <Button variant="default" onClick={() => setAsking(true)}>{t.openWith}</Button>
                <Button variant="default" onClick={showRecordings}>{t.recording.all}</Button>
              </Group>
            </Nothing>
          )}
          {query.data && terminals.length > 0 && !current && (
            <Nothing title={t.missing.title} text={t.missing.text}>
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
                  onBell={() => !seen && setRang((old) => new Set([...old, id]))}
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
      <OpenDialog key={String(asking)} opened={asking} recording={recording} onClose={() => setAsking(false)} onOpen={(how) => void open(how)} />
      <RenameDialog
        terminal={renaming}
        onClose={() => setRenaming(null)}
        onRename={(name) => renaming ? actions.rename.mutateAsync({ terminal: renaming, name }) : Promise.resolve()}
      />
      <CloseDialog terminal={closing} onClose={() => setClosing(null)} onConfirm={() => closing && void close(closing)} />
      {sharing && <ShareDialog session={session} terminal={sharing} opened onClose={() => setSharing(null)} />}
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

/** The terminals of the list, and those that vanished from it while they were shown: their last screen stays. */
function useKept(listed: TerminalInfo[] | undefined) {
  const [kept, setKept] = useState<readonly TerminalInfo[]>([]);
  const before = useRef<readonly TerminalInfo[]>([]);
  const closedHere = useRef(new Set<string>());
  useEffect(() => {
    if (!listed) return;
    const there = new Set(listed.map((each) => each.terminal_id));
    const vanished = before.current.filter((each) => !there.has(each.terminal_id) && !closedHere.current.has(each.terminal_id));
    before.current = listed;
    if (vanished.length > 0) setKept((old) => [...old, ...vanished.map((each) => ({ ...each, running: false }))]);
  }, [listed]);
  return {
    terminals: useMemo(
      () => [...(listed ?? []), ...kept.filter((each) => !listed?.some((other) => other.terminal_id === each.terminal_id))],
      [listed, kept],
    ),
    closed: (id: string) => {
      closedHere.current.add(id);
      setKept((old) => old.filter((each) => each.terminal_id !== id));
    },
  };
}

/** Everything that was ever `id`. */
function useVisited(id: string | null): ReadonlySet<string> {
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (id !== null) setVisited((old) => (old.has(id) ? old : new Set([...old, id])));
  }, [id]);
  return visited;
}

function Nothing(props: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="xs" mih={240} p="xl" ta="center">
      <IconTerminal2 size={44} stroke={1.2} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={3} size="h4">{props.title}</Title>
      <Text c="dimmed" maw={460}>{props.text}</Text>
      {props.children}
    </Stack>
  );
}
