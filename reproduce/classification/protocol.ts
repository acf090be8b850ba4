import { performance } from 'node:perf_hooks';
import type { Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { scoresOf, type LabelledRows, type Scores } from './labelled-rows.js';
import { secondsSince, type Method } from './method.js';

/** Rows of one trial: β and learning rate are chosen by training on `inner` and looking at `validation`; `train` is both. */
export interface Parts {
  readonly inner: LabelledRows;
  readonly validation: LabelledRows;
  readonly train: LabelledRows;
  readonly test: LabelledRows;
}

/** β_max of the unit that the grid of β is in, on both parts that are trained on. */
export interface Units {
  readonly inner: number;
  readonly train: number;
}

/** What was found of one method on one trial. */
export type MethodResult = {
  readonly method: string;
  /** Every candidate, trained on the inner part. */
  readonly candidates: readonly Candidate[];
  /** The candidate with the smallest loss on the validation part. */
  readonly betaRatio: number;
  readonly rate: number | null;
  /** Trained again on all training rows. */
  readonly train: Scores;
  readonly test: Scores;
  readonly objective: number;
  readonly certificate: Certified | null;
  /** Relative gap against seconds of the slowest output. */
  readonly history: readonly (readonly [number, number])[];
  /** Of all training that the choice took, and of the last one alone. */
  readonly choiceSeconds: number;
  readonly seconds: number;
};

export type Candidate = {
  readonly betaRatio: number;
  readonly rate: number | null;
  readonly validation: Scores;
  readonly objective: number;
  readonly certificate: Certified | null;
};

/** Every certificate of some methods, of candidates and of the last fits. */
export function certificatesOf(methods: readonly MethodResult[]): Certified[] {
  return methods.flatMap(({ certificate, candidates }) =>
    [certificate, ...candidates.map((one) => one.certificate)].filter((one) => one !== null),
  );
}

/** The same for every method: candidates on the inner part, the choice by validation loss, the last fit on all training rows. */
export async function tryMethod(
  lab: Lab,
  method: Method,
  parts: Parts,
  grid: { readonly ratios: readonly number[]; readonly units: Units; readonly seed: number },
): Promise<MethodResult> {
  const { ratios, units, seed } = grid;
  const start = performance.now();
  const candidates: Candidate[] = [];
  for (const rate of method.rates) {
    const betas = ratios.map((ratio) => ratio * units.inner);
    const fits = await method.fit(lab, parts.inner, betas, rate, seed);
    fits.forEach(({ network, objective, certificate }, b) => {
      const validation = scoresOf(network, parts.validation);
      candidates.push({ betaRatio: ratios[b] ?? NaN, rate, validation, objective, certificate });
    });
  }
  const choiceSeconds = secondsSince(start);
  const chosen = candidates.reduce((best, one) => (one.validation.loss < best.validation.loss ? one : best));
  const restart = performance.now();
  const [last] = await method.fit(lab, parts.train, [chosen.betaRatio * units.train], chosen.rate, seed);
  if (last === undefined) throw new RangeError('ratios: expected at least one β');
  return {
    method: method.name,
    candidates,
    betaRatio: chosen.betaRatio,
    rate: chosen.rate,
    train: scoresOf(last.network, parts.train),
    test: scoresOf(last.network, parts.test),
    objective: last.objective,
    certificate: last.certificate,
    history: last.history.flatMap(({ seconds, relativeGap }) =>
      Number.isFinite(relativeGap) ? [[seconds, relativeGap] as const] : [],
    ),
    choiceSeconds,
    seconds: secondsSince(restart),
  };
}
