/** Lets the page be opened again without a network. Where a browser has no such thing, or refuses it, nothing is lost. */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('service-worker.js').catch(() => undefined);
  });
}
