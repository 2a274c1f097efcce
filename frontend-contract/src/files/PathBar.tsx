// Where the list is: the folders on the way as links, or the path as text to edit.

import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconArrowUp, IconHome, IconPencil } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useStrings } from "../hooks/strings.js";
import { crumbs, fromEditable, isUnusual, parentOf, resolve, shown, toEditable } from "./names.js";
import classes from "./Files.module.css";
import type { Dragging } from "./moving/useDragging.js";

/** What the bar needs. */
interface Props {
  /** Null while it is not known. */
  path: string | null;
  dragging: Dragging;
  onGo(path: string): void;
  onUp(): void;
  onHome(): void;
  href(path: string): string;
}

/** The bar. */
export function PathBar({ path, dragging, onGo, onUp, onHome, href }: Props) {
  const t = useStrings();
  const [editing, setEditing] = useState(false);
  const trail = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const { current } = trail;
    if (!current || typeof ResizeObserver === "undefined") return undefined;
    // The end of a long path matters more than its beginning, however wide the window becomes.
    const observer = new ResizeObserver(() => (current.scrollLeft = current.scrollWidth));
    observer.observe(current);
    current.scrollLeft = current.scrollWidth;
    return () => observer.disconnect();
  }, [path, editing]);
  const parent = path === null || path === "/" ? null : parentOf(path);
  const drop = (to: string | null) => ({
    ...dragging.target(to),
    "data-drop": to !== null && dragging.over?.path === to ? (dragging.over.refusal ? "no" : "yes") : undefined,
  });
  return (
    <div className={classes["path"]}>
      <Tooltip label={t.files.path.up}>
        <ActionIcon
          variant="subtle" color="gray" aria-label={t.files.path.up}
          disabled={path === null || path === "/"} onClick={onUp} {...drop(parent)}
        >
          <IconArrowUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t.files.path.home}>
        <ActionIcon variant="subtle" color="gray" aria-label={t.files.path.home} onClick={onHome}>
          <IconHome size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {editing && path !== null ? (
        <PathInput path={path} onGo={onGo} onClose={() => setEditing(false)} />
      ) : (
        <nav className={classes["crumbs"]} aria-label={t.files.path.crumbs}>
          <ol ref={trail}>
            {(path === null ? [] : crumbs(path)).map((crumb) => (
              <li key={crumb.path}>
                <a
                  href={href(crumb.path)}
                  {...drop(crumb.path)}
                  aria-current={crumb.path === path ? "location" : undefined}
                  aria-label={crumb.path === "/" ? t.files.path.root : undefined}
                  onClick={(event) => {
                    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                    event.preventDefault();
                    onGo(crumb.path);
                  }}
                >
                  <bdi>{shown(crumb.name)}</bdi>
                </a>
              </li>
            ))}
          </ol>
          <Tooltip label={t.files.path.edit}>
            <ActionIcon
              variant="subtle" color="gray" aria-label={t.files.path.edit}
              disabled={path === null} onClick={() => setEditing(true)}
            >
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </nav>
      )}
    </div>
  );
}

function PathInput({ path, onGo, onClose }: { path: string; onGo(path: string): void; onClose(): void }) {
  const t = useStrings();
  const unusual = isUnusual(path);
  const [typed, setTyped] = useState(() => toEditable(path));
  return (
    <form
      className={classes["pathForm"]}
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = fromEditable(typed.trim(), unusual);
        if (chosen) onGo(resolve(path, chosen));
        onClose();
      }}
    >
      <TextInput
        size="xs"
        aria-label={t.files.path.label}
        title={t.files.path.hint}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
        onBlur={onClose}
        onFocus={({ currentTarget }) => currentTarget.select()}
        autoFocus
        autoComplete="off"
        spellCheck={false}
      />
    </form>
  );
}

