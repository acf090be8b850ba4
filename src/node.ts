/** What needs Node: `import { … } from 'relucent/node'`. */
export { readTableFile } from './table/read-table.js';
export type { ReadOptions } from './table/read-table.js';
