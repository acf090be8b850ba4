import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import { inputShares } from '../network/input-shares.js';
import { forward } from '../network/network.js';
import { readMatrix, withBias } from '../problem/matrix-input.js';
import type { NumberMatrix } from '../problem/problem-input.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import { writeOnnx } from '../formats/onnx.js';
import type { Calibration } from './calibration.js';
import { writeModel, type ModelJson } from './model-json.js';
import type { ModelState } from './model-state.js';
import type { CheckedOptions } from './options.js';
import type { FittedOutput, OutputCertificate } from './output.js';
import { applyScaling, type Scaling } from './scaling.js';

/** What trained classifiers and regressors share. */
export abstract class FittedModel implements ModelState {
  readonly options: CheckedOptions;
  readonly scaling: Scaling | null;
  readonly columns: number;
  readonly target: { readonly mean: number; readonly scale: number } | null;
  readonly outputs: readonly FittedOutput[];
  readonly weighted: boolean;
  readonly calibration: Calibration | null;

  constructor(state: ModelState) {
    this.options = state.options;
    this.scaling = state.scaling;
    this.columns = state.columns;
    this.target = state.target;
    this.outputs = state.outputs;
    this.weighted = state.weighted;
    this.calibration = state.calibration;
  }

  /** Certificate of the whole model: objectives and bounds of the outputs added up, the worst status of any. */
  get certificate(): OutputCertificate {
    const all = this.outputs.map((output) => output.certificate);
    const sum = (of: (certificate: OutputCertificate) => number): number =>
      all.reduce((total, certificate) => total + of(certificate), 0);
    const first = all[0];
    if (!first) throw new RelucentError('invalid-model', 'outputs', 'expected at least one output, got none');
    if (all.length === 1) return first;
    const objective = sum((c) => c.objective);
    const dualBound = sum((c) => c.dualBound);
    return {
      ...first,
      scope: all.every((c) => c.scope === 'all-arrangements') ? 'all-arrangements' : 'given-arrangements',
      objective,
      dualBound,
      gap: objective - dualBound,
      relativeGap: relativeGapOf(objective, dualBound),
      status: all.find((c) => c.status !== 'optimal')?.status ?? 'optimal',
      networkObjective: sum((c) => c.networkObjective),
      beta: Math.max(...all.map((c) => c.beta)),
      betaMax: Math.max(...all.map((c) => c.betaMax)),
      // Outputs share rows and seed, and so their patterns; each has groups of its own on them.
      patternsPriced: Math.max(...all.map((c) => c.patternsPriced)),
      patternsTotal: Math.max(...all.map((c) => c.patternsTotal)),
      groups: sum((c) => c.groups),
      activeGroups: sum((c) => c.activeGroups),
      iterations: sum((c) => c.iterations),
      seconds: sum((c) => c.seconds),
    };
  }

  /** Complete model as plain data for JSON.stringify. */
  abstract toJSON(): ModelJson;

  /**
   * The model as an ONNX file of standard operators in float64: input `X` (rows × columns), outputs `prediction`, or `label`
   * and `probabilities`. {@link importModel} reads it back. docs/guide/formats.md.
   */
  toOnnx(): Uint8Array {
    return writeOnnx(this.toJSON());
  }

  /** Share of each column of X in the path norm of the networks, the bias left out: sum 1, see {@link inputShares}. */
  get featureImportances(): Float64Array {
    return inputShares(
      this.outputs.map(({ network }) => network),
      this.columns,
    );
  }

  protected readRows(X: NumberMatrix): Rows {
    const raw = readMatrix(X, 'X');
    if (raw.d !== this.columns) {
      throw new RelucentError(
        'invalid-argument',
        'X[0]',
        `expected ${this.columns} columns as in training, got ${raw.d}`,
      );
    }
    const rows = this.scaling ? applyScaling(raw, this.scaling) : raw;
    return this.options.bias ? withBias(rows) : rows;
  }

  protected rawOutput(k: number, rows: Rows): Float64Array {
    const output = this.outputs[k];
    return output ? forward(output.network, rows) : new Float64Array(rows.n);
  }

  protected modelJson(kind: 'classifier' | 'regressor', classes: readonly (string | number)[]): ModelJson {
    return writeModel(kind, this, classes);
  }
}
