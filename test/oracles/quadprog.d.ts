/** The part of quadprog 1.6 that the oracles use. All arrays are 1-based: element 0 is a hole. */
declare module 'quadprog' {
  /** min ½bᵀDb − dᵀb subject to Aᵀb ≥ b₀. `Dmat`, `dvec` are overwritten. */
  export function solveQP(
    Dmat: number[][],
    dvec: number[],
    Amat: number[][],
    bvec: number[],
  ): { readonly solution: number[]; readonly message: string };
}
