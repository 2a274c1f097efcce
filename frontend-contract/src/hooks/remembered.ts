// Choices that outlive a reload, such as a sort order or a font size. Never a secret.

import { useCallback, useState } from "react";

/**
 * Like `useState`, kept in localStorage under `name`. `valid` guards against what another
 * version wrote there.
 */
export function useRemembered<T>(
  name: string,
  initial: T,
  valid: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const key = `connection-manager.${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
      return valid(kept) ? kept : initial;
    } catch {
      return initial;
    }
  });
  const remember = useCallback((chosen: T) => {
    setValue(chosen);
    try {
      localStorage.setItem(key, JSON.stringify(chosen));
    } catch {
      // Storage is full or forbidden: the choice lasts until the page is closed.
    }
  }, [key]);
  return [value, remember];
}

/** Whether what was remembered is a yes or a no. */
export const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
