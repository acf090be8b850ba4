import { boundPairText, countNoun, numberText, percentTextUp } from './number-text.js';
import type { ModelSummary, OutputSummary, ReportInput } from './report-input.js';

/** A bound above an objective by more than this share of it is no rounding: the certificate is broken. */
const roundingShare = 1e-9;

/** `none`: there is no bound. `invalid`: the bound lies above one of the two objectives by more than rounding. */
export type CertificateVerdict = 'within-tolerance' | 'above-tolerance' | 'none' | 'invalid';

/** What the numbers of one output prove, whatever its status says. */
export function certificateVerdict(output: OutputSummary): CertificateVerdict {
  const { objective, dualBound, gap, relativeGap, tolerance } = output;
  if (![objective, dualBound, gap, relativeGap].every((value) => Number.isFinite(value))) return 'none';
  if (isAbove(dualBound, objective) || isAbove(dualBound, output.networkObjective)) return 'invalid';
  return relativeGap <= tolerance ? 'within-tolerance' : 'above-tolerance';
}

/** The output whose certificate says least: invalid, then none, then the largest relative gap. */
export function weakestOutput(outputs: readonly OutputSummary[]): OutputSummary | undefined {
  const weight = (output: OutputSummary): number => {
    const verdict = certificateVerdict(output);
    return verdict === 'invalid' ? Infinity : verdict === 'none' ? Number.MAX_VALUE : output.relativeGap;
  };
  return outputs.reduce<OutputSummary | undefined>(
    (weakest, output) => (weakest === undefined || weight(output) > weight(weakest) ? output : weakest),
    undefined,
  );
}

/** What was trained, in two sentences: data and target, then the program. */
export function trainingSentences(input: ReportInput): readonly string[] {
  const { model, table } = input;
  const kind = model.formulation === 'relu' ? 'ReLU' : 'gated ReLU';
  const widths = model.widths.length === 0 ? '' : ` of hidden width ${model.widths.join(' × ')}`;
  const outputs =
    input.outputs.length === 1
      ? `with ${countNoun(model.subNetworks, 'active sub-network')}`
      : `for each of ${countNoun(input.outputs.length, 'output')}, with ${countNoun(model.subNetworks, 'active sub-network')} in all`;
  const groups = countNoun(model.groupsTotal, 'group');
  const rows = table ? `from ${input.sourceName}, on ${countNoun(table.trainRows, 'row')}, ` : '';
  return [
    `A network of ${model.depth} layers made of parallel ${kind} sub-networks${widths} was trained to predict ${input.targetName} ${rows}${outputs}.`,
    `Training was solved as a convex program of ${groups} with the ${model.lossName} loss and path-norm strength β = ${numberText(model.beta, 5)}${betaRatioText(model)}; β was ${model.betaChoice}.`,
  ];
}

/** The certificate of one output in plain words, one sentence each; says nothing that the numbers do not. */
export function certificateSentences(output: OutputSummary, model: ModelSummary): readonly string[] {
  const texts = boundPairText(output.objective, output.dualBound);
  const verdict = certificateVerdict(output);
  if (verdict === 'none') {
    return [
      `The training objective is ${numberText(output.objective, 7)}.`,
      'No lower bound was obtained, so nothing is proven about how far this is from the best possible value.',
    ];
  }
  const opening = [
    `The training objective is ${texts.objective}.`,
    `${competitorsText(output, model)} can have an objective below ${texts.bound}.`,
  ];
  if (verdict === 'invalid') {
    return [
      ...opening,
      isAbove(output.dualBound, output.objective)
        ? 'These two numbers contradict each other by more than rounding explains: do not rely on this certificate.'
        : 'The exported network itself lies below that bound, by more than rounding explains: do not rely on this certificate.',
    ];
  }
  const within =
    output.gap <= 0
      ? 'The two agree to the last digit of the arithmetic: no gap is left.'
      : `So the result is within ${percentTextUp(output.relativeGap)} of the best value that is possible there.`;
  const tolerance = `the tolerance of ${percentTextUp(output.tolerance)}`;
  const stop =
    verdict === 'within-tolerance'
      ? `That meets ${tolerance}.`
      : `That does not meet ${tolerance}: the run ended with status “${output.status}”.`;
  return [...opening, within, stop];
}

/** What the scope of a certificate does and does not cover. */
export function scopeSentence(output: OutputSummary, model: ModelSummary): string {
  if (output.scope === 'all-arrangements') {
    return model.formulation === 'relu'
      ? 'Scope: all arrangements. The bound was checked against every activation pattern that these training rows allow, so it holds for every network of this form, whatever its weights.'
      : 'Scope: all arrangements of gates. The bound was checked against every pattern that these training rows allow, so it holds for every gated network of this form.';
  }
  const items = model.formulation === 'relu' ? 'activation patterns' : 'gates';
  return `Scope: the given arrangements. The bound covers every network built on the ${items} that this program contained. A network with other ${items} may have a lower objective; this is not a claim about all arrangements.`;
}

/** The exported weights against the solver: a check that needs no trust in the convex program. */
export function networkObjectiveSentence(output: OutputSummary, model: ModelSummary): string {
  if (!Number.isFinite(output.networkObjective)) return 'The exported network was not evaluated separately.';
  const difference = output.networkObjective - output.objective;
  const share = Math.abs(difference) / Math.max(Math.abs(output.objective), Number.MIN_VALUE);
  const value = numberText(output.networkObjective, 8);
  if (share <= 1e-6) {
    return `Evaluated on the exported weights, independently of the solver, the objective is ${value}: the same to within ${percentTextUp(1e-6)}.`;
  }
  const side = difference > 0 ? 'above' : 'below';
  const reason =
    model.formulation === 'gated' && difference > 0
      ? ' The gated solution was rewritten as a ReLU network, which costs path norm; the certificate is about the gated program.'
      : '';
  return `Evaluated on the exported weights, independently of the solver, the objective is ${value}, which is ${percentTextUp(share)} ${side} that of the program.${reason}`;
}

/** False when either number is missing. */
function isAbove(bound: number, objective: number): boolean {
  return bound - objective > roundingShare * Math.max(Math.abs(bound), Math.abs(objective));
}

function competitorsText(output: OutputSummary, model: ModelSummary): string {
  const isRelu = model.formulation === 'relu';
  if (output.scope === 'all-arrangements') {
    return isRelu
      ? 'No network of this form, whatever its weights and activation patterns,'
      : 'No gated network of this form';
  }
  return isRelu ? 'No network on these activation patterns' : 'No gated network on these gates';
}

function betaRatioText(model: ModelSummary): string {
  if (model.betaMax === null || !(model.betaMax > 0) || !Number.isFinite(model.betaMax)) return '';
  return ` (${numberText(model.beta / model.betaMax, 3)} of the β above which the best network is zero)`;
}
