export function benchImages(_: readonly string[]): Promise<void> {
  return Promise.reject(new Error('stub'));
}
