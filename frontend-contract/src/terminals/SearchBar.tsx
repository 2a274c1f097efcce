// Searching what a terminal shows and what scrolled away.

import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconLetterCase, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useStrings } from "../hooks/strings.js";
import type { Standing, TerminalScreen } from "./screen.js";
import classes from "./Terminals.module.css";

/** The bar; `onClose` also when Escape is pressed. */
export function SearchBar(props: { screen: TerminalScreen; matches: Standing["matches"]; onClose(): void }) {
  const { screen, matches } = props;
  const t = useStrings().terminals;
  const [text, setText] = useState("");
  const [caseSensitive, setCase] = useState(false);
  const go = (direction: "next" | "previous") => screen.find(text, direction, { caseSensitive });
  const found = text === "" ? "" : matches.count === 0 ? t.searchNone : t.searchFound(matches.index + 1, matches.count);
  return (
    <div
      className={classes["search"]}
      role="search"
      aria-label={t.searchLabel}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <TextInput
        size="xs"
        style={{ flex: 1 }}
        aria-label={t.searchLabel}
        placeholder={t.search}
        value={text}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          screen.find(value, "previous", { caseSensitive, typing: true });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(event.shiftKey ? "next" : "previous");
        }}
      />
      <span className={classes["count"]} role="status">{found}</span>
      <Tooltip label={t.searchPrevious}>
        <ActionIcon variant="subtle" color="gray" aria-label={t.searchPrevious} onClick={() => go("previous")}>
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t.searchNext}>
        <ActionIcon variant="subtle" color="gray" aria-label={t.searchNext} onClick={() => go("next")}>
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t.searchCase}>
        <ActionIcon
          variant={caseSensitive ? "filled" : "subtle"}
          color={caseSensitive ? undefined : "gray"}
          aria-label={t.searchCase}
          aria-pressed={caseSensitive}
          onClick={() => {
            setCase(!caseSensitive);
            screen.find(text, "previous", { caseSensitive: !caseSensitive });
          }}
        >
          <IconLetterCase size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <ActionIcon variant="subtle" color="gray" aria-label={t.searchClose} onClick={props.onClose}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
