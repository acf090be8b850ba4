import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The one source of randomness: the same seed gives the same sequences on every machine. */
function seededGenerator(seed: number): ReturnType<typeof xoroshiro128plus> {
  const generator = xoroshiro128plus(seed | 0);
  // The first outputs of neighbouring seeds are neighbours too; a jump separates their sequences.
  generator.jump();
  return generator;
}

/** Independent standard normal numbers from a seed in 0 … 2³² − 1. */
export function normalGenerator(seed: number): () => number {
  const generator = seededGenerator(seed);
  return randomNormal.source(() => uniformFloat64(generator))(0, 1);
}

/** Independent whole numbers, uniform on 0 … `largest`, from a seed in 0 … 2³² − 1. */
export function integerGenerator(seed: number): (largest: number) => number {
  const generator = seededGenerator(seed);
  return (largest) => uniformInt(generator, 0, largest);
}
