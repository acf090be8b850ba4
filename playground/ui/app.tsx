import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Announcer } from './announcer.js';
import { CertificatePanel } from './certificate-panel.js';
import { Button } from './controls.js';
import { DataPanel } from './data-panel.js';
import { ModelPanel } from './model-panel.js';
import { NetworkDiagram } from './network-diagram.js';
import { PathSlider } from './path-slider.js';
import { Plane } from './plane.js';
import { RacePanel } from './race-panel.js';
import { isTourSeen, Tour } from './tour.js';

/** The page. */
export function App(): JSX.Element {
  const tourStep = useSignal<number | null>(null);
  const isNew = useSignal(false);
  useEffect(() => {
    isNew.value = !isTourSeen();
  }, []);
  return (
    <>
      <header class="page-head">
        <div>
          <h1>
            relucent <span>playground</span>
          </h1>
          <p class="lead">Watch a network reach its proven optimum.</p>
        </div>
        <div class="row">
          <Button
            id="tour"
            kind={isNew.value ? 'primary' : 'plain'}
            onPress={() => {
              isNew.value = false;
              tourStep.value = 0;
            }}
          >
            Take the tour
          </Button>
        </div>
      </header>
      <main class="columns">
        <div class="column">
          <DataPanel />
          <ModelPanel />
        </div>
        <div class="column">
          <section class="panel" id="plane" aria-labelledby="plane-title">
            <h2 class="hidden" id="plane-title">
              Plane
            </h2>
            <Plane />
            <PathSlider />
          </section>
          <NetworkDiagram />
        </div>
        <div class="column right">
          <CertificatePanel />
        </div>
        <div class="wide column">
          <RacePanel />
        </div>
      </main>
      <Announcer />
      <Tour step={tourStep} />
    </>
  );
}
