import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './controls.js';
import { tourSteps } from './tour-steps.js';

const memory = 'relucent-playground-tour';

/** Whether the tour was taken or skipped before; without storage, as in some private windows, it was not. */
export function isTourSeen(): boolean {
  try {
    return localStorage.getItem(memory) !== null;
  } catch {
    return false;
  }
}

function rememberTour(): void {
  try {
    localStorage.setItem(memory, 'seen');
  } catch {
    // No storage: the tour will be offered again.
  }
}

/** The tour, beside the element that it explains. `step` null: it is not open. */
export function Tour({ step }: { readonly step: Signal<number | null> }): JSX.Element | null {
  const at = step.value;
  const found = at === null ? undefined : tourSteps[at];
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const place = useSignal({ left: 0, top: 0 });
  const close = (): void => {
    rememberTour();
    step.value = null;
  };
  useEffect(() => {
    if (at === null) {
      if (before.current instanceof HTMLElement) before.current.focus();
      before.current = null;
      return;
    }
    before.current ??= document.activeElement;
  }, [at]);
  useLayoutEffect(() => {
    const target = found && document.getElementById(found.target);
    if (!target || !box.current) return;
    const dialog = box.current;
    const settle = (): void => {
      place.value = placeBeside(target.getBoundingClientRect(), dialog);
    };
    target.classList.add('toured');
    target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    settle();
    dialog.focus({ preventScroll: true });
    addEventListener('resize', settle);
    return () => {
      target.classList.remove('toured');
      removeEventListener('resize', settle);
    };
  }, [found]);
  if (at === null || !found) return null;
  const isLast = at === tourSteps.length - 1;
  return (
    <div
      ref={box}
      class="tour"
      role="dialog"
      aria-labelledby="tour-title"
      aria-describedby="tour-words"
      tabindex={-1}
      style={{ left: `${place.value.left}px`, top: `${place.value.top}px` }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <p class="fine">
        {at + 1} of {tourSteps.length}
      </p>
      <h2 id="tour-title">{found.title}</h2>
      <p id="tour-words">{found.words}</p>
      <details key={at}>
        <summary>Show the formula</summary>
        <div class="formula">{found.formula()}</div>
      </details>
      <div class="row">
        <Button kind="quiet" onPress={close}>
          {isLast ? 'Close' : 'Skip the tour'}
        </Button>
        <span class="spring" />
        <Button
          disabled={at === 0}
          onPress={() => {
            step.value = at - 1;
          }}
        >
          Back
        </Button>
        <Button
          kind="primary"
          onPress={() => {
            if (isLast) close();
            else step.value = at + 1;
          }}
        >
          {isLast ? 'Play' : 'Next'}
        </Button>
      </div>
    </div>
  );
}

/** Beside the target where there is room, else over its lower end; in the coordinates of the document. */
function placeBeside(target: DOMRect, dialog: HTMLElement): { left: number; top: number } {
  const margin = 12;
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth, offsetHeight } = dialog;
  const left =
    target.right + margin + offsetWidth <= clientWidth
      ? target.right + margin
      : target.left - margin - offsetWidth >= 0
        ? target.left - margin - offsetWidth
        : Math.max(margin, (clientWidth - offsetWidth) / 2);
  const wanted = isBeside(left, offsetWidth, target) ? target.top : target.bottom - offsetHeight / 3;
  const top = Math.max(margin, Math.min(wanted, clientHeight - offsetHeight - margin));
  return { left: left + scrollX, top: top + scrollY };
}

function isBeside(left: number, width: number, target: DOMRect): boolean {
  return left >= target.right || left + width <= target.left;
}
