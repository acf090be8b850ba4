import type { JSX } from 'preact';

/** A stop of the tour: what it stands beside, plain words, and the formula behind them. */
export interface TourStep {
  /** Id of the element it explains. */
  readonly target: string;
  readonly title: string;
  readonly words: string;
  readonly formula: () => JSX.Element;
}

/** The tour, in the order in which the ideas need each other. */
export const tourSteps: readonly TourStep[] = [
  {
    target: 'certificate',
    title: 'A network with a certificate',
    words:
      'Training usually ends when patience does. Here it ends with a proof: the objective that the network reached, and a number that no network of the form can go below. When the two meet, nothing better exists.',
    formula: () => (
      <>
        <p>
          min over weights&ensp;𝓛(f(X), y) + β Σ<sub>k</sub> φ<sub>k</sub>
        </p>
        <p>
          f adds up K sub-networks; 𝓛 is the loss, a sum over the points; φ<sub>k</sub> is the path norm of
          sub-network k. The weights enter non-convexly, and yet this is a convex program.
        </p>
      </>
    ),
  },
  {
    target: 'path',
    title: 'Path norm: the price of a sub-network',
    words:
      'Every sub-network pays a price that grows with the weights on its paths from input to output. β says how dear that is. On the left of the slider nothing is worth its price; to the right more and more sub-networks are.',
    formula: () => (
      <>
        <p>
          φ = √( Σ<sub>paths</sub> Π (weights on the path)² )
        </p>
        <p>For two layers it is ‖w‖·|α|: weight decay at its optimum.</p>
      </>
    ),
  },
  {
    target: 'plane',
    title: 'Arrangement: who is active where',
    words:
      'A ReLU unit is active on one side of its hyperplane. On n points only finitely many such splits, called activation patterns, exist; with the pattern fixed a unit is linear. All of them together are the arrangement, and the convex program has one group for each.',
    formula: () => (
      <>
        <p>
          D<sub>i</sub> = diag(1[X w ≥ 0]),&ensp;P ≤ 2 Σ<sub>k&lt;r</sub> C(n−1, k)
        </p>
        <p>
          min 𝓛(Σ<sub>i</sub> D<sub>i</sub> X (v<sub>i</sub> − v′<sub>i</sub>), y) + β Σ<sub>i</sub> (‖v
          <sub>i</sub>‖ + ‖v′
          <sub>i</sub>‖)
        </p>
        <p>
          with (2D<sub>i</sub> − I) X v<sub>i</sub> ≥ 0: v<sub>i</sub> keeps to its pattern. r is the rank of
          X.
        </p>
      </>
    ),
  },
  {
    target: 'bounds',
    title: 'Duality gap: how the proof is found',
    words:
      'The solver lowers the objective from above and raises a bound from below. Every point on the dashed line is already a valid bound, for all weights there are. The gap between the lines is all that can still be gained.',
    formula: () => (
      <>
        <p>
          max −𝓛*(v)&ensp;such that&ensp;max<sub>‖w‖≤1</sub> |vᵀ(Xw)₊| ≤ β
        </p>
        <p>
          Any v that keeps the constraint for every pattern gives a lower bound; objective − bound is the gap.
        </p>
      </>
    ),
  },
  {
    target: 'groups',
    title: 'Most groups are exactly zero',
    words:
      'The price is paid per group, so most groups are not small but exactly zero. What is left is the network: a bar is a sub-network, the same one as its line in the plane and its row in the diagram.',
    formula: () => (
      <>
        <p>
          v<sub>i</sub> = 0&ensp;wherever&ensp;‖Π<sub>cone</sub>(A<sub>i</sub>ᵀ v)‖ &lt; β
        </p>
        <p>A group lasso: n + 1 sub-networks always suffice.</p>
      </>
    ),
  },
  {
    target: 'race',
    title: 'Race gradient descent',
    words:
      'The same objective by the usual way: random weights, a learning rate, many steps. Press Start, then try another seed. The blue line is the certified optimum, and no run will ever cross it.',
    formula: () => (
      <>
        <p>
          W ← W − η ∇(𝓛(f(X), y) + β Σ<sub>k</sub> φ<sub>k</sub>)
        </p>
        <p>Every step is measured on the weights, in double precision, by the formula of the certificate.</p>
      </>
    ),
  },
];
