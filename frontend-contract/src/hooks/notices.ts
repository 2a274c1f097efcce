// Where the notices of this component are shown: the page around it may have its own.

import { createNotificationsStore, type NotificationsStore } from "@mantine/notifications";
import { createContext, useContext } from "react";

/** The notices. */
export const NoticesContext = createContext<NotificationsStore | null>(null);

/** Makes a place for notices. */
export const createNotices = createNotificationsStore;

/** The notices of this component. Only below a {@link NoticesContext}. */
export function useNotices(): NotificationsStore {
  const notices = useContext(NoticesContext);
  if (!notices) throw new Error("useNotices needs a NoticesContext above it");
  return notices;
}
