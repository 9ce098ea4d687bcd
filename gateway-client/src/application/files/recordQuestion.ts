import { appendFile, chmod, open } from 'node:fs/promises';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { whyUnwritable } from '../../files/index.js';
import type { Bundle } from '../../proof/verify/index.js';
import { ApplicationError } from '../errors.js';

/** A question that somebody asked, with its answer. */
export interface AskedQuestion {
  /** The organisation as which it was asked. */
  readonly asker: string;
  readonly bundle: Bundle;
  /** The bundle's text, and the file in which it is. */
  readonly text: string;
  readonly file: string;
  /** Where the ledger holds its digest. */
  readonly recorded?: { readonly block: number; readonly txId: string };
}

/**
 * Adds a line to the asker's own record of what was asked: canonical JSON. Nobody else learns of it. For a bundle that is recorded in the ledger,
 * the line names the block: with the bundle, it shows later that this was asked by then.
 *
 * @throws ApplicationError `FILE_UNWRITABLE`
 */
export async function recordQuestion(
  path: string,
  { asker, bundle: { device, question }, text, file, recorded }: AskedQuestion,
): Promise<void> {
  const line = {
    type: 'tracecal-asked/1',
    at: instantOf(Date.now()),
    asker,
    device,
    question,
    file,
    bundle: sha256(text),
    recorded: recorded ? { block: recorded.block, txId: recorded.txId } : null,
  };
  // What a crash left behind stays a line of its own.
  await append(path, `${(await endsInALine(path)) ? '' : '\n'}${canonicalJson(line)}\n`);
}

/** What cannot be read may be written all the same. */
async function endsInALine(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return true;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return bytesRead === 0 || buffer.toString('latin1') === '\n';
  } catch {
    return true;
  } finally {
    await file.close();
  }
}

/** Checks that a record can be continued, before anything is asked. @throws ApplicationError `FILE_UNWRITABLE` */
export function requireRecord(path: string): Promise<void> {
  return append(path, '');
}

async function append(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text, { mode: 0o600 });
    await chmod(path, 0o600);
  } catch (cause) {
    throw new ApplicationError('FILE_UNWRITABLE', whyUnwritable(path, cause), { cause });
  }
}
