// A table from objects: one-hot, missing cells and standardisation included; then predictions for new objects.
// Run it from the repository after `npm run build`: node examples/records.mjs
import { TableModel, train } from 'relucent';

const colours = ['red', 'green', 'blue'];
const records = Array.from({ length: 90 }, (_, i) => {
  const colour = colours[i % 3];
  const age = (i * 7) % 20;
  const price = 20 - age + (colour === 'red' ? 5 : 0) + (age > 12 ? 2 * (age - 12) : 0);
  return { age: i % 17 === 0 ? null : age, colour, price };
});

const { model, scores, notes } = await train(records, { target: 'price', betaRatio: 0.003, sample: 100 });
const [network] = scores.rows;
const copy = TableModel.fromJSON(JSON.parse(JSON.stringify(model)));
const rows = [
  { colour: 'red', age: 3 },
  { colour: 'blue', age: 18 },
  { colour: 'violet', age: 3 },
];
const prices = copy.predict(rows, { onWarning: (message) => console.log(`note         ${message}`) });

console.log(`inputs       ${model.preprocessing.featureNames.join(', ')}`);
console.log(`relative gap ${model.certificate.relativeGap.toExponential(1)}`);
console.log(`test R²      ${network.test[0].toFixed(3)}`);
console.log(`prices       ${prices.map((price) => price.toFixed(1)).join(', ')}`);
console.log(notes.join('\n'));
