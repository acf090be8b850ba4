/** Writes the newest of a series of states, at most one in so many milliseconds; the last one waits for `flush`. */
export class NewestState<State> {
  private written = -Infinity;
  private pending: State | null = null;

  constructor(
    private readonly write: (state: State) => void,
    private readonly interval: number,
  ) {}

  take(state: State): void {
    this.pending = state;
    if (performance.now() - this.written >= this.interval) this.flush();
  }

  /** Writes what was taken since the last write. Whether anything has been written at all. */
  flush(): boolean {
    if (this.pending !== null) {
      this.write(this.pending);
      this.pending = null;
      this.written = performance.now();
    }
    return this.written > -Infinity;
  }

  /** Forgets what was taken since the last write. */
  drop(): void {
    this.pending = null;
  }
}
