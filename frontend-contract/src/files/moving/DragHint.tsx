// Says what would happen if what is dragged were dropped now, or why nothing would.

import { useStrings } from "../../hooks/strings.js";
import { shown } from "../names.js";
import classes from "./Moving.module.css";
import type { Dragging } from "./useDragging.js";

/** The hint; empty while nothing is over a folder. */
export function DragHint({ dragging: { bundle, over } }: { dragging: Dragging }) {
  const t = useStrings();
  const words = t.files.moving;
  return (
    <div className={classes["hint"]} role="status">
      {bundle && over && (
        <span data-refused={over.refusal !== null || undefined}>
          {over.refusal ? words.refused[over.refusal] : words.hint[over.how](bundle.items.length, shown(over.path))}
        </span>
      )}
    </div>
  );
}
