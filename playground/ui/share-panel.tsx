import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ExportedFile, ExportForm } from '../export/exported-file.js';
import type { Exported } from '../export/model-files.js';
import type { PlaygroundProblem } from '../protocol.js';
import { useStore } from '../store.js';
import { hashOfState } from '../url.js';
import { Button, Panel } from './controls.js';
import { pictureFile } from './picture-file.js';
import type { PlaneModel } from './plane-model.js';

const networkForms: readonly { readonly form: ExportForm; readonly name: string }[] = [
  { form: 'parallel', name: 'JSON' },
  { form: 'mlp', name: 'JSON as one MLP' },
  { form: 'onnx', name: 'ONNX' },
  { form: 'js', name: 'JavaScript' },
];

/** The link, and the files to take away. */
export function SharePanel({ model }: { readonly model: PlaneModel }): JSX.Element {
  const store = useStore();
  const said = useSignal('');
  const { problem, betaMax, isStale } = store.run.value;
  const point = store.shown.value;
  const save = (make: () => Promise<ExportedFile>): void => {
    make().then(
      (file) => {
        download(file);
        said.value = `${file.name} saved.`;
      },
      (error: unknown) => (said.value = error instanceof Error ? error.message : String(error)),
    );
  };
  const copy = (): void => {
    const link = new URL(hashOfState(store.state.value), location.href).href;
    navigator.clipboard.writeText(link).then(
      () => (said.value = 'Link copied.'),
      () => (said.value = 'The browser did not let the link be copied: it is in the address bar.'),
    );
  };
  return (
    <Panel id="share" title="Share" aside={<span class="fine">everything on this page is in its link</span>}>
      <div class="row exports">
        <Button id="copy-link" kind="primary" onPress={copy}>
          Copy link
        </Button>
        <span class="fine">Network</span>
        {networkForms.map(({ form, name }) => (
          <Button
            key={form}
            id={`save-${form}`}
            disabled={isStale || !point || !problem || betaMax === null}
            onPress={() => {
              if (point && problem && betaMax !== null)
                save(() => networkFile(form, { problem, point, betaMax }));
            }}
          >
            {name}
          </Button>
        ))}
        <span class="fine">Picture</span>
        {(['svg', 'png'] as const).map((form) => (
          <Button
            key={form}
            id={`save-${form}`}
            onPress={() => {
              save(() => pictureFile(store, model, form));
            }}
          >
            {form.toUpperCase()}
          </Button>
        ))}
        <span class="fine">Data</span>
        <Button
          id="save-csv"
          onPress={() => {
            save(() => dataFile(store.problem.value));
          }}
        >
          CSV
        </Button>
      </div>
      <p class="fine said" role="status">
        {said.value}
      </p>
    </Panel>
  );
}

/** The writers of the formats come with the first file. */
async function networkFile(form: ExportForm, exported: Exported): Promise<ExportedFile> {
  const { exportedFile, refusalOf } = await import('../export/exported-file.js');
  const refusal = refusalOf(form, exported.problem);
  if (refusal !== null) throw new TypeError(refusal);
  return exportedFile(form, exported);
}

/** The data are there before any network is. */
async function dataFile({ task, points }: PlaygroundProblem): Promise<ExportedFile> {
  const { csvOfPoints } = await import('../data/csv.js');
  return { name: 'data.csv', type: 'text/csv', content: csvOfPoints(task, points) };
}

function download({ name, type, content }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the next turn.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 1000);
}
