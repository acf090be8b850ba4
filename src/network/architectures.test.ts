import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, largest } from '../../test/fixtures/close.js';
import { reluNetworkArbitrary } from '../../test/fixtures/random-network.js';
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { ARCHITECTURE } from '../../test/tolerances.js';
import { RelucentError } from '../error.js';
import { solve } from '../problem/solve.js';
import {
  mlpFromJson,
  mlpToJson,
  parallelFromJson,
  parallelToJson,
  resNetFromJson,
  resNetToJson,
} from './architecture-json.js';
import { forwardMlp, toMlp, type LinearLayer } from './mlp.js';
import { forward, type ParallelNetwork } from './network.js';
import { forwardResNet, toResNet } from './resnet.js';

/** Parsed text of a value: what a reader of the file has. */
function fileOf(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

/** W·x by plain loops over the rows of a layer. */
function times({ inputs, outputs, weights }: LinearLayer, x: readonly number[]): number[] {
  return Array.from({ length: outputs }, (_, u) =>
    x.reduce((sum, value, j) => sum + weights[u * inputs + j]! * value, 0),
  );
}

const relu = (values: readonly number[]): number[] => values.map((value) => Math.max(0, value));

describe('the three forms of one network', () => {
  it('have the same outputs', () => {
    fc.assert(
      fc.property(reluNetworkArbitrary, ({ network, rows }) => {
        const expected = forward(network, rows);
        const scale = largest(expected);
        expectClose(forwardMlp(toMlp(network), rows), expected, ARCHITECTURE, scale);
        expectClose(forwardResNet(toResNet(network), rows), expected, ARCHITECTURE, scale);
      }),
      fixed(150),
    );
  });

  it('are what their formulas say, one row at a time', () => {
    fc.assert(
      fc.property(reluNetworkArbitrary, ({ network, rows }) => {
        const expected = forward(network, rows);
        const mlp = toMlp(network);
        const resNet = toResNet(network);
        for (let i = 0; i < rows.n; i++) {
          const x = [...rows.X.subarray(i * rows.d, (i + 1) * rows.d)];
          const wanted = Array.from({ length: network.outputs }, (_, k) => expected[k * rows.n + i]!);
          const hidden = mlp.layers.slice(0, -1).reduce((values, layer) => relu(times(layer, values)), x);
          expectClose(times(mlp.layers.at(-1)!, hidden), wanted, ARCHITECTURE, largest(expected));
          let h = [...x, ...new Array<number>(resNet.width - x.length).fill(0)];
          for (const { read, write } of resNet.blocks) {
            const added = times(write, relu(times(read, h)));
            h = h.map((value, s) => value + added[s]!);
          }
          expect(h.slice(0, x.length)).toEqual(x); // the skip connections carry the input through
          expectClose(times(resNet.readout, h), wanted, ARCHITECTURE, largest(expected));
        }
      }),
      fixed(60),
    );
  });

  it('come back from their files', () => {
    fc.assert(
      fc.property(reluNetworkArbitrary, ({ network }) => {
        expect(parallelFromJson(fileOf(parallelToJson(network)))).toEqual(network);
        expect(mlpFromJson(fileOf(mlpToJson(toMlp(network))))).toEqual(toMlp(network));
        expect(resNetFromJson(fileOf(resNetToJson(toResNet(network))))).toEqual(toResNet(network));
      }),
      fixed(60),
    );
  });

  it.each([
    { depth: 2, widths: [] },
    { depth: 3, widths: [3, 2] },
    { depth: 4, widths: [2, 2] },
    { depth: 5, widths: [2, 1, 2, 3] },
  ])('of a solution have the same outputs: depth $depth', async ({ depth, widths }) => {
    const rows = normalRows(15, 3, 2);
    const X = { values: rows.X, rows: rows.n, columns: rows.d };
    const patterns = { sample: 40, seed: 3 };
    const { network } = await solve({ X, y: normals(rows.n, 4), beta: 0.05, depth, widths, patterns });
    expect(network.subNetworks.length).toBeGreaterThan(0);
    const expected = forward(network, rows);
    expectClose(forwardMlp(toMlp(network), rows), expected, ARCHITECTURE);
    expectClose(forwardResNet(toResNet(network), rows), expected, ARCHITECTURE);
  });
});

describe('toMlp and toResNet', () => {
  const first = [Float64Array.of(1, 2)];
  const one = { first, inner: [], output: Float64Array.of(3), channel: 0 };
  const two = { first: [Float64Array.of(-1, 1), Float64Array.of(0, 4)], inner: [], output: Float64Array.of(5, 6), channel: 1 }; // prettier-ignore
  const network: ParallelNetwork = { kind: 'relu', depth: 2, inputs: 2, outputs: 2, subNetworks: [one, two] };

  it('are solved by hand', () => {
    expect(toMlp(network).layers).toEqual([
      { inputs: 2, outputs: 3, weights: Float64Array.of(1, 2, -1, 1, 0, 4) },
      { inputs: 3, outputs: 2, weights: Float64Array.of(3, 0, 0, 0, 5, 6) },
    ]);
    const { width, blocks, readout } = toResNet(network);
    expect(width).toBe(5);
    expect([...blocks[0]!.read.weights]).toEqual([1, 2, 0, 0, 0, -1, 1, 0, 0, 0, 0, 4, 0, 0, 0]);
    expect([...blocks[0]!.write.weights]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...readout.weights]).toEqual([0, 0, 3, 0, 0, 0, 0, 0, 5, 6]);
  });

  it('of no sub-networks are zero', () => {
    const empty: ParallelNetwork = { ...network, depth: 4, subNetworks: [] };
    const rows = normalRows(3, 2, 1);
    expect([...forwardMlp(toMlp(empty), rows)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...forwardResNet(toResNet(empty), rows)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(mlpFromJson(fileOf(mlpToJson(toMlp(empty))))).toEqual(toMlp(empty));
  });

  it('refuse gated networks, networks that would be too large, and rows of another length', () => {
    const gated: ParallelNetwork = {
      ...network,
      kind: 'gated',
      subNetworks: [{ ...one, gates: { first, inner: [] } }],
    };
    const deep = { ...one, inner: [[Float64Array.of(1)]] };
    const subNetworks = Array.from({ length: 5000 }, () => deep);
    const many: ParallelNetwork = { ...network, depth: 3, subNetworks };
    for (const make of [toMlp, toResNet]) {
      expect(() => make(gated)).toThrow(/^network: expected a ReLU network, got a gated one.*--decompose/);
      expect(() => make(many)).toThrow(/^network: expected at most 20000000 weights.*parallel/);
    }
    expect(() => forwardMlp(toMlp(network), normalRows(2, 3, 1))).toThrow(/^rows: expected 2 columns.*got 3/);
    expect(() => forwardResNet(toResNet(network), normalRows(2, 1, 1))).toThrow(RelucentError);
  });
});

describe('a file that is not right is refused with the field', () => {
  const network: ParallelNetwork = {
    kind: 'relu',
    depth: 3,
    inputs: 2,
    outputs: 1,
    subNetworks: [
      {
        first: [Float64Array.of(1, 2)],
        inner: [[Float64Array.of(3)]],
        output: Float64Array.of(4),
        channel: 0,
      },
    ],
  };
  const files = {
    parallel: { json: parallelToJson(network), read: parallelFromJson },
    mlp: { json: mlpToJson(toMlp(network)), read: mlpFromJson },
    resnet: { json: resNetToJson(toResNet(network)), read: resNetFromJson },
  };

  it.each([
    ['parallel', '"inputs":2', '"inputs":3', /^network\.subNetworks\.0\.first\.0: expected 3, got 2/],
    ['parallel', '"channel":0', '"channel":1', /^network\.outputs: expected 2, got 1/],
    ['parallel', '"depth":3', '"depth":4', /^network\.subNetworks\.0\.inner: expected 2, got 1/],
    ['parallel', '"kind":"relu"', '"kind":"gated"', /^network\.subNetworks\.0\.gates: expected 1, got 0/],
    ['parallel', '[3]', '["3"]', /^network\.subNetworks\.0\.inner\.0\.0\.0: expected a field/],
    ['mlp', '"version":1', '"version":2', /^version: expected/],
    ['mlp', '[3]', '[3,3]', /^layers\.1\.weights\.0: expected 1, got 2/],
    ['mlp', '"inputs":1,"outputs":1,"weights":[[4]]', '"inputs":1,"outputs":2,"weights":[[4],[4]]', /^outputs: expected 2, got 1/], // prettier-ignore
    ['mlp', '"inputs":1', '"inputs":2', /^layers\.1\.inputs: expected 1, got 2/],
    ['resnet', '"width":4', '"width":5', /^blocks\.0\.read\.inputs: expected 5, got 4/],
    ['resnet', '"width":4', '"width":1', /^width: expected 2, got 1/],
    ['resnet', '"architecture":"resnet"', '"architecture":"mlp"', /^architecture: expected/],
  ] as const)('%s: %s', (form, from, to, message) => {
    const { json, read } = files[form];
    const text = JSON.stringify(json);
    expect(text).toContain(from);
    expect(() => read(JSON.parse(text.replace(from, to)))).toThrow(message);
    expect(() => read(JSON.parse(text.replace(from, to)))).toThrow(RelucentError);
    expect(() => read(null)).toThrow(RelucentError);
  });
});
