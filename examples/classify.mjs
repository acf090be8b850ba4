// Three classes from plain arrays: Fisher's irises.
// Run it from the repository after `npm run build`: node examples/classify.mjs
import { readFileSync } from 'node:fs';
import { URL } from 'node:url';
import { RelucentClassifier } from 'relucent';

const lines = readFileSync(new URL('../data/iris.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const rows = lines.map((line) => line.split(','));
const X = rows.map((cells) => cells.slice(0, 4).map(Number));
const y = rows.map((cells) => cells[4]);

// Every third row is held out.
const isTest = (_, i) => i % 3 === 0;
const isTrain = (_, i) => i % 3 !== 0;

const model = await new RelucentClassifier({ betaRatio: 0.01 }).fit(X.filter(isTrain), y.filter(isTrain));

const { objective, dualBound, relativeGap, scope } = model.certificate;
console.log(`classes      ${model.classes.join(', ')}`);
console.log(`objective    ${objective.toFixed(6)}, dual bound ${dualBound.toFixed(6)} (${scope})`);
console.log(`relative gap ${relativeGap.toExponential(1)}`);
console.log(
  `accuracy     ${model.score(X.filter(isTest), y.filter(isTest)).toFixed(4)} on the rows held out`,
);
