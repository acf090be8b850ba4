import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, largest } from '../../test/fixtures/close.js';
import { networkArbitrary } from '../../test/fixtures/random-network.js';
import { fixed } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import { forward, pathNorm } from './network.js';
import { widenLastLayer } from './widen.js';

describe('widenLastLayer', () => {
  it('keeps the function and divides the path norms by √m', () => {
    fc.assert(
      fc.property(networkArbitrary, fc.integer({ min: 1, max: 5 }), ({ network, rows }, m) => {
        const wide = widenLastLayer(network, m);
        const expected = forward(network, rows);
        expectClose(forward(wide, rows), expected, SUMMATION, 1 + largest(expected));
        const norms = network.subNetworks.map(pathNorm);
        expectClose(
          wide.subNetworks.map(pathNorm),
          norms.map((norm) => norm / Math.sqrt(m)),
          SUMMATION,
        );
        wide.subNetworks.forEach(({ output, first, inner, gates }, k) => {
          const units = m * network.subNetworks[k]!.output.length;
          expect(output.length).toBe(units);
          expect((inner.at(-1) ?? first).length).toBe(units);
          if (gates) expect((gates.inner.at(-1) ?? gates.first).length).toBe(units);
        });
      }),
      fixed(80),
    );
  });
});
