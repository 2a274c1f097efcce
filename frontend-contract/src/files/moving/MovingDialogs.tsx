// What is asked about while entries are moved: what is in the way, and where in another session.

import { useStrings } from "../../hooks/strings.js";
import { join } from "../names.js";
import { OverwriteDialog } from "../transfers/OverwriteDialog.js";
import { canOverwrite } from "./moves.js";
import { PlaceDialog } from "./PlaceDialog.js";
import type { useMoving } from "./useMoving.js";

/** The dialogs; at most one at a time. `mayAsk` says whether no other question is open. */
export function MovingDialogs({ moving, mayAsk }: { moving: ReturnType<typeof useMoving>; mayAsk: boolean }) {
  const t = useStrings();
  const { placing, state: { question } } = moving;
  if (placing) {
    return (
      <PlaceDialog
        {...placing}
        onClose={moving.endPlacing}
        onSend={(how, bundle, to) => {
          moving.endPlacing();
          moving.send(how, bundle, to);
        }}
      />
    );
  }
  return question && mayAsk && (
    <OverwriteDialog
      key={`${question.move.id} ${question.item.path}`}
      clash={{
        path: join(question.move.to.path, question.item.name), existing: question.existing, comes: question.item,
        label: t.files.moving.comes, canOverwrite: canOverwrite(question.item, question.existing), others: question.others,
      }}
      onAnswer={(choice, forAll) => moving.moves.answer(choice, forAll)}
    />
  );
}
