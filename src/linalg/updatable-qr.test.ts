import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { FACTOR_SOLVE, ORTHOGONALITY } from '../../test/tolerances.js';
import { complementBasis, UpdatableQr } from './updatable-qr.js';
import { dot, norm2 } from './vector.js';

function expectOrthonormal(columns: readonly Float64Array[]): void {
  columns.forEach((p, i) => {
    columns.forEach((q, j) => {
      expectClose([dot(p, q)], [i === j ? 1 : 0], ORTHOGONALITY, 1);
    });
  });
}

function basisOf(qr: UpdatableQr): Float64Array[] {
  return Array.from({ length: qr.size }, (_, c) => qr.basis(c));
}

/** Checks everything the class promises against the columns it should hold. */
function expectFactors(qr: UpdatableQr, columns: readonly Float64Array[]): void {
  expect(qr.size).toBe(columns.length);
  const basis = basisOf(qr);
  expectOrthonormal(basis);
  const coefficients = new Float64Array(qr.size);
  columns.forEach((column, c) => {
    // A = QR with R = QᵀA upper triangular with positive diagonal.
    const rest = Float64Array.from(column);
    basis.forEach((q, r) => {
      const entry = dot(q, column);
      if (r > c) expectClose([entry], [0], ORTHOGONALITY, norm2(column));
      if (r === c) expect(entry).toBeGreaterThan(0);
      rest.forEach((_, t) => (rest[t]! -= entry * q[t]!));
    });
    expectClose(rest, new Float64Array(qr.dims), ORTHOGONALITY, norm2(column));
    // Each column is its own least-squares solution.
    qr.coordinatesInto(coefficients, column);
    qr.solveInto(coefficients, coefficients);
    expectClose(
      coefficients,
      columns.map((_, k) => (k === c ? 1 : 0)),
      FACTOR_SOLVE,
      1,
    );
  });
}

const actions = fc.record({
  dims: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(1e6),
  moves: fc.array(fc.oneof(fc.constant(-1), fc.constant(-1), fc.nat(8)), { maxLength: 40 }),
});

