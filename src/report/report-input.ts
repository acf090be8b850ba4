import type { CertificateScope } from '../problem/result.js';

/**
 * Everything the report page shows, as plain readonly data: nothing is fitted, scored or certified here.
 *
 * All numbers are in the user's units. A number that does not exist (a bound that was never found) may be `NaN` or
 * infinite: the page then says so in words. All text may be hostile (it comes from the user's file): it is escaped.
 */
export interface ReportInput {
  /** Heading of the page, e.g. `breast-cancer.csv → diagnosis`. */
  readonly title: string;
  readonly sourceName: string;
  readonly targetName: string;
  readonly task: 'regression' | 'classification';
  /** Shown as given; the page itself never reads a clock. */
  readonly date: string;
  readonly version: string;
  /** Empty where it is not known. */
  readonly commandLine: string;
  /** Null where no table was at hand: the report of a model file alone. */
  readonly table: TableSummary | null;
  readonly model: ModelSummary;
  /** At least one: a regression or binary target has one output, one-vs-rest has one per class. */
  readonly outputs: readonly OutputSummary[];
  /** Left out where no rows were at hand: the report of a model file alone. */
  readonly scores?: ScoreSummary | undefined;
  readonly predictions?: RegressionPredictions | ClassificationPredictions | undefined;
  readonly cvCurve?: CvCurve | undefined;
  /** Share of the path norm that goes through each input column, largest first; the shares add up to 1. */
  readonly importances?: readonly Importance[] | undefined;
  /** What the network predicts over two of its inputs; null where fewer than two of them are numbers. */
  readonly surface?: DecisionSurface | null | undefined;
  /** Further rows of the reproducibility table, in the order given: seed, threads, patterns, ... */
  readonly options?: readonly OptionRow[] | undefined;
}

export interface TableSummary {
  readonly rows: number;
  readonly columns: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** What preprocessing did, one sentence each. */
  readonly notes: readonly string[];
}

export interface ModelSummary {
  /** Layers, counted as L of the training problem: 2 is one hidden layer. */
  readonly depth: number;
  /** Hidden widths of each sub-network, m_1 ... m_{L-2}; empty for depth 2. */
  readonly widths: readonly number[];
  readonly formulation: 'relu' | 'gated';
  readonly lossName: string;
  readonly beta: number;
  /** The smallest beta with the zero network as the solution; null when it was not computed. */
  readonly betaMax: number | null;
  /** How beta was chosen, as a clause that follows "beta was": `chosen by 5-fold cross-validation`. */
  readonly betaChoice: string;
  /** Sub-networks of the trained network, over all outputs. */
  readonly subNetworks: number;
  /** Groups of the convex program, over all outputs. */
  readonly groupsTotal: number;
}

/** One trained output and its certificate: `dualBound ≤ optimum ≤ objective` within `scope`. */
export interface OutputSummary {
  /** Name of the output: the target column, or the class of a one-vs-rest output. */
  readonly label: string;
  readonly objective: number;
  readonly dualBound: number;
  /** `objective − dualBound`. */
  readonly gap: number;
  /** `gap / |objective|`; `tolerance` is on this scale. */
  readonly relativeGap: number;
  readonly tolerance: number;
  readonly scope: CertificateScope;
  /** The training objective evaluated on the exported weights, independently of the solver. */
  readonly networkObjective: number;
  readonly status: string;
  readonly iterations: number;
  readonly seconds: number;
  readonly history: readonly HistoryPoint[];
  /** Norm of every group of the program; most are exactly 0. */
  readonly groupNorms: readonly number[];
}

export interface HistoryPoint {
  readonly iteration: number;
  readonly seconds: number;
  readonly objective: number;
  readonly dualBound: number;
  readonly activeGroups: number;
}

/** Scores of the network and of its yardsticks. The first metric decides who is ahead. */
export interface ScoreSummary {
  readonly metrics: readonly { readonly name: string; readonly better: 'higher' | 'lower' }[];
  readonly rows: readonly ScoreRow[];
}

export interface ScoreRow {
  readonly name: string;
  readonly role: 'network' | 'yardstick';
  /** One score for each metric, in the order of `metrics`. */
  readonly train: readonly number[];
  /** As `train`; null without test rows. */
  readonly test: readonly number[] | null;
}

export interface RegressionPredictions {
  readonly kind: 'regression';
  readonly rowsFrom: 'test' | 'train';
  readonly rows: readonly RegressionPoint[];
}

export interface RegressionPoint {
  readonly actual: number;
  readonly predicted: number;
}

export interface ClassificationPredictions {
  readonly kind: 'classification';
  readonly rowsFrom: 'test' | 'train';
  /** Every class once, in the order of `probability`. */
  readonly classes: readonly string[];
  readonly rows: readonly ClassificationPoint[];
}

export interface ClassificationPoint {
  readonly actual: string;
  readonly predicted: string;
  /** One number in [0, 1] for each class. */
  readonly probability: readonly number[];
}

/** One input column and its share of the path norm, in [0, 1]. */
export interface Importance {
  readonly name: string;
  readonly share: number;
}

/** Predictions over a grid of two numeric inputs, in the user's units. */
export interface DecisionSurface {
  readonly x: SurfaceAxis;
  readonly y: SurfaceAxis;
  /** The grid has `columns` × `rows` cells; a value is that of the middle of its cell. */
  readonly columns: number;
  readonly rows: number;
  /** What the other inputs are held at, one clause each; empty where there are no others. */
  readonly held: readonly string[];
  readonly field: RegressionField | ClassificationField;
  /** Where the rows of `pointsFrom` lie; their other inputs differ from those of the picture. */
  readonly points: readonly SurfacePoint[];
  readonly pointsFrom: 'test' | 'train';
}

export interface SurfaceAxis {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

export interface RegressionField {
  readonly kind: 'regression';
  /** Length columns · rows, row after row, from the smallest y on. */
  readonly values: readonly number[];
}

export interface ClassificationField {
  readonly kind: 'classification';
  readonly classes: readonly string[];
  /** For each class its probability, laid out like the values of a {@link RegressionField}. */
  readonly probability: readonly (readonly number[])[];
}

export interface SurfacePoint {
  readonly x: number;
  readonly y: number;
  /** Actual class; null in regression. */
  readonly actual: string | null;
  /** Whether the class is predicted rightly, from all inputs of the row; null in regression. */
  readonly isRight: boolean | null;
}

/** Cross-validated score along the regularisation path. */
export interface CvCurve {
  readonly metricName: string;
  readonly better: 'higher' | 'lower';
  readonly points: readonly CvPoint[];
  readonly chosenBeta: number;
}

export interface CvPoint {
  readonly beta: number;
  readonly mean: number;
  readonly standardError: number;
}

export interface OptionRow {
  readonly name: string;
  readonly value: string;
}
