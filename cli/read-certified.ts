import { taskOfFile } from '../src/certify/file-task.js';
import { tasksOfModel } from '../src/certify/model-tasks.js';
import { readNetworkFile } from '../src/certify/network-file.js';
import type { TableTask, TaskOverrides } from '../src/certify/table-task.js';
import { RelucentError, quoteValue } from '../src/error.js';
import { FittedClassifier } from '../src/estimator/classifier.js';
import { FittedRegressor } from '../src/estimator/regressor.js';
import { parallelToJson } from '../src/network/architecture-json.js';
import type { ParallelNetwork } from '../src/network/network.js';
import type { Table } from '../src/table/table.js';
import { exportModel } from '../src/training/export-model.js';
import { loadModel, type LoadedModel } from '../src/training/predict-table.js';
import { readJson } from './read-json.js';

/** A file with a network to certify, whichever of the two it is. */
export interface Certified {
  tasks(table: Table, overrides: TaskOverrides): readonly TableTask[];
  /** Name of the target column. */
  target(overrides: TaskOverrides): string;
  /** Other networks, one for each output, in a documented form. */
  withNetworks(networks: readonly ParallelNetwork[], overrides: TaskOverrides): object;
}

/** The network in a file: a model of relucent, or one from elsewhere. @throws RelucentError that names file and field */
export async function readCertified(path: string, signal: AbortSignal): Promise<Certified> {
  const json = await readJson(
    path,
    {
      noun: 'a network file',
      code: 'invalid-model',
      fix: 'pass a model.json, or a file as in docs/guide/certify.md',
    },
    signal,
  );
  try {
    return certifiedOf(json);
  } catch (error) {
    if (error instanceof RelucentError) throw new RelucentError(error.code, path, error.message);
    throw error;
  }
}

function certifiedOf(json: unknown): Certified {
  const format = (json as { readonly format?: unknown } | null)?.format;
  if (format === 'relucent-model') return fromModel(loadModel(json));
  if (format === 'relucent-certify') return fromFile(readNetworkFile(json));
  const fixes: Readonly<Record<string, string>> = {
    'relucent-network':
      'put it into the field "network" beside "loss", "beta" and "target" (docs/guide/certify.md)',
    'relucent-export': 'pass the model.json it was exported from',
  };
  const fix = typeof format === 'string' ? fixes[format] : undefined;
  throw new RelucentError(
    'invalid-model',
    'format',
    `expected "relucent-model" or "relucent-certify", got ${quoteValue(format)}; ${fix ?? 'docs/guide/certify.md has the form'}`,
  );
}

function fromModel(loaded: LoadedModel): Certified {
  const { model, preprocessing } = loaded;
  if (model.outputs.some(({ network }) => network.kind === 'gated')) {
    throw new RelucentError(
      'unsupported',
      'formulation',
      'expected a ReLU network, got a gated one, whose fixed gates are another family; train with --decompose or ' +
        '--formulation relu',
    );
  }
  return {
    tasks: (table, overrides) => tasksOfModel(loaded, table, overrides),
    target: ({ target }) => target ?? preprocessing?.target.name ?? 'the target',
    withNetworks: (networks) => {
      const outputs = model.outputs.map((output, k) => ({
        ...output,
        network: networks[k] ?? output.network,
      }));
      const { options, scaling, columns, target, weighted, calibration } = model;
      const state = { options, scaling, columns, target, outputs, weighted, calibration };
      const other =
        model instanceof FittedClassifier
          ? new FittedClassifier(state, model.classes)
          : new FittedRegressor(state);
      return exportModel({ ...loaded, model: other }, 'parallel');
    },
  };
}

function fromFile(read: ReturnType<typeof readNetworkFile>): Certified {
  const { file, bias } = read;
  return {
    tasks: (table, overrides) => [taskOfFile(read, table, overrides)],
    target: ({ target }) => target ?? file.target ?? 'the target',
    withNetworks: ([network = read.network], { target = file.target, beta = file.beta }) => ({
      ...file,
      ...(target === undefined ? {} : { target }),
      ...(beta === undefined ? {} : { beta }),
      bias,
      network: parallelToJson(network),
    }),
  };
}
