import type { NetworkFile } from '../../src/certify/network-file.js';
import { writeModel, type ModelJson } from '../../src/estimator/model-json.js';
import { checkOptions } from '../../src/estimator/options.js';
import { writeOnnx } from '../../src/formats/onnx.js';
import { writeSource } from '../../src/formats/source-file.js';
import { mlpToJson, parallelFromJson } from '../../src/network/architecture-json.js';
import { toMlp } from '../../src/network/mlp.js';
import type { PathPoint, PlaygroundProblem } from '../protocol.js';

/** A network shown on the page, with the problem that it solves. */
export interface Exported {
  readonly problem: PlaygroundProblem;
  readonly point: PathPoint;
  readonly betaMax: number;
}

/** Duality gap that `solve` was asked for: its default. */
const TOLERANCE = 1e-6;

/**
 * The network as JSON, as parallel sub-networks or as one plain MLP, with loss, β and the names of its columns: what
 * `relucent certify network.json data.csv` reads, so that anyone can prove its distance from the global optimum again.
 *
 * @throws RelucentError `unsupported` for a gated network as an MLP
 */
export function networkJson({ problem, point }: Exported, form: 'parallel' | 'mlp'): string {
  const isClasses = problem.task === 'classes';
  const { loss } = problem.model;
  const network =
    form === 'parallel'
      ? point.network
      : { ...mlpToJson(toMlp(parallelFromJson(point.network))), subNetworks: 'blocks' as const };
  const file: NetworkFile = {
    format: 'relucent-certify',
    version: 1,
    loss,
    beta: point.beta,
    target: isClasses ? 'label' : 'y',
    inputs: isClasses ? ['x', 'y'] : ['x'],
    bias: true,
    ...(isClasses && loss !== 'squared' ? { classes: [-1, 1] } : {}),
    widths: [...problem.model.widths],
    network,
  };
  return `${JSON.stringify(file)}\n`;
}

/**
 * An ONNX file (float64): `X`, rows × inputs without the bias, to `label` and `probabilities` of the logistic loss, which is
 * one of probabilities, and to `prediction`, the output f(x), for the others: its sign is the class.
 */
export function networkOnnx(exported: Exported): Uint8Array {
  return writeOnnx(modelOf(exported), { withModel: false });
}

/** An ES module without imports: `predict(row)`, with the logistic loss `predictProba(row)` and `classes` too. */
export function networkSource(exported: Exported): string {
  const { problem } = exported;
  const isScore = problem.task === 'classes' && problem.model.loss !== 'logistic';
  const inputs = problem.task === 'classes' ? '[x, y]' : '[x]';
  const meaning = isScore
    ? 'the output of the network; its sign is the class'
    : problem.task === 'classes'
      ? 'the class, -1 or 1'
      : 'the number y';
  return `// relucent playground: predict(${inputs}) is ${meaning}.\n${writeSource(modelOf(exported), 'js')}`;
}

/** The network as the writers of the formats take it. Never written as a model itself, whose options have no such losses. */
function modelOf({ problem, point, betaMax }: Exported): ModelJson {
  const { task, model } = problem;
  const isClassifier = task === 'classes' && model.loss === 'logistic';
  return writeModel(
    isClassifier ? 'classifier' : 'regressor',
    {
      options: checkOptions({ formulation: model.formulation }),
      scaling: null,
      columns: task === 'classes' ? 2 : 1,
      target: isClassifier ? null : { mean: 0, scale: 1 },
      outputs: [
        {
          label: isClassifier ? '1' : task === 'classes' ? 'label' : 'y',
          network: parallelFromJson(point.network),
          certificate: {
            scope: point.scope,
            objective: point.objective,
            dualBound: point.dualBound,
            gap: point.objective - point.dualBound,
            relativeGap: point.relativeGap,
            tolerance: TOLERANCE,
            status: point.status,
            networkObjective: point.networkObjective,
            beta: point.beta,
            betaMax,
            patternsPriced: point.patternsTotal,
            patternsTotal: point.patternsTotal,
            groups: point.groups,
            activeGroups: point.pathNorms.length,
            iterations: point.iterations,
            seconds: point.seconds,
          },
          decomposition: null,
          history: [],
        },
      ],
      weighted: false,
      calibration: null,
    },
    isClassifier ? [-1, 1] : [],
  );
}
