// How long ago something was, in words, and times of day.

import type { Strings } from "../strings.js";

/** `12 s ago`, `3 min ago`, `2 h ago`; `just now` below two seconds. */
export function age(strings: Strings, ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return strings.common.justNow;
  const { ago, seconds: s, minutes: min, hours: h } = strings.common;
  if (seconds < 90) return ago(s(seconds));
  const minutes = Math.floor(seconds / 60);
  return ago(minutes < 90 ? min(minutes) : h(Math.floor(minutes / 60)));
}

/** `29:59`, or `1:02:03` from an hour on. */
export function duration(ms: number): string {
  const all = Math.floor(ms / 1000);
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  const two = (n: number) => String(n).padStart(2, "0");
  const tail = `${two(all % 60)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** A time of day, in the person's own way of writing it. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
