import { Command } from 'commander';
import { MODEL_FORMAT_VERSION } from '../src/estimator/model-json.js';
import type { FittedOutput } from '../src/estimator/output.js';
import { pathNorm } from '../src/network/network.js';
import {
  certificateSentences,
  networkObjectiveSentence,
  scopeSentence,
} from '../src/report/certificate-words.js';
import { countNoun, numberText } from '../src/report/number-text.js';
import type { Preprocessing } from '../src/table/preprocessing.js';
import type { LoadedModel } from '../src/training/predict-table.js';
import { modelSummary, outputSummary } from '../src/training/report-of-outcome.js';
import { align } from './align.js';
import type { Context } from './context.js';
import { readModelFile } from './read-model.js';
import { oneLine } from './terminal.js';

/** Sub-networks listed for each output. */
const LARGEST = 5;
/** Inputs named for each sub-network. */
const NAMED_INPUTS = 3;

const examples = `
Examples:
  relucent inspect iris-relucent/model.json
  relucent inspect iris-relucent/model.json --json`;

/** `relucent inspect`: what a model is and what is proven about it. */
export function inspectCommand(context: Context): Command {
  return new Command('inspect')
    .summary('show what a model is and what is proven about it')
    .description('Shows the columns, the preprocessing, the network and the certificate of a model file.')
    .argument('<model>', 'model.json or model.onnx of relucent train, or a model.safetensors')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action(async (path: string, flags: { readonly json?: boolean }) => {
      const loaded = await readModelFile(path, context.signal);
      context.terminal.print(
        flags.json === true ? JSON.stringify(inspectJson(loaded)) : inspectLines(path, loaded).join('\n'),
      );
    });
}

function inspectJson({ model, classes, preprocessing }: LoadedModel): object {
  const { options } = model;
  return {
    format: 'relucent-model',
    version: MODEL_FORMAT_VERSION,
    kind: model.target === null ? 'classifier' : 'regressor',
    target: preprocessing?.target.name ?? null,
    classes,
    columns: preprocessing?.columns ?? null,
    features: preprocessing?.featureNames ?? null,
    inputs: model.columns,
    depth: options.depth,
    widths: options.depth === 3 ? [options.width] : [],
    formulation: options.formulation,
    options,
    certificate: model.certificate,
    outputs: model.outputs.map((output) => ({
      label: output.label,
      networkKind: output.network.kind,
      subNetworks: output.network.subNetworks.length,
      certificate: output.certificate,
      decomposition: output.decomposition,
      pathNorms: largestFirst(output).map(({ norm }) => norm),
    })),
    notes: preprocessing?.notes ?? [],
  };
}

function inspectLines(path: string, loaded: LoadedModel): string[] {
  const { model, classes, preprocessing } = loaded;
  const { options, outputs, certificate } = model;
  const kind = model.target === null ? 'classifier' : 'regressor';
  const target = preprocessing ? ` of ${oneLine(preprocessing.target.name)}` : '';
  const summary = modelSummary(model, 'chosen in training');
  const width = options.depth === 3 ? `, width ${options.width}` : '';
  const kinds = [...new Set(outputs.map(({ network }) => network.kind))].join(' and ');
  const betas = outputs.map((output) => output.certificate.beta);
  return [
    `${path}: ${kind}${target} (model format ${MODEL_FORMAT_VERSION})`,
    '',
    ...align([
      ...(classes.length > 0 ? [['Classes', classes.map(oneLine).join(', ')]] : []),
      ['Inputs', `${countNoun(model.columns, 'number')} per row${options.bias ? ' and a bias' : ''}`],
      [
        'Network',
        `${options.depth} layers${width}, ${kinds === 'relu' ? 'ReLU' : 'gated ReLU'}, ${countNoun(summary.subNetworks, 'sub-network')} out of ${countNoun(certificate.groups, 'group')}`,
      ],
      [
        'β',
        betas
          .map(
            (beta, k) =>
              `${numberText(beta, 4)} (β_max ${numberText(outputs[k]?.certificate.betaMax ?? NaN, 4)})`,
          )
          .join(', '),
      ],
      [
        'Trained',
        `${options.sample} patterns sampled with seed ${options.seed}, tolerance ${numberText(options.tolerance, 2)}`,
      ],
    ]),
    '',
    ...columnLines(preprocessing),
    ...outputs.flatMap((output) => [
      '',
      outputs.length > 1 ? `Certificate of ${oneLine(output.label)}` : 'Certificate',
      ...certificateText(output, summary).map((line) => `  ${line}`),
      '',
      ...subNetworkLines(output, preprocessing),
    ]),
  ];
}

function certificateText(output: FittedOutput, model: ReturnType<typeof modelSummary>): readonly string[] {
  const summary = outputSummary(output);
  return [
    ...certificateSentences(summary, model),
    scopeSentence(summary, model),
    networkObjectiveSentence(summary, model),
  ];
}

function columnLines(preprocessing: Preprocessing | null): string[] {
  if (preprocessing === null) {
    return ['Columns: none by name; the library trained it on bare numbers, in their order.'];
  }
  const rows = preprocessing.columns.map((column) =>
    column.kind === 'numeric'
      ? [
          oneLine(column.name),
          'numeric',
          `(x − ${numberText(column.mean, 5)}) / ${numberText(column.scale, 5)}, missing → ${numberText(column.median, 5)}`,
        ]
      : [oneLine(column.name), 'categorical', levelsText(column.levels)],
  );
  return align([['Column', 'kind', 'how it is read'], ...rows]);
}

function levelsText(levels: readonly string[]): string {
  const shown = levels.slice(0, 8).map(oneLine);
  return shown.join(', ') + (levels.length > shown.length ? ` and ${levels.length - shown.length} more` : '');
}

function largestFirst({ network }: FittedOutput): { norm: number; index: number }[] {
  return network.subNetworks
    .map((subNetwork, index) => ({ norm: pathNorm(subNetwork), index }))
    .sort((a, b) => b.norm - a.norm);
}

function subNetworkLines(output: FittedOutput, preprocessing: Preprocessing | null): string[] {
  const { subNetworks } = output.network;
  if (subNetworks.length === 0) return ['No sub-network is active: the model predicts zero everywhere.'];
  const rows = largestFirst(output)
    .slice(0, LARGEST)
    .map(({ norm, index }) => {
      const subNetwork = subNetworks[index];
      const first = subNetwork?.first ?? [];
      // Strength of an input: the norm of its weights into all first-layer neurons.
      const inputs = Array.from(first[0] ?? [], (_, t) => ({
        name: inputName(t, preprocessing, output.network.inputs),
        size: Math.hypot(...first.map((w) => w[t] ?? 0)),
      }));
      const strongest = inputs.sort((a, b) => b.size - a.size).slice(0, NAMED_INPUTS);
      // One unit feeds the output.
      const sign = (subNetwork?.output[0] ?? 0) < 0 ? '−' : '+';
      return [numberText(norm, 4), sign, strongest.map(({ name }) => name).join(', ')];
    });
  const title =
    subNetworks.length > LARGEST
      ? `Largest ${LARGEST} of ${subNetworks.length} sub-networks`
      : `All ${countNoun(subNetworks.length, 'sub-network')}`;
  return [
    title,
    ...align([['path norm', 'output', 'largest weights on'], ...rows], {
      indent: '  ',
      right: [true, false, false],
    }),
  ];
}

function inputName(t: number, preprocessing: Preprocessing | null, inputs: number): string {
  const name = preprocessing?.featureNames[t];
  if (name !== undefined) return oneLine(name);
  return t === inputs - 1 ? 'bias' : `input ${t + 1}`;
}
