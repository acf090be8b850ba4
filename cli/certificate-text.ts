import type { OutputCertificate } from '../src/estimator/output.js';
import { boundPairText, countNoun, numberText } from '../src/report/number-text.js';
import type { ModelSummary, OutputSummary } from '../src/report/report-input.js';
import { align } from './align.js';

/** How a solve ended, in plain words. */
export function statusText(status: OutputCertificate['status'], tolerance: number): string {
  const scale = `tolerance ${numberText(tolerance, 2)}`;
  switch (status) {
    case 'optimal':
      return `solved to ${scale}`;
    case 'time-limit':
      return `stopped by the time limit, above ${scale}`;
    case 'iteration-limit':
      return `stopped by the iteration limit, above ${scale}`;
    default:
      return status satisfies never;
  }
}

/** A relative gap, with 0 for the rounding below zero. */
export function gapText(relativeGap: number): string {
  return numberText(Math.max(0, relativeGap), 2);
}

/** What the certificate covers. */
function scopeText({ scope, patternsTotal }: OutputCertificate, { formulation }: ModelSummary): string {
  const items = formulation === 'relu' ? 'activation patterns' : 'gates';
  return scope === 'all-arrangements'
    ? `all arrangements: every network of this form`
    : `given arrangements: networks on the ${countNoun(patternsTotal, items.slice(0, -1), items)} sampled, not all there are`;
}

/** A certificate as aligned lines of name, number and meaning. */
export function certificateLines(certificate: OutputCertificate, model: ModelSummary): string[] {
  const { objective, bound } = boundPairText(certificate.objective, certificate.dualBound);
  const { betaMax, beta, tolerance, status, relativeGap } = certificate;
  const share = betaMax > 0 ? ` (${numberText(beta / betaMax, 2)} of β_max)` : '';
  const measured = align([
    [objective, 'training loss + β · path norms, on the training rows'],
    [bound, 'proven: no network in scope is below this'],
    [gapText(relativeGap), statusText(status, tolerance)],
  ]);
  return align(
    [
      ['objective', measured[0] ?? ''],
      ['dual bound', measured[1] ?? ''],
      ['relative gap', measured[2] ?? ''],
      ['scope', scopeText(certificate, model)],
      ['sub-networks', `${model.subNetworks} out of ${countNoun(certificate.groups, 'group')}`],
      ['β', `${numberText(beta, 4)}${share}, ${model.betaChoice}`],
    ],
    { indent: '  ' },
  );
}

/** Outputs of a model with several, one line each. */
export function outputLines(outputs: readonly OutputSummary[], betas: readonly number[]): string[] {
  const header = ['output', 'objective', 'dual bound', 'relative gap', 'sub-networks', 'β'];
  const body = outputs.map((output, k) => {
    const { objective, bound } = boundPairText(output.objective, output.dualBound);
    const active = output.groupNorms.filter((norm) => norm > 0).length;
    return [
      output.label,
      objective,
      bound,
      gapText(output.relativeGap),
      String(active),
      numberText(betas[k] ?? NaN, 4),
    ];
  });
  return align([header, ...body], { indent: '  ', right: [false, true, true, true, true, true] });
}
