import { integerGenerator, normalGenerator } from '../../src/random.js';
import {
  domain,
  lineSets,
  type DataPoint,
  type DataSetName,
  type DataState,
  type Task,
} from '../state.js';

/** Sliders of the made sets; a link outside of them is refused. Noise is a standard deviation in the units of the plane. */
export const madeRanges = {
  n: { least: 4, most: 300 },
  noise: { least: 0, most: 0.5 },
} as const;

/** What a set is about. */
export function taskOf(set: DataSetName): Task {
  return (lineSets as readonly string[]).includes(set) ? 'number' : 'classes';
}

/** Numbers that a set is made from: uniform on 0 … 1, and standard normal. */
interface Draws {
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** Point i of n without its noise. */
type Maker = (i: number, n: number, draws: Draws) => DataPoint;

/**
 * The points of a made set, the same for the same values. Noise moves every point by the same draw times its size, so that the
 * slider moves the points and shuffles nothing; a point pushed over the edge of the plane is reflected back.
 */
export function madePoints({
  set,
  n,
  noise,
  seed,
}: Omit<Extract<DataState, { kind: 'made' }>, 'kind'>): DataPoint[] {
  const integer = integerGenerator(seed);
  const normal = normalGenerator(seed);
  // The noise has a generator of its own: sets that draw nothing else get the same noise.
  const shake = normalGenerator((seed ^ 0x5f3759df) >>> 0);
  const draws = { uniform: () => integer(UNITS) / UNITS, normal };
  const isLine = taskOf(set) === 'number';
  return Array.from({ length: n }, (_, i) => {
    const { x, y, label } = makers[set](i, n, draws);
    const [across, up] = [shake(), shake()];
    return { x: inside(isLine ? x : x + noise * across), y: inside(y + noise * up), label };
  });
}

const UNITS = 2 ** 30;
const [LEAST, MOST] = domain;

/** Labels alternate, so that every first part of a set has both classes. */
function labelOf(i: number): -1 | 1 {
  return i % 2 === 0 ? 1 : -1;
}

/** Along an arm or an axis: place of the point among those of its class. */
function share(i: number, n: number, classes: number): number {
  const count = Math.ceil((n - (i % classes)) / classes);
  return count <= 1 ? 0.5 : Math.floor(i / classes) / (count - 1);
}

const makers: Readonly<Record<DataSetName, Maker>> = {
  spiral: (i, n) => {
    const t = share(i, n, 2);
    const radius = 0.12 + 0.98 * t;
    const angle = 3 * Math.PI * t + (i % 2) * Math.PI;
    return { x: radius * Math.sin(angle), y: radius * Math.cos(angle), label: labelOf(i) };
  },
  moons: (i, n) => {
    const angle = Math.PI * share(i, n, 2);
    const label = labelOf(i);
    // Two half circles of radius 0.7 that reach into each other.
    return { x: label * (0.7 * Math.cos(angle) - 0.35), y: label * (0.7 * Math.sin(angle) - 0.2), label };
  },
  circles: (i, _, { uniform }) => {
    const angle = 2 * Math.PI * uniform();
    const radius = i % 2 === 0 ? 0.4 * Math.sqrt(uniform()) : 0.75 + 0.3 * uniform();
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), label: labelOf(i) };
  },
  xor: (i, _, { uniform }) => {
    const quarter = i % 4;
    const [across, up] = [0.1 + uniform(), 0.1 + uniform()];
    // Quarters in the order + − + −: opposite ones share a class.
    const x = quarter === 0 || quarter === 3 ? across : -across;
    const y = quarter < 2 ? up : -up;
    return { x, y, label: labelOf(i) };
  },
  gaussians: (i, _, { normal }) => {
    const label = labelOf(i);
    return { x: 0.45 * label + 0.22 * normal(), y: 0.45 * label + 0.22 * normal(), label };
  },
  sine: (i, n) => {
    const x = along(i, n);
    return { x, y: 0.8 * Math.sin(1.5 * Math.PI * x), label: 0 };
  },
  steps: (i, n) => {
    const x = along(i, n);
    return { x, y: x < -0.4 ? -0.7 : x < 0.4 ? 0.1 : 0.8, label: 0 };
  },
  hinge: (i, n) => {
    const x = along(i, n);
    return { x, y: -0.6 + 1.1 * Math.max(0, x + 0.3) - 1.9 * Math.max(0, x - 0.6), label: 0 };
  },
};

/** Evenly over the axis of the input. */
function along(i: number, n: number): number {
  return -1.1 + 2.2 * share(i, n, 1);
}

/** Reflected at the edges of the domain until it is inside. */
function inside(value: number): number {
  const width = MOST - LEAST;
  const turned = (((value - LEAST) % (2 * width)) + 2 * width) % (2 * width);
  return LEAST + (turned > width ? 2 * width - turned : turned);
}
