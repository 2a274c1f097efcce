// The page around the component: title, health, version, colour scheme, log.

import { ActionIcon, Group, Title, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListDetails, IconMovie } from "@tabler/icons-react";
import type { DragEvent } from "react";
import { useLog } from "../hooks/log.js";
import { useStrings } from "../hooks/strings.js";
import { Providers } from "../Providers.js";
import { useShowRecordings } from "../recordings/opening.js";
import { Boundary } from "../sessions/Boundary.js";
import { later } from "../sessions/later.js";
import { Manager } from "../sessions/Manager.js";
import { About } from "./About.js";
import { Health } from "./Health.js";
import { LogDrawer } from "./LogDrawer.js";
import classes from "./Page.module.css";
import { SchemeMenu } from "./SchemeMenu.js";
import { useSharedToken } from "./shared.js";

/** A shared terminal, loaded when a link leads to one. */
const SharePage = later(() => import("../terminals/SharePage.js"));

/** The whole page. */
export function Page() {
  return (
    <Providers deepLinks wholePage>
      <Shell />
    </Providers>
  );
}

function Shell() {
  const t = useStrings();
  const { entries } = useLog();
  const [logShown, log] = useDisclosure();
  const shared = useSharedToken();
  const showRecordings = useShowRecordings();
  return (
    <div className={classes["page"]} onDragOver={keepOut} onDrop={keepOut}>
      <a className={classes["skip"]} href="#content" onClick={focusContent}>{t.shell.skip}</a>
      <header className={classes["header"]}>
        <Group gap={10} wrap="nowrap" miw={0}>
          <Logo />
          <Title order={1} className={classes["title"] ?? ""} title={t.shell.title}>{t.shell.title}</Title>
          <About />
        </Group>
        <Group gap={4} wrap="nowrap">
          <Health />
          {/* Who came by a link may see nothing but that terminal. */}
          {shared === null && (
            <Tooltip label={t.recordings.title}>
              <ActionIcon variant="subtle" color="gray" size="lg" onClick={showRecordings} aria-label={t.recordings.title}>
                <IconMovie size={20} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label={t.shell.log.title}>
            <ActionIcon variant="subtle" color="gray" size="lg" onClick={log.open} aria-label={t.shell.log.open(entries.length)}>
              <IconListDetails size={20} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <SchemeMenu />
        </Group>
      </header>
      <main id="content" tabIndex={-1} className={classes["main"]}>
        <Boundary>
          {shared === null ? <Manager /> : <SharePage key={shared} token={shared} />}
        </Boundary>
      </main>
      <LogDrawer opened={logShown} onClose={log.close} />
    </div>
  );
}

/** Files that are dropped where nothing takes them would be opened in place of the page. */
function keepOut(event: DragEvent) {
  if (event.defaultPrevented || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

/** The hash of the address is the place in the page, so the link must not write to it. */
function focusContent(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Logo() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden className={classes["logo"]}>
      <rect width="32" height="32" rx="7" fill="#3b5bdb" />
      <path d="M7 11l5 5-5 5M15 21h10" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="24" cy="11" r="2.6" fill="#8ce99a" />
    </svg>
  );
}
