import { canonicalJson } from '@tracecal/core/model';
import type { Audit, AuditedTransaction, Provenance, SealSeen, VerdictSeen } from './audit.js';

/** A place in which two audits contradict each other. */
export interface AuditDifference {
  readonly block: number;
  readonly txId: string;
  /**
   * `missing`: the later audit lacks it; `added`: the earlier one lacks it; `moved`: it stands in different places; `changed`: they show it
   * differently; `other-seal`: an epoch ends differently; `goes-back`: the end of the later one is before that of the earlier one; `known`:
   * the verdict of one moment differs; `provenance`: a device comes from elsewhere.
   */
  readonly what:
    | 'missing'
    | 'added'
    | 'moved'
    | 'changed'
    | 'other-block'
    | 'other-chain'
    | 'other-seal'
    | 'goes-back'
    | 'known'
    | 'provenance';
  /** One sentence. */
  readonly says: string;
}

type Differences = readonly AuditDifference[];

const NOWHERE = { block: 0, txId: '' };

/** What cannot be, whatever the other audit says: two transactions at one place, an id that is valid twice, a block after the end. */
export function withinOne(before: Audit, after: Audit): Differences {
  return [before, after].flatMap(({ chain: { height }, transactions }) => {
    const places = new Set<string>();
    const valid = new Map<string, number>();
    return transactions.flatMap(({ block, place, txId, validity }): Differences => {
      const isRepeated = places.has(`${block} ${place}`);
      const earlier = validity === 'VALID' && !isRepeated ? valid.get(txId) : undefined;
      places.add(`${block} ${place}`);
      if (validity === 'VALID') valid.set(txId, block);
      const found: readonly (readonly [boolean, AuditDifference['what'], string])[] = [
        [isRepeated, 'changed', `shows block ${block} twice at place ${place}`],
        [earlier !== undefined, 'moved', `calls it valid in block ${earlier} and in block ${block}`],
        [block >= height, 'goes-back', `shows block ${block}, and says that it ends with block ${height - 1}`],
      ];
      return found.flatMap(([isSo, what, says]) => (isSo ? [{ block, txId, what, says: `one audit ${says}` }] : []));
    });
  });
}

/** Blocks of which two hashes are shown, in one of the audits or in both. */
export function otherBlocks(before: Audit, after: Audit): Differences {
  const hashes = new Map<number, string>();
  const told = new Set<number>();
  return [before, after].flatMap(hashesIn).flatMap(({ block, txId, hash }): Differences => {
    const known = hashes.get(block) ?? hash;
    hashes.set(block, known);
    if (known === hash || told.has(block)) return [];
    told.add(block);
    return [{ block, txId, what: 'other-block', says: `block ${block} has two hashes: ${known} and ${hash}` }];
  });
}

function hashesIn({ chain: { genesis, height, newest }, transactions }: Audit) {
  return [
    { block: 0, txId: '', hash: genesis },
    ...transactions.map(({ block, txId, blockHash: hash }) => ({ block, txId, hash })),
    { block: height - 1, txId: '', hash: newest },
  ];
}

/** What the blocks say of their end never goes back, and is the same for as many blocks. */
export function backwards({ chain: before }: Audit, { chain: after }: Audit): Differences {
  const isSame = before.height === after.height;
  const where = `block ${before.height - 1} and block ${after.height - 1}`;
  const epochs = isSame ? before.epoch !== after.epoch : before.epoch > after.epoch;
  const [first, second] = [before.signedUntil ?? '', after.signedUntil ?? ''];
  const dates = isSame ? first !== second : first > second;
  const at = { ...NOWHERE, block: before.height - 1, what: 'goes-back' } as const;
  const name = (date: string) => (date === '' ? 'none' : date);
  return [
    ...(epochs ? [{ ...at, says: `after ${where} epochs ${before.epoch} and ${after.epoch} are open` }] : []),
    ...(dates
      ? [
          {
            ...at,
            says: `the newest dates that institutes signed until ${where} are ${name(first)} and ${name(second)}`,
          },
        ]
      : []),
  ];
}

/** An epoch has one seal, and nothing enters it afterwards. */
export function otherSeals(before: Audit, after: Audit): Differences {
  return [...twoSeals(before, after), ...unreadSeals(before, after), ...enteredLate(before, after)];
}

function twoSeals(before: Audit, after: Audit): Differences {
  const seals = new Map<number, SealSeen>();
  const told = new Set<number>();
  return [before, after].flatMap(sealsIn).flatMap(([number, seal]): Differences => {
    const own = seals.get(number) ?? seal;
    seals.set(number, own);
    if (told.has(number) || !differs(own, seal)) return [];
    told.add(number);
    const { block, txId } = seal;
    const says = `epoch ${number} has two seals: in block ${own.block} (${own.date}) and in block ${block} (${seal.date})`;
    return [{ block, txId, what: 'other-seal', says }];
  });
}

