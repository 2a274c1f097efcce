// The words of the page, in the language whoever embeds it chose.

import { createContext, useContext } from "react";
import { en, type Strings } from "../strings.js";

/** The words; English unless a parent says otherwise. */
export const StringsContext = createContext<Strings>(en);

/** The words of the page. */
export function useStrings(): Strings {
  return useContext(StringsContext);
}
