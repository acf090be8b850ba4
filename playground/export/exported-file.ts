import { csvOfPoints } from '../data/csv.js';
import type { Exported } from './model-files.js';

/** What the page offers: the network in four forms, and the data. */
export const exportForms = ['parallel', 'mlp', 'onnx', 'js', 'csv'] as const;
export type ExportForm = (typeof exportForms)[number];

/** A file to save. */
export interface ExportedFile {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** Why a form cannot hold the network of a problem; null where it can. */
export function refusalOf(form: ExportForm, { model }: Exported['problem']): string | null {
  return form === 'mlp' && model.formulation === 'gated'
    ? 'a plain MLP has no gates; take the parallel form'
    : null;
}

/** The file of a form. The writers of the formats are loaded when they are first needed. */
export async function exportedFile(form: ExportForm, exported: Exported): Promise<ExportedFile> {
  const { problem } = exported;
  if (form === 'csv') {
    return { name: 'data.csv', type: 'text/csv', content: csvOfPoints(problem.task, problem.points) };
  }
  const { networkJson, networkOnnx, networkSource } = await import('./model-files.js');
  switch (form) {
    case 'parallel':
    case 'mlp':
      return { name: 'network.json', type: 'application/json', content: networkJson(exported, form) };
    case 'onnx':
      return {
        name: 'network.onnx',
        type: 'application/octet-stream',
        content: Uint8Array.from(networkOnnx(exported)),
      };
    case 'js':
      return { name: 'network.js', type: 'text/javascript', content: networkSource(exported) };
  }
}
