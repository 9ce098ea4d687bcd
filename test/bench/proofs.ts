import { performance } from 'node:perf_hooks';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { sha256 } from '@tracecal/core/platform';
import { traceOptions } from '@tracecal/core/trace';
import { recordProofs } from '@tracecal/gateway-client/proof';
import {
  BUNDLE_TYPE,
  bundleText,
  digestOf,
  epochText,
  readBundle,
  readEpoch,
  verifyBundle,
} from '@tracecal/gateway-client/proof/verify';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { Block } from '@tracecal/ledger/wire';
import { later, twoCountries } from '../support/hierarchy.js';
import { logOf } from '../support/logOf.js';
import { ask, registryOf, submit } from '../support/registry.js';
import { printAlone } from './alone.js';
import { median } from './measure.js';

const LEVELS = [1, 3, 7, 15, 30, 50];
const ROUNDS = 5;
const VERDICTS = 1000;

/**
 * What bundles cost their verifier, over a ledger in memory: size and time by levels, with a change log and without; a change log; and
 * verdicts under one Merkle root. Times are this machine's; the ratios, to one level in the same run, are what travels.
 *
 *     node --require ./.scripts/quiet.cjs --enable-source-maps test/dist/bench/proofs.js [lines of the log: 10000]
 */
export async function proofNumbers(lines: number): Promise<readonly string[]> {
  const hierarchy = await twoCountries();
  const chains: { readonly levels: number; readonly device: string }[] = [];
  for (const levels of LEVELS) {
    chains.push({ levels, device: await hierarchy.addChain(levels, 't-nmi-north', `of-${levels}`) });
  }
  const ledger = await registryOf(hierarchy);
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const bundles: { readonly levels: number; readonly text: string }[] = [];
  for (const { levels, device } of chains) {
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', device, question);
    bundles.push({ levels, text: bundleText({ type: BUNDLE_TYPE, device, question, epoch, evidence }) });
  }
  ledger.now = later(ledger.now, 3600);
  const { number } = await ask<{ number: number }>(ledger, 'getEpoch', '');
  await submit(ledger, hierarchy.seal(ledger.now, { number }));
  const { digest } = await ask<{ digest: string }>(ledger, 'getEpochDigest', String(number));
  const [institute = ''] = hierarchy.institutes;
  await submit(ledger, hierarchy.addHeartbeat(institute, { number, digest, registered: ledger.now }));
  const roots = hierarchy.institutes.map((id) => hierarchy.holder('organisation', id).certificateSha256);
  const fresh = { log: await logOf(ledger), k: 1, clock: { now: ledger.now, maxAgeSeconds: 86_400 }, seen: null };
  const chain = await times(bundles, async (text) => {
    await verifyBundle(text, { roots });
  });
  const both = await times(bundles, async (text) => {
    const { tiers } = await verifyBundle(text, { roots, fresh });
    if (!tiers.fresh.holds) throw new Error(`The bundle is not fresh: ${tiers.fresh.shows}`);
  });
  return [
    '| levels | characters | chain, ms | of 1 level | chain and fresh, ms | of 1 level |',
    '| -----: | ---------: | --------: | ---------: | ------------------: | ---------: |',
    ...bundles.map(
      ({ levels, text }, place) =>
        `| ${levels} | ${text.length} | ${of(chain, place)} | ${ratio(chain, place)} | ${of(both, place)} | ${ratio(both, place)} |`,
    ),
    '',
    logNumbers(lines),
    await anchorNumbers(readBundle(bundles[0]?.text ?? '')),
  ];
}

/** The median of all rounds for each bundle; every bundle has its turn in every round. */
async function times(
  bundles: readonly { readonly text: string }[],
  verify: (text: string) => Promise<void>,
): Promise<readonly number[]> {
  const found: number[][] = bundles.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [place, { text }] of bundles.entries()) {
      const began = performance.now();
      await verify(text);
      // The first round warms the compiler up.
      if (round > 0) found[place]?.push(performance.now() - began);
    }
  }
  return found.map(median);
}

function of(all: readonly number[], place: number): string {
  return (all[place] ?? NaN).toFixed(1);
}

function ratio(all: readonly number[], place: number): string {
  return ((all[place] ?? NaN) / (all[0] ?? NaN)).toFixed(1);
}

/** An epoch with so many transactions of one line, read and digested. */
function logNumbers(lines: number): string {
  const transactions = Array.from({ length: lines }, (_, place) => sha256(`transaction ${place}`))
    .sort()
    .map((txId) => ({ txId, lines: [sha256(txId)] }));
  const text = epochText({ channel: 'calibration', epoch: 0, previous: sha256('founding'), transactions });
  const began = performance.now();
  digestOf(readEpoch(text));
  return `A change log of ${lines} lines: ${(text.length / 1e6).toFixed(2)} MB, read and digested in ${(performance.now() - began).toFixed(0)} ms.`;
}

/** As many bundles recorded by one transaction: what the recorder does, without the ledger. */
async function anchorNumbers(bundle: Bundle): Promise<string> {
  const block = Block.encode({
    header: { number: 1, previousHash: new Uint8Array(), dataHash: new Uint8Array() },
    data: { data: [] },
    metadata: { metadata: [] },
  });
  const client = {
    anchorProofs: () => Promise.resolve({ txId: 'none', blockNumber: 1n }),
    block: () => Promise.resolve(block),
    configurationBlocks: () => Promise.resolve([]),
  } as unknown as Parameters<typeof recordProofs>[0];
  const began = performance.now();
  const { bundles } = await recordProofs(client, Array<Bundle>(VERDICTS).fill(bundle));
  const made = performance.now() - began;
  const steps = Math.max(...bundles.map(({ recorded }) => recorded?.path.length ?? 0));
  return `${VERDICTS} bundles under one root: ${made.toFixed(0)} ms to make the leaves, the root and all paths; one transaction; each bundle carries at most ${steps} digests of 64 characters for its path.`;
}

printAlone(module, () => proofNumbers(Number(process.argv[2] ?? 10_000)));
