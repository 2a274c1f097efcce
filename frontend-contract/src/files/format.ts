// Sizes, times and speeds for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `12 B`, `1.4 MiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  // 1023.96 would round up to a number that belongs to the next unit.
  if (unit > 0 && value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${UNITS[unit]}`;
}

/** `2026-11-21 14:05`, in the person's time zone; sorts and compares by eye. */
export function formatTime(ms: number, seconds = false): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${day} ${time}${seconds ? `:${two(date.getSeconds())}` : ""}`;
}

/** What an input of type `datetime-local` takes, in the person's time zone. */
export function toLocalInput(ms: number): string {
  return formatTime(ms, true).replace(" ", "T");
}

/** `5 s`, `3 min`, `2 h 10 min`. */
export function formatLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
