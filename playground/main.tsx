import { effect } from '@preact/signals';
import { render } from 'preact';
import './style.css';
import { keepForOffline } from './offline/register.js';
import { createStore, StoreProvider, type Store } from './store.js';
import { App } from './ui/app.js';
import { hashOfState, stateOfHash } from './url.js';
import { openEngine, openRace } from './workers.js';

const { state, message } = stateOfHash(location.hash);
const store = createStore(state, openEngine(), openRace());
store.linkMessage.value = message;
keepLink(store);
keepForOffline();

const root = document.getElementById('app');
if (root) {
  render(
    <StoreProvider value={store}>
      <App />
    </StoreProvider>,
    root,
  );
}

/** The state goes to the address bar, and a link pasted there comes back. */
function keepLink(store: Store): void {
  // Browsers allow so many changes of the address in some seconds: sliders make more.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  effect(() => {
    const hash = hashOfState(store.state.value);
    // Opened without a link: the address stays short until something changes.
    if (isFirst) {
      isFirst = false;
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, '', hash);
    }, 200);
  });
  addEventListener('hashchange', () => {
    const read = stateOfHash(location.hash);
    store.linkMessage.value = read.message;
    if (read.message === null) store.setState(read.state);
  });
}
