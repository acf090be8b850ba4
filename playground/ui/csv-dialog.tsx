import type { JSX } from 'preact';

/** Placeholder. */
export function CsvDialog(): JSX.Element {
  return (
    <button type="button" class="button plain">
      Paste or drop CSV
    </button>
  );
}