describe('UpdatableQr', () => {
  it('keeps A = QR and QᵀQ = I over any sequence of appends and removals', () => {
    fc.assert(
      fc.property(actions, ({ dims, seed, moves }) => {
        const qr = new UpdatableQr(dims);
        const columns: Float64Array[] = [];
        moves.forEach((move, k) => {
          if (move < 0) {
            const column = normals(dims, seed + k);
            const full = qr.size === dims;
            expect(qr.append(column)).toBe(!full);
            if (!full) columns.push(column);
          } else if (columns.length > 0) {
            const at = move % columns.length;
            qr.remove(at);
            columns.splice(at, 1);
          }
        });
        expectFactors(qr, columns);
      }),
      fixed(150),
    );
  });

  it('stays orthonormal over a thousand updates', () => {
    const qr = new UpdatableQr(6);
    const columns: Float64Array[] = [];
    for (let k = 0; k < 1000; k++) {
      if (columns.length === 5) {
        qr.remove(k % 5);
        columns.splice(k % 5, 1);
      }
      const column = normals(6, k);
      expect(qr.append(column)).toBe(true);
      columns.push(column);
    }
    expectOrthonormal(basisOf(qr));
  });

  it('refuses dependent, zero and NaN columns and is unchanged by them', () => {
    const qr = new UpdatableQr(4);
    const a = normals(4, 1);
    const b = normals(4, 2);
    expect(qr.append(a)).toBe(true);
    expect(qr.append(b)).toBe(true);
    expect(qr.append(a.map((value, t) => 3 * value - 1e6 * b[t]!))).toBe(false);
    expect(qr.append(new Float64Array(4))).toBe(false);
    expect(qr.append(new Float64Array(4).fill(NaN))).toBe(false);
    expectFactors(qr, [a, b]);
    const c = normals(4, 3);
    expect(qr.append(c)).toBe(true);
    expectFactors(qr, [a, b, c]);
  });

  it('judges dependence by direction, not by length', () => {
    for (const unit of [1e-150, 1e-9, 1e9, 1e150]) {
      const qr = new UpdatableQr(3);
      const columns = [1, 2, 3].map((seed) => normals(3, seed).map((value) => unit * value));
      for (const column of columns) expect(qr.append(column)).toBe(true);
      expectFactors(qr, columns);
    }
  });

  it('is empty again after clear', () => {
    const qr = new UpdatableQr(3);
    qr.append(normals(3, 1));
    qr.clear();
    expectFactors(qr, []);
    const column = normals(3, 2);
    qr.append(column);
    expectFactors(qr, [column]);
  });

  it('carries the coordinates of a vector through removals, and finds its residual from them', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(8)),
        (seed, size, removals) => {
          const qr = new UpdatableQr(9);
          for (let c = 0; c < size; c++) qr.append(normals(9, seed + c));
          const b = normals(9, seed + 20);
          const coordinates = new Float64Array(9);
          qr.coordinatesInto(coordinates, b);
          for (const at of removals) if (qr.size > 0) qr.remove(at % qr.size, coordinates);
          const fresh = new Float64Array(9);
          qr.coordinatesInto(fresh, b);
          expectClose(coordinates.slice(0, qr.size), fresh.slice(0, qr.size), ORTHOGONALITY, norm2(b));
          const residual = new Float64Array(9).fill(NaN);
          qr.residualInto(residual, b, coordinates);
          qr.removeSpanFrom(b);
          expectClose(residual, b, ORTHOGONALITY, norm2(normals(9, seed + 20)));
        },
      ),
      fixed(100),
    );
  });

  it('keeps residuals orthogonal to the span where nearly nothing is left', () => {
    for (const share of [1e-3, 1e-6, 1e-9]) {
      const qr = new UpdatableQr(8);
      const columns = [1, 2, 3, 4, 5, 6].map((seed) => normals(8, seed));
      const outside = normals(8, 7);
      for (const column of columns) qr.append(column);
      const b = columns[0]!.map((value, t) => value - columns[5]![t]! + share * outside[t]!);
      const coordinates = new Float64Array(8);
      qr.coordinatesInto(coordinates, b);
      const residual = new Float64Array(8);
      qr.residualInto(residual, b, coordinates);
      for (const q of basisOf(qr))
        expect(Math.abs(dot(q, residual))).toBeLessThan(ORTHOGONALITY * norm2(residual));
      expect(qr.append(b)).toBe(true);
      expectOrthonormal(basisOf(qr));
    }
  });

  it('solves least squares: the residual is orthogonal to every column', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 5 }), (seed, size) => {
        const qr = new UpdatableQr(7);
        const columns = Array.from({ length: size }, (_, c) => normals(7, seed + c));
        columns.forEach((column) => qr.append(column));
        const b = normals(7, seed + 9);
        const x = new Float64Array(size);
        qr.coordinatesInto(x, b);
        qr.solveInto(x, x);
        const residual = b.map((value, t) => value - columns.reduce((sum, a, c) => sum + a[t]! * x[c]!, 0));
        for (const column of columns) expectClose([dot(column, residual)], [0], FACTOR_SOLVE, 1);
        qr.removeSpanFrom(b);
        expectClose(b, residual, FACTOR_SOLVE, 1);
      }),
      fixed(60),
    );
  });
});

describe('complementBasis', () => {
  it('completes Q to an orthonormal basis of the whole space', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(12),
        fc.nat(1e6),
        fc.boolean(),
        (dims, some, seed, axes) => {
          const qr = new UpdatableQr(dims);
          const size = Math.min(some, dims);
          for (let c = 0; c < size; c++) {
            const column = axes ? new Float64Array(dims) : normals(dims, seed + c);
            if (axes) column[(c * 5 + seed) % dims] = c % 2 === 0 ? 1 : -2;
            qr.append(column);
          }
          const flat = complementBasis(qr);
          expect(flat.length).toBe((dims - qr.size) * dims);
          const complement = Array.from({ length: dims - qr.size }, (_, f) =>
            flat.subarray(f * dims, (f + 1) * dims),
          );
          expectOrthonormal([...basisOf(qr), ...complement]);
        },
      ),
      fixed(100),
    );
  });
});
