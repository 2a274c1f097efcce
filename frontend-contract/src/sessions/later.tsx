// Parts of the page that are loaded when they are first shown.

import { Center, Loader } from "@mantine/core";
import { lazy, Suspense, type ComponentType } from "react";
import { useStrings } from "../hooks/strings.js";

/**
 * The component that a module has as its default, loaded when it is first shown. What could not
 * be loaded throws, for a boundary to say so, and is loaded anew when it is shown again.
 */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  Waiting: ComponentType = Loading,
): ComponentType<P> {
  const attempt = (): ComponentType<P> => lazy(() => load().catch((error: unknown) => {
    Part = attempt();
    throw error;
  })) as unknown as ComponentType<P>;
  let Part = attempt();
  return function Later(props: P) {
    const Now = Part;
    return <Suspense fallback={<Waiting />}><Now {...props} /></Suspense>;
  };
}

/** A sign of life in the place of what is being loaded. */
export function Loading() {
  const t = useStrings();
  return <Center p="xl"><Loader size="sm" role="status" aria-label={t.common.loading} /></Center>;
}
