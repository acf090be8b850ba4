/*
 * The exported functions. Those with a range work on chunks `from` ... `to` of a fixed partition: each number of a result is
 * summed inside one chunk and in one order, so bits do not depend on who works on what. `scratch` belongs to the caller.
 */
export { writeMaskTables } from './layout';
export { packRows, packTransposed, packMasks, packWidened, packPanels } from './pack';
export { packColumns, forward, adjoint } from './masked';
export { signedProduct } from './product';
export { update, scaleAndShift } from './update';
export { choleskyPanels, choleskyUpdate, choleskyDiagonal, choleskySolve } from './cholesky';
export { substitute } from './substitution';
