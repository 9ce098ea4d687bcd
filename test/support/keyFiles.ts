import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** The files below a folder that hold a private key, as text or within a package, and whether anybody but their owner may read them. */
export function keyFilesBelow(folder: string): readonly { readonly path: string; readonly isOpen: boolean }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return keyFilesBelow(path);
    if (!entry.isFile() || !holdsKey(readFileSync(path))) return [];
    return [{ path, isOpen: (statSync(path).mode & 0o077) !== 0 }];
  });
}

/** A chaincode package is a compressed archive within a compressed archive. */
function holdsKey(content: Buffer): boolean {
  if (content.includes('PRIVATE KEY')) return true;
  const at = content.indexOf(GZIP);
  if (at < 0) return false;
  try {
    return holdsKey(gunzipSync(content.subarray(at)));
  } catch {
    // Those bytes were something else.
    return false;
  }
}
