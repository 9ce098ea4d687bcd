import { canonicalJson } from '@tracecal/core/model';
import type { LoggedTransaction } from '@tracecal/core/model';
import { hexText } from '@tracecal/core/platform';
import { verifyBlock } from '@tracecal/ledger/block';
import type { VerifiedBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { examine } from '@tracecal/ledger/validation';
import { Block, TX_CODE } from '@tracecal/ledger/wire';
import type { Trust } from '../client/trust/trust.js';
import { bytesIn } from '../proof/verify/bytes.js';
import { demandNothingUnsigned } from '../proof/verify/configurations.js';
import { endorsedCall } from '../proof/verify/endorsedCall.js';
import { carried, NotShown } from '../proof/verify/shown.js';
import type { Tier } from '../proof/verify/tiers.js';
import type { Audit, AuditedEpoch, AuditedTransaction, Concern } from './audit.js';
import { compareAudits } from './compare.js';
import type { AuditDifference } from './differences.js';
import { Configurations } from './configurations.js';
import type { AuditEvidence } from './evidence.js';
import { readTransaction } from './readTransaction.js';
import { AuditTrail, dateOfWord, REGISTRY_CHAINCODE } from './trail.js';

/** An audit that was found again from its blocks, or was not. */
export interface CheckedAudit {
  readonly audit: Audit;
  readonly tier: Tier;
  /** What its valid transactions wrote into the change log; null if its blocks were not checked. */
  readonly logged: readonly Logged[] | null;
  readonly contradictions: readonly string[];
}

export type Logged = LoggedTransaction & { readonly epoch: number };

/**
 * Whether the orderers signed the blocks, and the audit follows from them to the last byte. The first block that is not accepted ends it: what
 * is forged is not read further.
 *
 * @param onEach Called before each block, transaction and configuration; what it throws ends all.
 */
export function checkBlocks(evidence: AuditEvidence, trust: Trust, onEach: () => void): CheckedAudit {
  const { audit } = evidence;
  const unknown = (shows: string) => ({
    ...{ audit, logged: null, contradictions: [] },
    tier: { holds: false, shows },
  });
  const { channel } = trust;
  if (channel === undefined) {
    return unknown('your trust file does not name a channel with its configuration (`channel`)');
  }
  if (audit.chain.channel !== channel.name || audit.chain.genesis !== channel.genesis) {
    return unknown('the audit is of another channel than the one that you trust');
  }
  try {
    return new Check(evidence, channel, onEach).run(trust);
  } catch (error) {
    if (error instanceof NotShown) return { ...unknown(error.message), contradictions: [error.message] };
    throw error;
  }
}

class Check {
  readonly #evidence: AuditEvidence;
  readonly #onEach: () => void;
  readonly #rules: Configurations;
  readonly #trail: AuditTrail;
  /** Validity is nobody's signed word: what the audit says is tried, as far as it can be. */
  readonly #claimed: ReadonlyMap<string, AuditedTransaction>;
  readonly #seals: ReadonlySet<string>;
  readonly #signers = new Set<string>();
  readonly #found: string[] = [];
  /** What institutes said in these blocks: epochs that were sealed, and dates. */
  readonly #sealed = new Set<number>();
  readonly #dates = new Set<string>();

  constructor(evidence: AuditEvidence, channel: NonNullable<Trust['channel']>, onEach: () => void) {
    const { audit, configurations } = evidence;
    this.#evidence = evidence;
    this.#onEach = onEach;
    this.#rules = new Configurations(configurations.map(bytesIn), channel, onEach);
    this.#trail = new AuditTrail(audit.subject);
    this.#claimed = new Map(audit.transactions.map((each) => [nameOf(each), each]));
    const seals = audit.transactions.flatMap(({ epoch }) => [epoch?.opened, epoch?.sealed]);
    this.#seals = new Set(seals.flatMap((seal) => (seal ? [nameOf(seal)] : [])));
  }

  /** @throws NotShown for a block that is not accepted */
  run({ channel, endorsers }: Trust): CheckedAudit {
    const { audit, blocks } = this.#evidence;
    let last: { readonly number: number; readonly hash: string } = { number: -1, hash: '' };
    for (const block of blocks) {
      this.#onEach();
      last = this.#take(bytesIn(block), last.number);
    }
    if (last.number + 1 !== audit.chain.height || last.hash !== audit.chain.newest) {
      this.#found.push(`the audit says that it ends with block ${audit.chain.height - 1}, which is not in the file`);
    }
    this.#compare();
    this.#onEach();
    this.#found.push(...wrongEpochs(audit), ...repeated(audit), ...unregistered(audit), ...this.#unsupported());
    const machine = endorsers?.engine === 'embedded' ? ' (an embedded network: one machine signs as all of them)' : '';
    const by = [...this.#signers].sort();
    return {
      audit,
      logged: this.#trail.logged(),
      contradictions: this.#found,
      tier: {
        holds: true,
        shows:
          `its ${audit.transactions.length} transactions stood in blocks of ${channel?.name} that the quorum of the orderers signed${machine}: ` +
          `${by.join(', ')}; those that it calls valid were endorsed as the channel's configuration asks`,
        by,
      },
    };
  }

  #take(bytes: Uint8Array, before: number): { readonly number: number; readonly hash: string } {
    const number = carried('a block is not accepted', () => numberOf(bytes));
    if (number <= before) throw new NotShown(`block ${number} is out of its place`);
    const { config, access } = this.#rules.of(number);
    const verified = carried('a block is not accepted', () => {
      demandNothingUnsigned(bytes);
      return verifyBlock(bytes, config);
    });
    const { hash, envelopes, signers } = verified;
    signers.forEach(({ mspId }) => this.#signers.add(mspId));
    const codes = this.#codes(verified, access);
    this.#trail.take({ number, hash: hexText(hash), codes, envelopes, access });
    return { number, hash: hexText(hash) };
  }

  #codes({ header: { number: block }, envelopes }: VerifiedBlock, access: ChannelAccess): readonly number[] {
    return envelopes.map((envelope, place) => {
      this.#onEach();
      const { txId, code, bound } = examine(envelope, access);
      const couldBeValid = code === TX_CODE.VALID && bound !== undefined && isEndorsed(bound, access);
      if (couldBeValid) this.#hear(envelope);
      const claimed = this.#claimed.get(nameOf({ block, txId }));
      const said =
        (claimed?.place === place ? claimed.validity : undefined) ??
        (this.#seals.has(nameOf({ block, txId })) && couldBeValid ? 'VALID' : 'NOT_VALIDATED');
      if (said === 'VALID' && !couldBeValid) {
        this.#found.push(`transaction ${txId} of block ${block} cannot be valid, and the audit says that it is`);
      }
      return CODES.get(said) ?? TX_CODE.NOT_VALIDATED;
    });
  }

  /** An institute's seal or heartbeat. */
  #hear(envelope: Uint8Array): void {
    const read = readTransaction(envelope, TX_CODE.VALID, REGISTRY_CHAINCODE);
    for (const statement of read?.statements ?? []) {
      const date = dateOfWord(statement);
      if (date === undefined) continue;
      this.#dates.add(date);
      if (statement.what === 'seal') this.#sealed.add(statement.number);
    }
  }

  #compare(): void {
    const { audit } = this.#evidence;
    const derived = this.#trail.audit(audit.chain, { withProvenance: audit.provenance !== null });
    const { differences } = compareAudits(audit, derived);
    const found = differences
      .filter(({ what }) => what !== 'provenance')
      .map(({ txId, what, block }) => DIFFERS[what](txId, block));
    if (canonicalJson(derived.provenance) !== canonicalJson(audit.provenance)) {
      found.push('the provenance does not follow from the blocks');
    }
    if (audit.known !== null) found.push('what was known at a moment does not follow from blocks: a bundle shows that');
    if (found.length === 0 && canonicalJson(derived) !== canonicalJson(audit)) {
      found.push('the audit does not follow from the blocks');
    }
    this.#found.push(...found);
  }

  /** What the audit says of its end must stand in its blocks. */
  #unsupported(): readonly string[] {
    const { epoch, signedUntil } = this.#evidence.audit.chain;
    return [
      ...(epoch > 0 && !this.#sealed.has(epoch - 1)
        ? [`no block in the file holds the seal that opened epoch ${epoch}, with which the audit ends`]
        : []),
      ...(signedUntil !== null && !this.#dates.has(signedUntil)
        ? [`no institute has signed the date ${signedUntil} in these blocks`]
        : []),
    ];
  }
}

