// Plays a recording onto a surface: play, pause, seek, speed. It hands out no more than one
// piece at a time and waits until that is drawn, so that neither a flood nor a far seek fills
// the page. Knows no component and no terminal emulator.

import type { Cast } from "./cast.js";
import { IDLE, Timeline } from "./timeline.js";

/** Where a recording is shown. */
export interface Surface {
  /** Empty, in this size. */
  reset(cols: number, rows: number): void;
  resize(cols: number, rows: number): void;
  /** Shows text; `done` is called when it is drawn. */
  write(text: string, done: () => void): void;
}

/** How fast it may be played. */
export const SPEEDS = [1, 2, 4] as const;
/** How fast it is played. */
export type Speed = (typeof SPEEDS)[number];

/** How it stands. */
export interface PlaybackState {
  playing: boolean;
  /** Milliseconds, of {@link PlaybackState.length}. */
  position: number;
  /** Milliseconds it takes to play all of it at speed 1. */
  length: number;
  speed: Speed;
  /** Whether waits are cut short. */
  cutsIdle: boolean;
  /** Whether it is played to its end. */
  ended: boolean;
}

/** Characters handed to the surface at once. */
const PIECE = 64 * 1024;
/** Time between two looks at the clock, at most: the seek bar moves with them. */
const TICK = 100;
/** And at least: a screen shows no more. */
const SHORTEST = 15;
/** Drawing that takes longer than this holds the clock up, so that it never falls behind by much. */
const SLOW = 200;

/** The playback of one recording. */
export class Playback {
  readonly #cast: Cast;
  readonly #surface: Surface;
  readonly #clock: () => number;
  readonly #times: number[];
  readonly #listeners = new Set<() => void>();
  #timeline: Timeline;
  #state: PlaybackState;
  /** Where the clock was at which position. */
  #anchor = { at: 0, position: 0 };
  /** The event that is shown next; -1 before the surface was made empty. */
  #next = -1;
  /** When the piece that is being drawn was handed out. */
  #drawing: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(cast: Cast, surface: Surface, clock: () => number = () => performance.now()) {
    this.#cast = cast;
    this.#surface = surface;
    this.#clock = clock;
    this.#times = cast.events.map((event) => event.at);
    this.#timeline = new Timeline(this.#times, cast.duration, IDLE);
    this.#state = {
      playing: false, position: 0, length: this.#timeline.length, speed: 1, cutsIdle: true, ended: false,
    };
    this.#draw();
  }

  /** How it stands; the same object until something changes. */
  readonly state = (): PlaybackState => this.#state;

  /** Tells `listener` of changes, until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Ends it: the surface is not touched any more. */
  dispose(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Plays on; from the beginning when it is at its end. */
  play(): void {
    if (this.#state.playing) return;
    const position = this.#state.position >= this.#state.length ? 0 : this.#state.position;
    this.#tell({ playing: true, ended: false, position });
    this.#drop();
    this.#draw();
  }

  pause(): void {
    if (!this.#state.playing) return;
    clearTimeout(this.#timer);
    this.#tell({ playing: false, position: this.#now() });
    this.#draw();
  }

  /** Goes to a position, and plays on from there if it plays. */
  seek(position: number): void {
    const to = Math.min(this.#state.length, Math.max(0, position));
    this.#tell({ position: to, ended: false });
    this.#drop();
    this.#draw();
  }

  setSpeed(speed: Speed): void {
    this.#tell({ speed, position: this.#now() });
    this.#drop();
    this.#draw();
  }

  /** Cuts waits short, or plays them as they were; the moment that is shown stays. */
  cutIdle(cutsIdle: boolean): void {
    const time = this.#timeline.toRecorded(this.#now());
    this.#timeline = new Timeline(this.#times, this.#cast.duration, cutsIdle ? IDLE : null);
    this.#tell({ cutsIdle, position: this.#timeline.toPlayed(time), length: this.#timeline.length });
    this.#drop();
    this.#draw();
  }

  /** The position of a time of the recording. */
  positionOf(time: number): number {
    return this.#timeline.toPlayed(time);
  }

  /** The position by the clock; where it is paused, or waits for the surface, that it stands at. */
  #now(): number {
    const { playing, position, speed, length } = this.#state;
    if (!playing || this.#drawing !== null) return position;
    return Math.min(length, this.#anchor.position + (this.#clock() - this.#anchor.at) * speed);
  }

  /** Drops the anchor here and now. */
  #drop(): void {
    this.#anchor = { at: this.#clock(), position: this.#state.position };
  }

  /** Brings the surface to the position, piece by piece; then waits for what comes next. */
  #draw(): void {
    clearTimeout(this.#timer);
    if (this.#over || this.#drawing !== null) return;
    const { events, cols, rows } = this.#cast;
    const target = this.#timeline.countAt(this.#state.position);
    if (this.#next < 0 || target < this.#next) {
      this.#surface.reset(cols, rows);
      this.#next = 0;
    }
    while (this.#next < target) {
      const event = events[this.#next];
      if (event?.kind === "shown") {
        this.#hand(target);
        return;
      }
      if (event?.kind === "resized") this.#surface.resize(event.cols, event.rows);
      this.#next += 1;
    }
    if (!this.#state.playing) return;
    if (this.#state.position >= this.#state.length) {
      this.#tell({ playing: false, ended: true });
      return;
    }
    const wait = (this.#timeline.at(this.#next) - this.#now()) / this.#state.speed;
    this.#timer = setTimeout(() => {
      this.#tell({ position: this.#now() });
      this.#draw();
    }, Math.min(TICK, Math.max(SHORTEST, wait)));
  }

  /** Hands out the next piece, which is of what follows without a change of size. */
  #hand(target: number): void {
    const { events } = this.#cast;
    const texts: string[] = [];
    let length = 0;
    for (; this.#next < target && length < PIECE; this.#next += 1) {
      const event = events[this.#next];
      if (event?.kind === "resized") break;
      if (event?.kind !== "shown") continue;
      texts.push(event.text);
      length += event.text.length;
    }
    const begun = this.#clock();
    this.#drawing = begun;
    this.#surface.write(texts.join(""), () => {
      this.#drawing = null;
      if (this.#over) return;
      if (this.#clock() - begun > SLOW) this.#drop();
      this.#draw();
    });
  }

  #tell(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
