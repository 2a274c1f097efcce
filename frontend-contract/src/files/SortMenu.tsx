// The order of the list where its columns have no room for a head of their own.

import { Menu } from "@mantine/core";
import { IconArrowsSort } from "@tabler/icons-react";
import { useStrings } from "../hooks/strings.js";
import classes from "./FileTable.module.css";
import type { SortField, SortOrder } from "./listing/rows.js";

/** The menu. */
export function SortMenu({ fields, sort, onSort }: { fields: readonly SortField[]; sort: SortOrder; onSort(order: SortOrder): void }) {
  const t = useStrings().files;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button type="button" className={classes["sortMenu"]} aria-label={t.sort.label}>
          <IconArrowsSort size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={sort.field} onChange={(field) => onSort({ ...sort, field: field as SortField })}>
          {fields.map((field) => <Menu.RadioItem key={field} value={field} closeMenuOnClick>{t.columns[field]}</Menu.RadioItem>)}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem checked={sort.descending} closeMenuOnClick onChange={(descending) => onSort({ ...sort, descending })}>
          {t.sort.descending}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
