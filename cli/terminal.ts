import { createColors } from 'picocolors';

/** Least milliseconds between two progress lines when stderr is no terminal. */
const PLAIN_INTERVAL_MS = 2000;
const REWRITE_INTERVAL_MS = 80;

/**
 * Where text goes: data to stdout, progress and warnings to stderr.
 *
 * On a terminal, progress is a single line that is rewritten; elsewhere a plain line every two seconds. Colours only where
 * text goes to a terminal: NO_COLOR turns them off, FORCE_COLOR on. None of them says what the words do not.
 */
export class Terminal {
  private quiet = false;
  private lastProgress = performance.now();
  private isLineOpen = false;

  constructor(
    private readonly stdout: NodeJS.WriteStream,
    private readonly stderr: NodeJS.WriteStream,
  ) {}

  /** Turns progress off; warnings and errors stay. */
  silenceProgress(): void {
    this.quiet = true;
  }

  /** Data: lines to stdout. */
  print(text: string): void {
    this.clearProgress();
    const { green, yellow } = createColors(hasColours(this.stdout));
    const painted = text.replace(/solved to tolerance.*/g, green).replace(/stopped at .*limit.*/g, yellow);
    this.stdout.write(`${painted}\n`);
  }

  /** One line to stderr that stays: a warning, an error. */
  note(line: string): void {
    this.clearProgress();
    const { red, yellow } = createColors(hasColours(this.stderr));
    const paint = line.startsWith('warning:') ? yellow : red;
    this.stderr.write(`${paint('relucent:')} ${oneLine(line)}\n`);
  }

  /** Passing news on stderr. */
  progress(text: string): void {
    if (this.quiet) return;
    const now = performance.now();
    const interval = this.stderr.isTTY ? REWRITE_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (now - this.lastProgress < interval) return;
    this.lastProgress = now;
    this.stderr.write(this.stderr.isTTY ? `\r\u001b[K${this.fit(text)}` : `${text}\n`);
    this.isLineOpen = this.stderr.isTTY;
  }

  /** News of a new stage: shown at once. */
  stage(text: string): void {
    this.lastProgress = -Infinity;
    this.progress(text);
  }

  /** Wipes the rewritten line, so that other text starts on a clean one. */
  clearProgress(): void {
    if (!this.isLineOpen) return;
    this.stderr.write('\r\u001b[K');
    this.isLineOpen = false;
  }

  private fit(text: string): string {
    // A pseudo-terminal may report no width.
    const width = this.stderr.columns > 0 ? this.stderr.columns : 80;
    return text.slice(0, width - 1);
  }
}

/** Whether a stream is to get colours: https://no-color.org, https://force-color.org. */
function hasColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  // Where it is no terminal isTTY is undefined, and picocolors then colours by its own rules, in a CI too.
  return (stream.isTTY as boolean | undefined) === true && TERM !== 'dumb';
}

/** Text without control characters and line breaks. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
