/**
 * The benches; what each does and its options stand at the top of its file.
 *
 *   npm run bench                     solve times of the cases, see solve-times.ts
 *   npm run bench -- breast           the cases whose name contains "breast"
 *   npm run bench -- arrangements     enumeration of cells, see arrangements.ts
 *   npm run bench -- global           global optima over all arrangements, see global.ts
 *   npm run bench -- kernels          GFLOP/s of the dense loops, see kernels.ts (--threads N)
 *   npm run bench -- peers            against other solvers in the same run, see peers.ts
 *   npm run bench -- scaling          growth with patterns, rows and columns, see scaling.ts
 *   npm run bench -- path             regularisation paths of 100 values, see path.ts
 *   npm run bench -- images           ten classes of images, see images.ts
 *   npm run bench -- profile NAME     where the time goes, see profile.ts
