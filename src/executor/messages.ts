import { RelucentError, quoteValue, type ErrorCode } from '../error.js';

/** What a worker is sent: one task and its input. */
export interface Order {
  readonly task: string;
  readonly input: unknown;
}

/** What a worker sends: `ready` once it has loaded, then about the order it was given last. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly news: unknown }
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An error as plain data: structuredClone keeps the built-in types of errors, but no class of our own. */
export type Failure =
  | { readonly code: ErrorCode; readonly where: string; readonly message: string; readonly stack: string }
  | { readonly code: null; readonly error: unknown; readonly name: string };

/** Makes plain data of what a task threw. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof RelucentError) {
    const { code, where, message, stack = '' } = thrown;
    return { code, where, message, stack };
  }
  if (!(thrown instanceof Error)) return { code: null, error: copyOf(thrown), name: '' };
  const copy = copyOf(thrown);
  // A DOMException (and what else some runtime copies as a bare object) loses its words.
  const error = copy instanceof Error ? copy : new Error(thrown.message);
  return { code: null, error, name: thrown.name };
}

function copyOf(thrown: unknown): unknown {
  try {
    return structuredClone(thrown);
  } catch {
    return new Error(quoteValue(thrown, 500));
  }
}

/** The error of an input or output that cannot be sent. */
export function notPlain(what: string, refusal: unknown): Error {
  return new Error(
    `executor: expected plain data as ${what}, got what cannot be copied; ${quoteValue(refusal, 200)}`,
  );
}

/** The error again, of the type that was thrown. */
export function errorOf(failure: Failure): unknown {
  if (failure.code !== null) {
    const { code, where, message, stack } = failure;
    return Object.assign(new RelucentError(code, where, message.slice(where.length + 2)), { stack });
  }
  const { error, name } = failure;
  // Errors of other classes arrive as Error.
  if (error instanceof Error && error.name !== name) Object.defineProperty(error, 'name', { value: name });
  return error;
}
