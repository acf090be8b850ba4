import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type * as CsvModule from '../data/csv.js';
import type { CsvChoice, CsvPoints, CsvTable } from '../data/csv.js';
import { useStore } from '../store.js';
import { Button, Choice } from './controls.js';

/** What is in the dialog: the text, what it was read as, and the columns chosen. */
interface Pasted {
  readonly text: string;
  readonly table: CsvTable | null;
  readonly choice: CsvChoice | null;
  readonly points: CsvPoints | null;
  readonly message: string | null;
}

const nothing: Pasted = { text: '', table: null, choice: null, points: null, message: null };

/** Paste or drop a table, and choose the columns to learn from. */
export function CsvDialog(): JSX.Element {
  const store = useStore();
  const dialog = useRef<HTMLDialogElement>(null);
  const pasted = useSignal<Pasted>(nothing);
  const read = async (text: string): Promise<void> => {
    pasted.value = { ...nothing, text };
    if (text.trim() === '') return;
    // The reader of tables comes with the first table.
    const csv = await import('../data/csv.js');
    if (pasted.value.text === text) pasted.value = readTable(csv, text);
  };
  const choose = async (change: Partial<CsvChoice>): Promise<void> => {
    const { table, choice } = pasted.value;
    if (!table || !choice) return;
    const csv = await import('../data/csv.js');
    pasted.value = withChoice(csv, { ...pasted.value, choice: { ...choice, ...change } });
  };
  useDrops((text) => {
    dialog.current?.showModal();
    void read(text);
  });
  const use = (): void => {
    const { points, choice } = pasted.value;
    if (!points || !choice) return;
    store.setData({ kind: 'own', task: choice.task, points: points.points });
    dialog.current?.close();
  };
  return (
    <>
      <Button
        id="csv"
        onPress={() => {
          dialog.current?.showModal();
        }}
      >
        Paste or drop CSV
      </Button>
      <dialog ref={dialog} aria-labelledby="csv-title">
        <div class="form">
          <h2 id="csv-title">Your own table</h2>
          <label>
            Paste comma-, tab- or semicolon-separated text with a header line; it stays in this browser.
            <textarea
              spellcheck={false}
              value={pasted.value.text}
              onInput={(event) => {
                void read(event.currentTarget.value);
              }}
            />
          </label>
          <label>
            Or choose a file
            <input
              type="file"
              accept=".csv,.tsv,.txt,text/csv"
              onChange={(event) => {
                void event.currentTarget.files?.[0]?.text().then(read);
              }}
            />
          </label>
          {pasted.value.message === null ? null : (
            <p class="note" role="alert">
              {pasted.value.message}
            </p>
          )}
          <Columns pasted={pasted} onChoice={(change) => void choose(change)} />
          <div class="row">
            <Button
              kind="quiet"
              onPress={() => {
                dialog.current?.close();
              }}
            >
              Cancel
            </Button>
            <span class="spring" />
            <Button kind="primary" id="csv-use" disabled={pasted.value.points === null} onPress={use}>
              {pasted.value.points ? `Use ${pasted.value.points.points.length} points` : 'Use these points'}
            </Button>
          </div>
        </div>
      </dialog>
    </>
  );
}

function Columns(props: {
  readonly pasted: Signal<Pasted>;
  readonly onChoice: (change: Partial<CsvChoice>) => void;
}): JSX.Element | null {
  const { table, choice, points } = props.pasted.value;
  const { onChoice } = props;
  if (!table || !choice) return null;
  const isClasses = choice.task === 'classes';
  return (
    <>
      <Choice
        legend="What is learnt"
        name="csv-task"
        value={choice.task}
        options={[
          { value: 'classes', name: 'a class from two columns' },
          { value: 'number', name: 'a number from one column' },
        ]}
        onValue={(task) => {
          const label = task === 'classes' ? (choice.label ?? table.classes[0] ?? null) : null;
          onChoice({ task, label, positive: null });
        }}
      />
      <div class="columns-picked">
        <Pick
          name="x"
          value={choice.x}
          options={table.numbers}
          onValue={(x) => {
            onChoice({ x });
          }}
        />
        <Pick
          name={isClasses ? 'y' : 'target'}
          value={choice.y}
          options={table.numbers}
          onValue={(y) => {
            onChoice({ y });
          }}
        />
        {isClasses ? (
          <Pick
            name="class"
            value={choice.label ?? ''}
            options={table.classes}
            onValue={(label) => {
              onChoice({ label, positive: null });
            }}
          />
        ) : null}
      </div>
      {points?.notes.map((note) => (
        <p class="fine" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}

function Pick(props: {
  readonly name: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onValue: (value: string) => void;
}): JSX.Element {
  return (
    <label>
      {props.name}
      <select
        value={props.value}
        onChange={(event) => {
          props.onValue(event.currentTarget.value);
        }}
      >
        {props.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}

function readTable(csv: typeof CsvModule, text: string): Pasted {
  try {
    const table = csv.readCsv(text);
    return withChoice(csv, { ...nothing, text, table, choice: csv.suggestedChoice(table) });
  } catch (error) {
    return { ...nothing, text, message: messageOf(error) };
  }
}

function withChoice(csv: typeof CsvModule, pasted: Pasted): Pasted {
  const { table, choice } = pasted;
  if (!table || !choice) return pasted;
  try {
    return { ...pasted, points: csv.pointsOfCsv(table, choice), message: null };
  } catch (error) {
    return { ...pasted, points: null, message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Files and texts dropped anywhere on the page. */
function useDrops(onText: (text: string) => void): void {
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      const text = event.dataTransfer?.getData('text/plain') ?? '';
      if (file) void file.text().then(onText);
      else if (text !== '') onText(text);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
}
