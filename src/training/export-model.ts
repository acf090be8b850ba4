import {
  mlpToJson,
  parallelToJson,
  resNetToJson,
  type MlpJson,
  type ParallelJson,
  type ResNetJson,
} from '../network/architecture-json.js';
import { toMlp } from '../network/mlp.js';
import type { ParallelNetwork } from '../network/network.js';
import { toResNet } from '../network/resnet.js';
import { writeModelSafetensors } from '../formats/model-safetensors.js';
import { writeOnnx } from '../formats/onnx.js';
import { writeSource } from '../formats/source-file.js';
import type { Preprocessing } from '../table/preprocessing.js';
import { VERSION } from '../version.js';
import { modelJsonOf } from './import-model.js';
import type { LoadedModel } from './predict-table.js';

/** Forms of a network: docs/guide/architectures.md. */
const ARCHITECTURES = ['parallel', 'mlp', 'resnet'] as const;

export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** Formats of a whole model, preprocessing included: docs/guide/formats.md. */
const FILE_FORMATS = ['onnx', 'safetensors', 'js', 'ts', 'json'] as const;

/** Everything a model can be exported as. */
export const EXPORT_FORMS = [...ARCHITECTURES, ...FILE_FORMATS] as const;

export type ExportForm = (typeof EXPORT_FORMS)[number];

/**
 * The content of the file that a model is exported to: bytes for `onnx` and `safetensors`, else text.
 * @throws RelucentError `unsupported` for a form that cannot hold the model
 */
export function exportedFile(loaded: LoadedModel, form: ExportForm): string | Uint8Array {
  switch (form) {
    case 'onnx':
      return writeOnnx(modelJsonOf(loaded));
    case 'safetensors':
      return writeModelSafetensors(modelJsonOf(loaded));
    case 'js':
    case 'ts':
      return writeSource(modelJsonOf(loaded), form);
    case 'json':
      return `${JSON.stringify(modelJsonOf(loaded))}\n`;
    case 'parallel':
    case 'mlp':
    case 'resnet':
      return `${JSON.stringify(exportModel(loaded, form))}\n`;
    default:
      return form satisfies never;
  }
}

/**
 * The networks of a model in one form, with the affine map before and after them. A row of the networks is
 * (x − mean)/scale of the numbers x named by `names`, then a 1 where `bias` is true.
 */
export interface ExportedModel {
  readonly format: 'relucent-export';
  readonly version: 1;
  /** Version of relucent. */
  readonly relucent: string;
  readonly kind: 'classifier' | 'regressor';
  /** Class names; empty for a regressor. */
  readonly classes: readonly string[];
  readonly input: {
    /** Columns, and `column=level` for the indicator of a level; null for a model of bare numbers. */
    readonly names: readonly string[] | null;
    readonly mean: readonly number[];
    readonly scale: readonly number[];
    readonly bias: boolean;
  };
  /** Predictions of a regressor are mean + scale · output; null for a classifier, whose outputs are log-odds. */
  readonly target: { readonly mean: number; readonly scale: number } | null;
  /** One network for each output of the model. */
  readonly outputs: readonly {
    readonly label: string;
    readonly network: ParallelJson | MlpJson | ResNetJson;
  }[];
}

/**
 * A model with its networks in another form, as plain data. How missing cells are filled and unseen levels are read
 * stays in the model file.
 * @throws RelucentError `unsupported` for gated networks as `mlp` or `resnet`
 */
export function exportModel(
  { model, classes, preprocessing }: LoadedModel,
  as: ArchitectureName,
): ExportedModel {
  const { options, outputs, columns, target } = model;
  const fromTable = preprocessing ? tableScaling(preprocessing) : identity(columns);
  const own = model.scaling ?? identity(columns);
  return {
    format: 'relucent-export',
    version: 1,
    relucent: VERSION,
    kind: target === null ? 'classifier' : 'regressor',
    classes,
    input: {
      names: preprocessing?.featureNames ?? null,
      // One affine map after the other.
      mean: fromTable.mean.map((mean, t) => mean + (fromTable.scale[t] ?? 1) * (own.mean[t] ?? 0)),
      scale: fromTable.scale.map((scale, t) => scale * (own.scale[t] ?? 1)),
      bias: options.bias,
    },
    target,
    outputs: outputs.map(({ label, network }) => ({ label, network: inForm(network, as) })),
  };
}

function inForm(network: ParallelNetwork, as: ArchitectureName): ParallelJson | MlpJson | ResNetJson {
  switch (as) {
    case 'parallel':
      return parallelToJson(network);
    case 'mlp':
      return mlpToJson(toMlp(network));
    case 'resnet':
      return resNetToJson(toResNet(network));
    default:
      return as satisfies never;
  }
}

interface ColumnScaling {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

function tableScaling({ columns }: Preprocessing): ColumnScaling {
  return {
    mean: columns.flatMap((column) => (column.kind === 'numeric' ? [column.mean] : column.means)),
    scale: columns.flatMap((column) => (column.kind === 'numeric' ? [column.scale] : column.scales)),
  };
}

function identity(columns: number): ColumnScaling {
  return { mean: new Array<number>(columns).fill(0), scale: new Array<number>(columns).fill(1) };
}
