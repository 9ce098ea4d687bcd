import { RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { digestOf, readEpoch } from './epochFile.js';
import type { LogFiles } from './files.js';
import { requireHeadQuestion } from './shapes.js';
import { signedHead } from './signedLog.js';

/** Two digests of the change log up to one epoch: somebody was shown another ledger. */
export interface Fork {
  readonly epoch: number;
  readonly digests: readonly [string, string];
  /** The trusted institutes that have signed each; none where nobody signed that epoch itself. */
  readonly signers: readonly [readonly string[], readonly string[]];
}

export interface Comparison {
  /** The last epoch up to which both logs have the same digest; null if they have no epoch in common. */
  readonly same: number | null;
  /** The first epoch that differs, in files or in heartbeats; null if none does. */
  readonly fork: Fork | null;
}

/**
 * Compares two copies of a change log, from whoever they come. There is one log: two digests of one epoch are evidence, and whoever signed both
 * stretches has lied.
 *
 * @throws RegistryError `INPUT_INVALID` for a file that is none of a log
 */
export async function compareLogs(
  one: LogFiles,
  other: LogFiles,
  question: { readonly roots: readonly string[]; readonly asOf: Instant },
): Promise<Comparison> {
  requireHeadQuestion([one, other], question);
  const { roots, asOf } = question;
  const heads = [await signedHead(one, roots, asOf), await signedHead(other, roots, asOf)] as const;
  const [registry, another] = heads.map((head) => head.registry);
  if (registry !== another) {
    throw new RegistryError(
      'INPUT_INVALID',
      `one change log is of registry ${registry ?? ''}, the other of ${another ?? ''}: compare two of the same.`,
    );
  }
  const signed = new Set(heads.flatMap(({ heartbeats }) => heartbeats.map(({ epoch }) => epoch)));
  const [here, there] = [await digestsIn(one, heads[0], signed), await digestsIn(other, heads[1], signed)];
  let same: number | null = null;
  for (const epoch of [...new Set([...here.keys(), ...there.keys()])].sort((a, b) => a - b)) {
    const [own, theirs] = [here.get(epoch) ?? [], there.get(epoch) ?? []];
    const [first, second] = [...new Set([...own, ...theirs])];
    if (first !== undefined && second !== undefined) {
      const digests = [first, second] as const;
      return { same, fork: { epoch, digests, signers: signersOf(heads, epoch, digests) } };
    }
    same = own.length > 0 && theirs.length > 0 ? epoch : same;
  }
  return { same, fork: null };
}

type Signed = Awaited<ReturnType<typeof signedHead>>;

/** What a log says, in its files and in its heartbeats, of signed epochs and of those before them, as far down as there are files. */
async function digestsIn(
  log: LogFiles,
  { heartbeats }: Signed,
  signed: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const inFiles = new Map<number, string>();
  for (const last of signed) {
    for (let epoch = last; epoch >= 0 && !inFiles.has(epoch); epoch -= 1) {
      const text = await log.epoch(epoch);
      if (text === undefined) {
        break;
      }
      inFiles.set(epoch, digestOf(readEpoch(text)));
    }
  }
  const all = new Map([...inFiles].map(([epoch, digest]) => [epoch, [digest]]));
  for (const { epoch, digest } of heartbeats) {
    all.set(epoch, [...(all.get(epoch) ?? []), digest]);
  }
  return all;
}

function signersOf(heads: readonly Signed[], epoch: number, digests: readonly [string, string]): Fork['signers'] {
  const all = heads.flatMap(({ heartbeats }) => heartbeats).filter((heartbeat) => heartbeat.epoch === epoch);
  const of = (digest: string) => [
    ...new Set(all.filter((each) => each.digest === digest).map(({ institute }) => institute)),
  ];
  return [of(digests[0]), of(digests[1])];
}
