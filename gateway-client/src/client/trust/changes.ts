import { clientError } from '../errors.js';
import { Block } from '@tracecal/ledger/wire';
import { configurationBlock, movedForward } from './channel.js';
import { endorsersAsIn } from './endorsers.js';
import { checkedTrust } from './parseTrust.js';
import { TRUST_TYPE } from './trust.js';
import type { Trust, TrustedRoot } from './trust.js';

/**
 * The same trust with one more root; the first root makes a new trust.
 *
 * @param k - How many roots' heartbeats must agree from now on; unchanged by default, 1 for a new trust.
 * @throws TraceCalError `TRUST_UNCHANGED` if it already contains the name or the certificate, or the root or `k` is invalid
 */
export function withRoot(trust: Trust | undefined, root: TrustedRoot, k?: number): Trust {
  const roots = trust?.roots ?? [];
  const twin = roots.find(({ sha256 }) => sha256 === root.sha256);
  if (roots.some(({ name }) => name === root.name)) {
    throw clientError('TRUST_UNCHANGED', `It names ${root.name} already: remove that root first.`);
  }
  if (twin) {
    throw clientError('TRUST_UNCHANGED', `It names this certificate already, as ${twin.name}.`);
  }
  return changed({ ...trust, roots: [...roots, root] }, k ?? trust?.heartbeats.k ?? 1);
}

/**
 * The same trust without a root.
 *
 * @param k - How many roots' heartbeats must agree from now on; unchanged by default.
 * @throws TraceCalError `TRUST_UNCHANGED` if there is no such root, it is the last one, or too few would be left for `k`
 */
export function withoutRoot(trust: Trust, name: string, k?: number): Trust {
  const { roots, heartbeats } = trust;
  const left = roots.filter((root) => root.name !== name);
  if (left.length === roots.length) {
    const names = roots.map((root) => root.name).join(', ');
    throw clientError('TRUST_UNCHANGED', `It names no root "${name}", only ${names}.`);
  }
  if (left.length === 0) {
    throw clientError('TRUST_UNCHANGED', `${name} is its last root: delete the file to trust nobody.`);
  }
  // Never lowered silently: fewer signatures are a weaker proof.
  if (k === undefined && heartbeats.k > left.length) {
    const why = `It asks for heartbeats of ${heartbeats.k} roots, and ${left.length} would be left`;
    throw clientError('TRUST_UNCHANGED', `${why}: say how many heartbeats are enough.`);
  }
  return changed({ ...trust, roots: left }, k ?? heartbeats.k);
}

/**
 * The same trust with its channel moved forward along signed configurations, never backward; its endorsers have the CAs that the newest one
 * names, and those that have left are taken out.
 *
 * @param blocks - Configuration blocks in order, with or without those up to the trusted one.
 * @throws TraceCalError `TRUST_UNCHANGED` if it names no channel, a block does not follow, or too few endorsers are left
 */
export function withConfigurations(trust: Trust, blocks: readonly Uint8Array[]): Trust {
  const { channel } = trust;
  if (!channel) {
    throw clientError('TRUST_UNCHANGED', 'It names no channel: have one exported from the network.');
  }
  return unchangedUnless(() => {
    const moved = movedForward(channel, blocks);
    const { endorsers } = trust;
    const newest = Block.encode(configurationBlock(moved));
    return { ...trust, channel: moved, ...(endorsers && { endorsers: endorsersAsIn(newest, endorsers) }) };
  });
}

function changed(trust: Omit<Trust, 'type' | 'heartbeats'>, k: number): Trust {
  return unchangedUnless(() => checkedTrust({ ...trust, type: TRUST_TYPE, heartbeats: { k } }), 'It would be wrong: ');
}

function unchangedUnless<T>(change: () => T, before = ''): T {
  try {
    return change();
  } catch (cause) {
    throw clientError('TRUST_UNCHANGED', cause instanceof Error ? `${before}${cause.message}` : undefined, { cause });
  }
}
