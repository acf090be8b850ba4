import { render } from 'preact';
import './style.css';
import type { PlaygroundState } from './state.js';
import { createStore, StoreProvider } from './store.js';
import { App } from './ui/app.js';
import { openEngine, openRace } from './workers.js';

const initial: PlaygroundState = {
  data: { kind: 'made', set: 'moons', n: 60, noise: 0.08, seed: 1 },
  model: { depth: 2, widths: [], formulation: 'relu', loss: 'logistic', patterns: 'all' },
  betaIndex: 20,
  race: { optimiser: 'adam', rate: 0.01, seed: 1, subNetworks: 20 },
};
const store = createStore(initial, openEngine(), openRace());
const root = document.getElementById('app');
if (root) {
  render(
    <StoreProvider value={store}>
      <App />
    </StoreProvider>,
    root,
  );
}
