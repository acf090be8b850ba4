// A model as ONNX, run in onnxruntime (npm install onnxruntime-web), and read back.
// Run it from the repository after `npm run build`: node examples/onnx.mjs
import { importModel, RelucentRegressor } from 'relucent';
import { InferenceSession, Tensor } from 'onnxruntime-web';

const X = Array.from({ length: 60 }, (_, i) => [(i - 30) / 10]);
const y = X.map(([x]) => Math.sin(x) + x / 2);
const model = await new RelucentRegressor({ betaRatio: 0.001, sample: 100 }).fit(X, y);

const bytes = model.toOnnx();
const session = await InferenceSession.create(bytes);
const input = new Tensor('float64', Float64Array.from(X.flat()), [X.length, 1]);
const { prediction } = await session.run({ X: input });

const expected = model.predict(X);
const worst = Math.max(...expected.map((value, i) => Math.abs(value - prediction.data[i])));
const copy = importModel(bytes).model.predict(X);
console.log(`relative gap ${model.certificate.relativeGap.toExponential(1)}`);
console.log(`onnxruntime  ${worst < 1e-12 ? 'the same to 1e-12' : 'different'}`);
console.log(`read back    ${copy.every((value, i) => value === expected[i]) ? 'identical' : 'different'}`);