/** Seals that the earlier one has read are those of the epochs that it knows to be sealed. */
function unreadSeals({ chain }: Audit, after: Audit): Differences {
  const open = `the earlier audit says that epoch ${chain.epoch} was open after block ${chain.height - 1}`;
  return [...new Map(sealsIn(after))].flatMap(([number, { block, txId }]): Differences => {
    if (block < chain.height === number < chain.epoch) return [];
    return [{ block, txId, what: 'other-seal', says: `epoch ${number} is sealed in block ${block}, and ${open}` }];
  });
}

function enteredLate({ chain }: Audit, { transactions }: Audit): Differences {
  return transactions.flatMap(({ block, txId, epoch }): Differences => {
    if (block < chain.height || epoch === null || epoch.number >= chain.epoch) return [];
    const says = `block ${block} has it enter epoch ${epoch.number}, which was sealed until block ${chain.height - 1} by the earlier audit`;
    return [{ block, txId, what: 'other-seal', says }];
  });
}

/** With the number of the epoch that each closed. */
function sealsIn({ transactions }: Audit): readonly (readonly [number, SealSeen])[] {
  return transactions.flatMap(({ epoch }) => {
    const { opened = null, sealed = null, number = 0 } = epoch ?? {};
    return [...(opened ? [[number - 1, opened] as const] : []), ...(sealed ? [[number, sealed] as const] : [])];
  });
}

/**
 * The verdict of one moment, if both have read all that the ledger held then: nothing enters an epoch that is sealed, so it has to be before the
 * newest seal that the earlier one shows.
 */
export function otherVerdicts(before: Audit, after: Audit): Differences {
  const [own, theirs] = [before.known, after.known];
  if (!own || !theirs) return [];
  if (own.at !== theirs.at) return [];
  const covered =
    sealsIn(before)
      .map(([, { date }]) => date)
      .sort()
      .at(-1) ?? '';
  const isSame = own.device === theirs.device && verdictWords(own.then) === verdictWords(theirs.then);
  if (isSame || (own.at >= covered && before.chain.height !== after.chain.height)) return [];
  const says = `known at ${own.at} was ${verdictWords(own.then)} by the one until block ${before.chain.height - 1}, ${verdictWords(theirs.then)} by the one until block ${after.chain.height - 1}: only different trust files can explain it`;
  return [{ ...NOWHERE, block: before.chain.height - 1, what: 'known', says }];
}

/** Sentences may have been worded anew. */
function verdictWords(verdict: VerdictSeen | null): string {
  if (verdict === null) return 'nothing';
  return verdict.check === null ? verdict.status : `${verdict.status} (${verdict.check})`;
}

/** Makers stay, owners and calibrations are only added. */
export function otherProvenance(before: Audit, after: Audit): Differences {
  const [own, theirs] = [before.provenance, after.provenance];
  if (own === null || theirs === null) return [];
  const isSame = before.chain.height === after.chain.height;
  const parts = isSame ? PARTS.filter((part) => differs(own[part], theirs[part])) : partsChanged(own, theirs);
  return parts.map((part) => {
    const says = `the provenance until block ${before.chain.height - 1} and until block ${after.chain.height - 1} differs: ${part}`;
    return { ...NOWHERE, block: before.chain.height - 1, what: 'provenance', says };
  });
}

const PARTS = ['maker', 'owners', 'stays'] as const;

function partsChanged(own: Provenance, theirs: Provenance): readonly (keyof Provenance)[] {
  const isOther = {
    maker: own.maker !== null && differs(own.maker, theirs.maker),
    owners: own.owners.some((owner, place) => differs(owner, theirs.owners[place])),
    // An amended report takes the place of the older one; decisions come later.
    stays: own.stays.some((stay, place) => {
      const later = theirs.stays[place];
      if (later?.report !== stay.report) return later === undefined || later.replaces === null;
      const { revoked } = stay;
      return differs({ ...stay, checked: null }, { ...later, checked: null, revoked: revoked && later.revoked });
    }),
  };
  return PARTS.filter((part) => isOther[part]);
}

function differs(one: unknown, other: unknown): boolean {
  return canonicalJson({ value: one ?? null }) !== canonicalJson({ value: other ?? null });
}

/** The members that differ, with what each audit shows if that is short. An epoch that was open may have been sealed since. */
export function changedIn(before: AuditedTransaction, after: AuditedTransaction): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof AuditedTransaction)[];
  const wasOpen = before.epoch?.sealed === null;
  return names.flatMap((name) => {
    const theirs = name === 'epoch' && wasOpen ? after.epoch && { ...after.epoch, sealed: null } : after[name];
    return differs(before[name], theirs) ? [[name, ...valuesOf(before[name], theirs)].join(' ')] : [];
  });
}

function valuesOf(own: unknown, theirs: unknown): readonly string[] {
  const isShort = [own, theirs].every((each) => each === null || typeof each === 'string' || typeof each === 'number');
  return isShort ? [`(${String(own)} and ${String(theirs)})`] : [];
}
