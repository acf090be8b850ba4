/** Runs a task once before the next frame, however often it was asked for: bursts of news cost one drawing. */
export class FrameTask {
  private isWaiting = false;

  constructor(
    private readonly task: () => void,
    private readonly schedule: (run: () => void) => void = nextFrame,
  ) {}

  request(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.schedule(() => {
      this.isWaiting = false;
      this.task();
    });
  }
}

/** Frames stop in hidden tabs; news must not. */
function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, 100);
  else requestAnimationFrame(run);
}
