// Regression, then the model to JSON and back: the copy predicts the same numbers.
// Run it from the repository after `npm run build`: node examples/regression-json.mjs
import { RelucentRegressor } from 'relucent';

const X = Array.from({ length: 60 }, (_, i) => [(i - 30) / 10]);
const y = X.map(([x]) => Math.sin(x) + x / 2);

const model = await new RelucentRegressor({ betaRatio: 0.001, sample: 100 }).fit(X, y);
const copy = RelucentRegressor.fromJSON(JSON.parse(JSON.stringify(model)));

const before = model.predict(X);
const after = copy.predict(X);
console.log(`R²           ${model.score(X, y).toFixed(5)}`);
console.log(`relative gap ${model.certificate.relativeGap.toExponential(1)}`);
console.log(`round trip   ${before.every((value, i) => value === after[i]) ? 'identical' : 'different'}`);
