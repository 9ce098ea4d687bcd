import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { Script } from 'node:vm';

/** What the gate as one file can keep: what the engine has made of its source. */
export interface Compiled {
  /** The file beside the gate. */
  readonly path: string;
  /** What belongs into it: all that was compiled until now. */
  make(): Buffer;
  /** Why nothing that this user keeps would be taken. It is undefined if it would. */
  whyUnused(): string | undefined;
}

type Program = (require: NodeJS.Require, module: NodeJS.Module, compiled: Compiled) => void;

const DIGEST_BYTES = 32;
const MOST_BYTES = 33_554_432;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Compiles a program, or takes what was compiled earlier, which the engine refuses if another engine made it. It looks at the length of
 * the source only, so that the file also holds a digest of source and content: what is damaged or belongs to another gate is left alone.
 */
export function compile(source: string, path: string): { readonly run: Program; readonly compiled: Compiled } {
  const text = `(function(require,module,compiled){${source}\n})`;
  const cachedData = kept(`${path}.v8`, text, path);
  const script = new Script(text, { filename: path, ...(cachedData && { cachedData }) });
  return {
    run: script.runInThisContext() as Program,
    compiled: {
      path: `${path}.v8`,
      make() {
        const content = script.createCachedData();
        return Buffer.concat([digestOf(text, content), content]);
      },
      whyUnused() {
        const user = process.getuid?.();
        return user === undefined || isOwner(user, path)
          ? undefined
          : 'What is prepared counts only if it belongs to the owner of the gate or to root: run --prepare as one of them.';
      },
    },
  };
}

/** Whoever can write this file decides what the gate does: it counts only if it belongs to the owner of the gate, or to root. */
function kept(path: string, source: string, gate: string): Buffer | undefined {
  let file;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stat = fstatSync(file);
    const isOwn = isOwner(stat.uid, gate) && (stat.mode & WRITABLE_BY_OTHERS) === 0;
    if (!stat.isFile() || !isOwn || stat.size > MOST_BYTES) {
      return undefined;
    }
    const whole = readFileSync(file);
    const content = whole.subarray(DIGEST_BYTES);
    return digestOf(source, content).equals(whole.subarray(0, DIGEST_BYTES)) ? content : undefined;
  } catch {
    // It only makes the start shorter.
    return undefined;
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

function isOwner(user: number, gate: string): boolean {
  return user === 0 || user === statSync(gate).uid;
}

function digestOf(source: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(source, 'latin1').update(content).digest();
}
