// The bare problem: min ½‖f(X) − y‖² + β · Σ path norms over all two-layer ReLU networks: a global optimum, with a proof.
// Run it from the repository after `npm run build`: node examples/solve.mjs
import { solve } from 'relucent';

const result = await solve({
  X: [
    [-2, 1],
    [-1, 1],
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  y: [2, 1, 0, 1, 2], // |x|
  beta: 0.01,
  patterns: 'all',
});

console.log(`status       ${result.status}`);
console.log(`objective    ${result.objective.toFixed(9)}`);
console.log(
  `dual bound   ${result.dualBound.toFixed(9)}   no two-layer ReLU network is below this, whatever its weights`,
);
console.log(
  `scope        ${result.certificate.scope}, ${result.certificate.patternsTotal} activation patterns`,
);
console.log(`relative gap ${result.relativeGap.toExponential(1)}`);
console.log(`sub-networks ${result.subNetworks} of ${result.groups} groups`);