/** @throws Error for what is no block */
function numberOf(block: Uint8Array): number {
  const { header } = Block.decode(block);
  if (header === undefined) throw new Error('it has no header');
  return header.number;
}

function nameOf({ block, txId }: { readonly block: number; readonly txId: string }): string {
  return `${block} ${txId}`;
}

const DIFFERS: Readonly<Record<AuditDifference['what'], (txId: string, block: number) => string>> = {
  missing: (txId, block) => `no block in the file holds transaction ${txId} of block ${block} as the audit shows it`,
  added: (txId, block) =>
    `block ${block} holds transaction ${txId}, which concerns the subject, and the audit leaves it out`,
  changed: (txId, block) => `the audit shows transaction ${txId} otherwise than block ${block} holds it`,
  'other-block': (_, block) => `the audit names another hash of block ${block} than the orderers signed`,
  moved: (txId, block) => `the audit shows transaction ${txId} in block ${block}, and it stands elsewhere`,
  'other-seal': (_, block) => `the audit shows a seal otherwise than block ${block} holds it`,
  'goes-back': () => 'the end of the audit does not follow from the blocks',
  known: () => 'what was known at a moment does not follow from blocks: a bundle shows that',
  provenance: () => 'the provenance does not follow from the blocks',
  'other-chain': (_, block) => `the audit is of another chain, as block ${block} shows`,
};

