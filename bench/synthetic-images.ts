import { integerGenerator, normalGenerator } from '../src/random.js';
import type { IdxArray } from '../reproduce/data/idx.js';

const SIDE = 28;
const CLASSES = 10;
/** Chosen for the spectrum and the share of black pixels of MNIST. */
const DECAY = 0.75;
const CONTRAST = 230;
const EDGE = 1.8;
/** Share of an image that is its class, the rest its own. */
const CLASS_SHARE = 0.5;

/**
 * Images of the shape of MNIST where there is no file: `count` of 28×28 bytes in ten classes from a seed.
 *
 * An image is a sum of cosines cos(π u (i + ½)/28)·cos(π v (j + ½)/28), u, v < 28, with normal amplitudes that fall with
 * (1 + u² + v²)^−0.75: low rank plus decay. A part of each amplitude belongs to the class, the rest to the image. The sum,
 * darker towards the edge, is cut off to 0 … 255, which leaves 78 % of the pixels black (MNIST: 81 %). Singular values 10, 50,
 * 100, 200 and 400 over the first: 0.17, 0.059, 0.037, 0.023, 0.014 (MNIST: 0.18, 0.067, 0.036, 0.019, 0.009).
 */
export function syntheticImages(count: number, seed: number): { images: IdxArray; labels: IdxArray } {
  const basis = cosines();
  const classNormal = normalGenerator(1);
  const centres = Array.from({ length: CLASSES }, () =>
    Float64Array.from({ length: SIDE * SIDE }, classNormal),
  );
  const normal = normalGenerator(seed);
  const draw = integerGenerator(seed);
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, () => draw(CLASSES - 1));
  labels.forEach((label, at) => {
    const centre = centres[label] ?? new Float64Array(SIDE * SIDE);
    const own = Math.sqrt(1 - CLASS_SHARE ** 2);
    const amplitudes = centre.map((value, t) => amplitude(t) * (CLASS_SHARE * value + own * normal()));
    paint(images.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE), basis, amplitudes);
  });
  return {
    images: { sizes: [count, SIDE, SIDE], values: images },
    labels: { sizes: [count], values: labels },
  };
}

function amplitude(t: number): number {
  return (1 + Math.floor(t / SIDE) ** 2 + (t % SIDE) ** 2) ** -DECAY;
}

/** Row u: cos(π u (i + ½)/28) of length 1, i < 28. */
function cosines(): Float64Array {
  return Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
    const u = Math.floor(at / SIDE);
    const norm = u === 0 ? 1 : Math.SQRT2;
    return norm * Math.cos((Math.PI * u * ((at % SIDE) + 0.5)) / SIDE);
  });
}

/** Φᵀ·amplitudes·Φ, darker towards the edge, in 0 … 255. */
function paint(out: Uint8Array, basis: Float64Array, amplitudes: Float64Array): void {
  const half = transposedProduct(basis, amplitudes);
  const full = transposedProduct(basis, half);
  for (let at = 0; at < out.length; at++) {
    const i = Math.floor(at / SIDE) - (SIDE - 1) / 2;
    const j = (at % SIDE) - (SIDE - 1) / 2;
    const dark = -EDGE * ((i * i + j * j) / (SIDE / 2) ** 2);
    out[at] = Math.round(Math.min(255, Math.max(0, CONTRAST * ((full[at] ?? 0) + dark))));
  }
}

/** (Aᵀ·B)ᵀ of 28×28 matrices: twice this is Aᵀ·B·A. */
function transposedProduct(A: Float64Array, B: Float64Array): Float64Array {
  const out = new Float64Array(SIDE * SIDE);
  for (let u = 0; u < SIDE; u++) {
    for (let i = 0; i < SIDE; i++) {
      const weight = A[u * SIDE + i] ?? 0;
      for (let v = 0; v < SIDE; v++) {
        const at = v * SIDE + i;
        out[at] = (out[at] ?? 0) + weight * (B[u * SIDE + v] ?? 0);
      }
    }
  }
  return out;
}
