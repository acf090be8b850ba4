// A network trained by plain gradient descent, held against the global optimum of its own problem.
// Run it from the repository after `npm run build`: node examples/certify.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

const beta = 0.1;
const hidden = 8;
const x = Array.from({ length: 30 }, (_, i) => (i - 15) / 6);
const y = x.map((value) => Math.sin(2 * value) + value / 2);

// f(x) = Σ_j a_j (w_j x + b_j)₊, minimising ½‖f − y‖² + ½β Σ_j (w_j² + b_j² + a_j²): weight decay.
const start = (j, k) => Math.sin(12.9898 * (j + 1) * k); // any spread-out numbers
const w = Array.from({ length: hidden }, (_, j) => start(j, 1));
const b = Array.from({ length: hidden }, (_, j) => start(j, 2));
const a = Array.from({ length: hidden }, (_, j) => start(j, 3));
for (let step = 0; step < 20000; step++) {
  const [dw, db, da] = [w, b, a].map((weights) => weights.map((value) => beta * value));
  x.forEach((value, i) => {
    const units = w.map((weight, j) => Math.max(0, weight * value + b[j]));
    const residual = units.reduce((sum, unit, j) => sum + a[j] * unit, 0) - y[i];
    units.forEach((unit, j) => {
      da[j] += residual * unit;
      if (unit > 0) dw[j] += residual * a[j] * value;
      if (unit > 0) db[j] += residual * a[j];
    });
  });
  for (let j = 0; j < hidden; j++) {
    w[j] -= 0.002 * dw[j];
    b[j] -= 0.002 * db[j];
    a[j] -= 0.002 * da[j];
  }
}

const file = {
  format: 'relucent-certify',
  version: 1,
  loss: 'squared',
  beta,
  target: 'y',
  inputs: ['x'],
  network: {
    architecture: 'mlp',
    subNetworks: 'blocks', // weight decay at depth 2: every hidden unit for itself
    layers: [{ weights: w.map((weight) => [weight]), bias: b }, { weights: [a] }],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'relucent-certify-'));
writeFileSync(join(folder, 'network.json'), JSON.stringify(file));
writeFileSync(join(folder, 'data.csv'), ['x,y', ...x.map((value, i) => `${value},${y[i]}`), ''].join('\n'));
const relucent = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const certify = (...options) =>
  execFileSync(process.execPath, [relucent, 'certify', 'network.json', 'data.csv', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });

console.log(certify());
const { distance, outputs } = JSON.parse(certify('--json'));
console.log(
  `the optimum itself is known to a relative gap ${outputs[0].solution.relativeGap.toExponential(1)};`,
);
console.log(`gradient descent ended ${(100 * distance.relativeAtMost).toFixed(2)} % above it`);
rmSync(folder, { recursive: true });