const CODES: ReadonlyMap<string, number> = new Map(Object.entries(TX_CODE));

function isEndorsed(
  ...[bound, access]: [Parameters<typeof endorsedCall>[0], Parameters<typeof endorsedCall>[1]]
): boolean {
  try {
    endorsedCall(bound, access, 'too few endorsed it');
    return true;
  } catch (error) {
    if (error instanceof NotShown) return false;
    throw error;
  }
}

/** A valid transaction stands between the seals of its epoch, and both are shown as far as the audit goes. */
function wrongEpochs({ chain, transactions }: Audit): readonly string[] {
  return transactions.flatMap((transaction) => {
    const { txId, epoch, validity } = transaction;
    if (validity !== 'VALID') return [];
    return epoch === null
      ? [`transaction ${txId} is called valid, and entered no epoch`]
      : wrongSeals(transaction, epoch, chain.epoch);
  });
}

function wrongSeals(
  { txId, block }: AuditedTransaction,
  { number, opened, sealed }: AuditedEpoch,
  end: number,
): readonly string[] {
  if (number > end || (sealed && number === end)) {
    return [`transaction ${txId} entered epoch ${number}, after the end that the audit names`];
  }
  const opening = opened ?? (number === 0 ? { block: 0 } : undefined);
  const closing = sealed ?? (number === end ? { block: Infinity } : undefined);
  if (!opening || !closing) return [`the audit hides a seal of epoch ${number}, which transaction ${txId} entered`];
  const isWithin = opening.block <= block && block <= closing.block;
  return isWithin ? [] : [`transaction ${txId} of block ${block} stands outside of epoch ${number}`];
}

/** What begins the life of a subject in the registry. */
const REGISTERS: Readonly<Record<Audit['subject']['kind'], string | undefined>> = {
  device: 'device',
  report: 'report',
  person: 'authorisation',
  organisation: 'organisation',
  registry: undefined,
};

/** Nothing valid is said by or about what was not registered before. A mere name may be that of another kind: ids are unique in one kind. */
function unregistered({ subject, transactions }: Audit): readonly string[] {
  const wanted = REGISTERS[subject.kind];
  const valid = transactions.filter(({ validity }) => validity === 'VALID');
  if (wanted === undefined || valid.length === 0) return [];
  const first = valid.find(({ statements }) => statements.some(({ concerns }) => concerns.some(isNoMereName)));
  const isRegistration = first?.statements.some(
    ({ what, concerns, details }) => what === wanted && concerns.includes('subject') && details.renews === undefined,
  );
  return isRegistration === true ? [] : [`the audit leaves out the registration of ${subject.kind} ${subject.id}`];
}

function isNoMereName(concern: Concern): boolean {
  return concern !== 'named';
}

/** An id is valid once. */
function repeated({ transactions }: Audit): readonly string[] {
  const seen = new Set<string>();
  for (const { txId, validity } of transactions) {
    if (validity !== 'VALID') continue;
    if (seen.has(txId)) return [`the audit calls transaction ${txId} valid twice`];
    seen.add(txId);
  }
  return [];
}
