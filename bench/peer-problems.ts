import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Formulation } from '../src/program/convex-program.js';
import { problemFile, type Case } from './cases.js';

/** Where problems too large for the repository are written. */
const FOLDER = 'out/peers';

/** Problems of the peers: squared loss on given gates (bench/peers/problems.py). */
export const peerProblems = ['P1', 'P2', 'P3'] as const;
export type PeerProblem = (typeof peerProblems)[number];

/** A Python that imports numpy: that of the variable PYTHON, else the first of the usual ones. */
export function pythonWithNumpy(): string {
  const candidates = process.env['PYTHON'] ? [process.env['PYTHON']] : ['python3', '/usr/bin/python3'];
  const found = candidates.find((python) => {
    try {
      execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  if (found !== undefined) return found;
  throw new Error(
    `bench: expected a Python that imports numpy, found none (tried ${candidates.join(', ')}); ` +
      'install it, as with "apt-get install python3-numpy", or name one in the variable PYTHON',
  );
}

/** Problem file of that name, written first where it is missing. */
export function peerProblemPath(name: PeerProblem): string {
  if (name === 'P1') return 'test/golden/P1.json';
  const path = `${FOLDER}/${name}.json`;
  if (!existsSync(path)) {
    execFileSync(pythonWithNumpy(), ['bench/peers/problems.py', FOLDER, name], { stdio: 'inherit' });
  }
  return path;
}

const formulations: readonly Formulation[] = ['gated', 'relu'];

/** Peers' problems in both formulations, as cases. */
export const peerCases: readonly Case[] = peerProblems.flatMap((name) =>
  formulations.map((formulation) => ({
    name: `${name} ${formulation}`,
    tolerance: 1e-6,
    make: () => problemFile(peerProblemPath(name), formulation),
  })),
);
