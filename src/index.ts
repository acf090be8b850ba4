export { betaMax, solve } from './problem/solve.js';
export type { SolveOptions } from './problem/solve.js';
export { solveAll } from './problem/solve-all.js';
export type { SolveAllOptions } from './problem/solve-all.js';
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
export { RelucentError } from './error.js';
export type { ErrorCode } from './error.js';
export { VERSION } from './version.js';
