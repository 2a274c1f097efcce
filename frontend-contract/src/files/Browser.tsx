// The file browser put together: where it is, the list, what can be done, and the transfers.

import { ActionIcon, Badge, Button, Text } from "@mantine/core";
import { IconArrowsUpDown, IconDownload, IconTrash, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Session } from "../client/models.js";
import { copyText } from "../hooks/clipboard.js";
import { keys } from "../hooks/keys.js";
import { useLog } from "../hooks/log.js";
import { isFlag, useRemembered } from "../hooks/remembered.js";
import { useStrings } from "../hooks/strings.js";
import { nameOf } from "../sessions/names.js";
import type { FilesApi } from "./api.js";
import { DeleteDialog } from "./dialogs/DeleteDialog.js";
import { NameDialog, type NameKind } from "./dialogs/NameDialog.js";
import { PermissionsDialog } from "./dialogs/PermissionsDialog.js";
import { PropertiesDialog } from "./dialogs/PropertiesDialog.js";
import { FileMenu, type Action, type MenuPlace } from "./FileMenu.js";
import classes from "./Files.module.css";
import { FileTable, type Command, type TableHandle } from "./FileTable.js";
import { useFreshLinks, useOpening } from "./links.js";
import { all, among, none, only } from "./listing/selection.js";
import type { Row } from "./listing/rows.js";
import { ClipBar } from "./moving/ClipBar.js";
import { ClipMenu } from "./moving/ClipMenu.js";
import { DragHint } from "./moving/DragHint.js";
import { MovesPanel } from "./moving/MovesPanel.js";
import { MovingDialogs } from "./moving/MovingDialogs.js";
import { useMoving } from "./moving/useMoving.js";
import { shown } from "./names.js";
import { PathBar } from "./PathBar.js";
import { Empty, Failed, Stale, Waiting } from "./States.js";
import { StatusBar } from "./StatusBar.js";
import { Toolbar } from "./Toolbar.js";
import { accountOf } from "./transfers/leftovers.js";
import { LeftoversBar } from "./transfers/LeftoversBar.js";
import { BUSY } from "./transfers/model.js";
import { OverwriteDialog } from "./transfers/OverwriteDialog.js";
import { isArchive } from "./transfers/plan.js";
import { TransfersPanel } from "./transfers/TransfersPanel.js";
import { useDrop, useTransfers } from "./useTransfers.js";
import { useListing } from "./useListing.js";
import { EditorDialog } from "./view/EditorDialog.js";
import { PreviewDialog } from "./view/PreviewDialog.js";

/** What is asked or shown over the list. */
type Open =
  | { kind: "name"; what: NameKind; name?: string; directory: string }
  | { kind: "remove" | "permissions" | "properties"; rows: readonly Row[] }
  | { kind: "preview"; row: Row }
  | { kind: "edit"; name: string; path: string };

