export { betaMax, solve } from './problem/solve.js';
export type { SolveOptions } from './problem/solve.js';
export { solveAll } from './problem/solve-all.js';
export type { SolveAllOptions } from './problem/solve-all.js';
export { recordingExecutor, type TaskRecord, type TaskRecords } from './executor/recording-executor.js';
export { openExecutor } from './executor/open-executor.js';
export type { Executor, OwnExecutor, RunOptions, Task, TaskContext } from './executor/executor.js';
export { certify } from './certify/certify.js';
export type { CertifyOptions, CertifyProblem, CertifyResult, NetworkValue } from './certify/certify.js';
export type { Distance } from './certify/distance.js';
export { networkFileSchema, readNetworkFile } from './certify/network-file.js';
export type { NetworkFile, ReadNetworkFile } from './certify/network-file.js';
export type {
  Approximation,
  ArrangementSearch,
  Certificate,
  CertificateScope,
  ReluDecomposition,
  SolveResult,
} from './problem/result.js';
export type {
  FlatMatrix,
  NumberMatrix,
  NumberVector,
  PatternSource,
  ProblemInput,
} from './problem/problem-input.js';
export { RelucentClassifier, FittedClassifier } from './estimator/classifier.js';
export type { ClassLabel } from './estimator/classifier.js';
export { RelucentRegressor, FittedRegressor } from './estimator/regressor.js';
export { optionsSchema as estimatorOptionsSchema } from './estimator/options.js';
export type { CheckedOptions, EstimatorOptions } from './estimator/options.js';
export type { FitOptions } from './estimator/estimator.js';
export type { PathGrid } from './estimator/train-task.js';
export { selectionSchema } from './estimator/select-task.js';
export type { NestedScore, Selection, SelectionOptions } from './estimator/select-task.js';
export { inputShares } from './network/input-shares.js';
export type { Decomposition, FitHooks, FittedOutput, OutputCertificate } from './estimator/output.js';
export type { ModelJson } from './estimator/model-json.js';
export { forward, pathNorm } from './network/network.js';
export type { HiddenLayers, ParallelNetwork, SubNetwork } from './network/network.js';
export { widenLastLayer } from './network/widen.js';
export { forwardMlp, toMlp } from './network/mlp.js';
export type { LinearLayer, Mlp } from './network/mlp.js';
export { forwardResNet, toResNet } from './network/resnet.js';
export type { ResNet } from './network/resnet.js';
export {
  mlpFromJson,
  mlpToJson,
  parallelFromJson,
  parallelToJson,
  resNetFromJson,
  resNetToJson,
} from './network/architecture-json.js';
export type { MlpJson, ParallelJson, ResNetJson } from './network/architecture-json.js';
export type { Architecture } from './problem/architecture.js';
export { kernelNames, type KernelName } from './kernel/choose-kernel.js';
export type { Checkpoint } from './solver/checkpoint.js';
export type { Iteration, SolveStatus, WarmStart } from './solver/solve-program.js';
export { train } from './training/train.js';
export type { Trained, TrainSettings } from './training/train.js';
export { TableModel } from './training/table-model.js';
export type { PredictHooks } from './training/table-model.js';
export type { TrainHooks } from './training/train-table.js';
export { tableOfColumns, tableOfRecords } from './table/table-input.js';
export type { ColumnInput, TableInput } from './table/table-input.js';
export { parseJsonLines, parseTable } from './table/parse-table.js';
export type { ParseOptions } from './table/parse-table.js';
export type { Table } from './table/table.js';
export type { Preprocessing } from './table/preprocessing.js';
export { importModel } from './training/import-model.js';
export type { LoadedModel } from './training/predict-table.js';
export { RelucentError } from './error.js';
export type { ErrorCode } from './error.js';
export { VERSION } from './version.js';
