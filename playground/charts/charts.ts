export { boundsChart } from './bounds-chart.js';
export { pathChart } from './path-chart.js';
export { raceChart } from './race-chart.js';
