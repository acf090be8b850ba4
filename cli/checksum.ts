import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 in hexadecimal of the bytes of files, one after the other, read in pieces. Errors of the system pass through. */
export async function sha256OfFiles(paths: readonly string[], signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
