export { solve } from './problem/solve.js';
export type {
  Certificate,
  CertificateScope,
  ReluDecomposition,
  SolveOptions,
  SolveResult,
} from './problem/solve.js';
export type { FlatMatrix, NumberMatrix, NumberVector, ProblemInput } from './problem/problem-input.js';
export { RelucentClassifier, FittedClassifier } from './estimator/classifier.js';
export type { ClassLabel } from './estimator/classifier.js';
export { RelucentRegressor, FittedRegressor } from './estimator/regressor.js';
export type { EstimatorOptions } from './estimator/options.js';
export type { Decomposition, FitHooks, FittedOutput, OutputCertificate } from './estimator/output.js';
export type { ModelJson } from './estimator/model-json.js';
export { forward, pathNorm } from './network/network.js';
export type { ParallelNetwork, SubNetwork } from './network/network.js';
export type { Iteration, SolveStatus, WarmStart } from './solver/solve-program.js';
export { RelucentError } from './error.js';
export type { ErrorCode } from './error.js';
export { VERSION } from './version.js';
