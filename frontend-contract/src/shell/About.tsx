// About the server: which program and version runs there, for how long and with which limits,
// and the way to the description of its API.

import { Anchor, Button, Code, Popover, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { AboutServer } from "../client/models.js";
import { duration } from "../hooks/age.js";
import { useLog } from "../hooks/log.js";
import { saveBlob } from "../hooks/saving.js";
import { useNow } from "../hooks/now.js";
import { useClient } from "../hooks/server.js";
import { useAbout, useHealth } from "../hooks/service.js";
import { useStrings } from "../hooks/strings.js";
import classes from "./Page.module.css";

/** The version, and behind it what more there is to know. */
export function About() {
  const t = useStrings();
  const { data, dataUpdatedAt, refetch } = useAbout();
  const [opened, setOpened] = useState(false);
  if (!data) return null;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      shadow="md"
      width={320}
      withinPortal
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes["version"] ?? ""}
          aria-label={t.shell.about.open(data.version)}
          onClick={() => {
            if (!opened) void refetch();
            setOpened(!opened);
          }}
        >
          {data.version}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.shell.about.title}>
        <Text fw={600} size="sm">{t.shell.about.title}</Text>
        <Facts about={data} at={dataUpdatedAt} />
        <Description about={data} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Facts({ about, at }: { about: AboutServer; at: number }) {
  const t = useStrings();
  const words = t.shell.about;
  const now = useNow();
  const { limits } = about;
  const { data: health, isError } = useHealth();
  const facts: [string, string][] = [
    [words.program, `${about.program} ${about.version}`],
    [words.engine, about.engine],
    ...(health && !isError ? [[words.answers, t.shell.health.okShort(health.latency)] as [string, string]] : []),
    [words.uptime, duration(about.uptime_seconds * 1000 + Math.max(0, now - at))],
    [words.sessions, words.of(about.sessions, limits.sessions)],
    [words.unused, duration(limits.session_timeout_seconds * 1000)],
    [words.terminals, String(limits.terminals)],
    [words.token, about.token ? words.wanted : words.notWanted],
  ];
  if (about.commit) facts.splice(1, 0, [words.commit, about.commit]);
  return (
    <dl className={classes["facts"]}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A link carries no access token, so with one the description is fetched or asked for by hand. */
function Description({ about }: { about: AboutServer }) {
  const t = useStrings();
  const client = useClient();
  const log = useLog();
  const [fetching, setFetching] = useState(false);
  if (!about.token) {
    return (
      <Anchor size="sm" href={client.url("/docs")} target="_blank" rel="noreferrer">
        {t.shell.api}
      </Anchor>
    );
  }
  const save = async () => {
    setFetching(true);
    try {
      const answer = await client.send("/openapi.json");
      saveBlob(await answer.blob(), "openapi.json");
    } catch (error) {
      log.failed(t.shell.about.saveFailed, error);
    } finally {
      setFetching(false);
    }
  };
  return (
    <>
      <Text size="sm" mb={4}>{t.shell.about.docs}</Text>
      <Code block className={classes["command"] ?? ""}>
        {`curl -H "Authorization: Bearer $TOKEN" ${client.url("/docs")} -o docs.html`}
      </Code>
      <Button mt="xs" size="compact-sm" variant="default" loading={fetching} onClick={() => void save()}>
        {t.shell.about.save}
      </Button>
    </>
  );
}