/** The file browser. */
export function Browser({ api, session, visible }: { api: FilesApi; session: Session; visible: boolean }) {
  const t = useStrings();
  const log = useLog();
  const list = useListing(api, visible);
  const { listing, rows, order, selection, setSelection, enter, reload } = list;
  const table = useRef<TableHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  const pickFiles = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [showTransfers, setShowTransfers] = useRemembered("files.transfers", false, isFlag);

  const { data: abilities } = useQuery({
    queryKey: keys.session(api.sessionId, "capabilities"),
    queryFn: ({ signal }) => api.capabilities(signal),
    staleTime: Infinity,
  });
  const can = abilities?.files ?? null;
  const place = useMemo(() => ({
    sessionId: api.sessionId, sessionName: nameOf(session), account: accountOf(session),
    resumable: can !== null && (can.write_at || can.append),
  }), [api, can, session]);
  const transfers = useTransfers({
    api, place, session, directory: listing.path, onBegun: () => setShowTransfers(true), onArrived: reload,
  });
  const drop = useDrop(listing.complete || listing.count > 0, transfers.drop);

  const selected = useMemo(
    () => (selection.names.size === 0 ? [] : rows.filter((row) => selection.names.has(row.entry.name))),
    [rows, selection.names],
  );
  const moving = useMoving({
    api, sessionName: place.sessionName, directory: listing.path, selected, visible, root, onOpen: enter,
    onChanged: (names) => {
      if (names.length > 0) setSelection(among(names));
      reload();
    },
  });

  const close = useCallback(() => setOpen(null), []);
  const isOpen = open !== null || menu !== null || transfers.state.question !== null
    || moving.state.question !== null || moving.placing !== null;
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen) table.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);

  const openRow = useOpening(api, listing.path, { onEnter: enter, onShow: (row) => setOpen({ kind: "preview", row }) });
  useFreshLinks(api, listing);

  const directory = listing.path ?? "/";
  // Where it is asked is where it is done, though the list behind goes elsewhere.
  const askName = (what: NameKind) => setOpen({ kind: "name", what, directory });
  const act = (action: Action, on: readonly Row[]) => {
    const [row] = on;
    if (!row) return;
    const { name, path = "" } = row.entry;
    switch (action) {
      case "open": case "preview": openRow(row); break;
      case "move": case "copy": moving.place(action, on); break;
      case "edit": setOpen({ kind: "edit", name, path }); break;
      case "download": transfers.download(on); break;
      case "rename": setOpen({ kind: "name", what: "rename", name, directory }); break;
      case "copyPath":
        void copyText(path).then((copied) => {
          if (copied) log.done(t.files.done.pathCopied);
          else log.note(t.common.copyFailed);
        });
        break;
      default: setOpen({ kind: action, rows: on });
    }
  };
  const go = (to: string) => {
    enter(to);
    table.current?.focus();
  };
  const addressable = selected.every((row) => row.entry.path !== undefined);
  const command = (what: Command) => {
    if (what === "up") list.up();
    else if (what === "escape") {
      setSelection(none(selection));
      if (moving.clip?.how === "move") moving.forget();
    }
    else if (selected.length === 0 || !addressable) return;
    else if (what === "rename" && selected.length === 1) act("rename", selected);
    else if (what === "remove") act("remove", selected);
  };
  const openMenu = useCallback((row: Row | null, x: number, y: number) => {
    setMenu((was) => was ?? { x, y, rows: row ? [row] : [] });
  }, []);
  // The row is among what is selected by now, with the others.
  const menuPlace = menu && menu.rows.length > 0 && selected.length > 0 ? { ...menu, rows: selected } : menu;

  const failed = Boolean(listing.error) && listing.count === 0;
  const noRows = failed
    ? <Failed listing={listing} onRetry={reload} onUp={list.up} onHome={list.home} />
    : !listing.complete ? <Waiting />
    : (
      <Empty
        filter={list.filter}
        hiddenCount={listing.count}
        onClearFilter={() => list.setFilter("")}
        onShowHidden={() => list.setHidden(true)}
        onUpload={() => pickFiles.current?.click()}
        onNewFolder={() => askName("folder")}
      />
    );
  const { transfers: all_, question } = transfers.state;
  const busy = all_.filter((each) => BUSY.includes(each.state)).length;
  return (
    <div ref={root} className={classes["files"]} {...drop.handlers}>
      <div className={classes["bars"]}>
        <PathBar path={listing.path} dragging={moving.dragging} onGo={go} onUp={list.up} onHome={list.home} href={list.hrefOf} />
        <Toolbar
          filter={list.filter}
          hidden={list.hidden}
          loading={listing.loading}
          ready={listing.path !== null && !failed}
          symlinks={can?.symlinks ?? false}
          onFilter={list.setFilter}
          filesRef={pickFiles}
          onFilterDone={() => table.current?.focus()}
          onHidden={list.setHidden}
          onCreate={askName}
          onFiles={transfers.pick}
          onRefresh={reload}
        >
          <ClipMenu
            can={{ cut: selected.length > 0 && addressable, copy: selected.length > 0 && addressable, paste: moving.clip !== null && !failed }}
            onCommand={(what) => moving.command(what, selected)}
          />
        </Toolbar>
      </div>
      {!failed && <Stale listing={listing} onRetry={reload} />}
      <FileTable
        ref={table}
        api={api}
        rows={rows}
        order={order}
        selection={selection}
        sort={list.sort}
        busy={listing.loading}
        empty={noRows}
        directory={failed ? null : listing.path}
        cut={moving.cut}
        dragging={moving.dragging}
        onDrag={(event, dragged) => {
          const bundle = moving.bundle(dragged);
          if (bundle) moving.dragging.start(event, bundle, t.files.moving.drag(dragged.length));
          else event.preventDefault();
        }}
        onSelect={setSelection}
        onSort={list.setSort}
        onOpen={openRow}
        onMenu={openMenu}
        onCommand={command}
      />
      <StatusBar
        api={api}
        listing={listing}
        visible={rows.length}
        selected={selected.length}
        selectedBytes={selected.reduce((sum, { entry }) => sum + (entry.type === "file" ? (entry.size ?? 0) : 0), 0)}
        hasSpace={can?.space ?? false}
      >
        <span className={classes["chosen"]}>
          {selected.length > 0 && (
            <>
              <Button
                size="compact-xs" variant="subtle" leftSection={<IconDownload size={14} aria-hidden />}
                disabled={!addressable} onClick={() => act("download", selected)}
              >{isArchive(selected.map(({ entry }) => entry)) ? t.files.act.downloadZip : t.files.act.download}</Button>
              <Button
                size="compact-xs" variant="subtle" color="red" leftSection={<IconTrash size={14} aria-hidden />}
                disabled={!addressable} onClick={() => act("remove", selected)}
              >{t.files.act.remove}</Button>
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t.files.clearSelection} onClick={() => setSelection(none(selection))}>
                <IconX size={14} aria-hidden />
              </ActionIcon>
            </>
          )}
          <Button
            size="compact-xs" variant="subtle" color="gray" aria-expanded={showTransfers}
            leftSection={<IconArrowsUpDown size={14} aria-hidden />}
            rightSection={busy > 0 ? <Badge size="xs" circle>{busy > 99 ? "…" : busy}</Badge> : undefined}
            title={t.files.transfers.open(busy)}
            onClick={() => setShowTransfers(!showTransfers)}
          >{t.files.transfers.title}</Button>
        </span>
      </StatusBar>
      {moving.clip && (
        <ClipBar
          clip={moving.clip} sessionId={api.sessionId} directory={failed ? null : listing.path}
          onPaste={() => moving.command("paste", [])} onForget={moving.forget}
        />
      )}
      <LeftoversBar api={api} account={place.account} leftovers={transfers.leftovers} onUpload={transfers.goOn} />
      <MovesPanel moves={moving.moves} list={moving.state.moves} />
      {showTransfers && (
        <TransfersPanel
          queue={transfers.queue} transfers={all_} place={place} onHide={() => setShowTransfers(false)}
        />
      )}
      <DragHint dragging={moving.dragging} />
      {drop.over && <div className={classes["drop"]}><Text fw={600}>{t.files.drop(shown(directory))}</Text></div>}

      {menuPlace && (
        <FileMenu
          place={menuPlace}
          can={can}
          onClose={() => setMenu(null)}
          onAction={act}
          onCreate={askName}
          onSelectAll={() => setSelection(all(selection, order))}
          canPaste={moving.clip !== null && !failed}
          onClip={moving.command}
        />
      )}
      {question && visible && (
        <OverwriteDialog
          key={question.transfer.id}
          clash={{
            path: question.transfer.path, existing: question.existing, comes: question.transfer, others: question.others,
            label: t.files.transfers.yours, canOverwrite: question.existing.type !== "directory",
          }}
          onAnswer={(choice, forAll) => transfers.queue.answer(choice, forAll)}
        />
      )}
      <MovingDialogs moving={moving} mayAsk={visible && !question} />
      {open?.kind === "name" && (
        <NameDialog
          api={api} kind={open.what} directory={open.directory} name={open.name} onClose={close}
          onDone={(name) => {
            setSelection(only(name));
            close();
            reload();
          }}
        />
      )}
      {open?.kind === "remove" && <DeleteDialog api={api} rows={open.rows} onClose={close} onChanged={reload} />}
      {open?.kind === "permissions" && can && (
        <PermissionsDialog api={api} rows={open.rows} can={can} onClose={close} onChanged={reload} />
      )}
      {open?.kind === "properties" && <PropertiesDialog api={api} rows={open.rows} onClose={close} />}
      {open?.kind === "preview" && (
        <PreviewDialog
          api={api} row={open.row} onClose={close}
          onEdit={({ entry }) => setOpen({ kind: "edit", name: entry.name, path: entry.path ?? "" })}
          onDownload={(row) => transfers.download([row])}
        />
      )}
      {open?.kind === "edit" && <EditorDialog api={api} name={open.name} path={open.path} onClose={close} onSaved={reload} />}
    </div>
  );
}
