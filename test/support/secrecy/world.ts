import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Disclosure, Instant } from '@tracecal/core/model';
import { connect, trustText } from '@tracecal/gateway-client';
import { exportLog } from '@tracecal/gateway-client/application';
import { auditOf, auditPage } from '@tracecal/gateway-client/audit';
import { bundleText } from '@tracecal/gateway-client/proof/verify';
import type { Bundle } from '@tracecal/gateway-client/proof/verify';
import { credentialsOf } from '../application.js';
import { eventually } from '../eventually.js';
import { presentDates, unsealedCountries } from '../hierarchy.js';
import { ProvenDevice } from '../provenDevice.js';
import { signedOpening } from '../pseudonyms.js';
import { REGISTRY } from '../registryNetwork.js';
import { blocksFrom, definitionsOutside, peerOf } from '../replica/recordedChain.js';
import { temporaryFolder } from '../temporaryFolder.js';
import { Wiretap } from '../wiretap.js';
import { answersAbout, brieflyAbout } from './asked.js';
import { HIDDEN, hide } from './hidden.js';
import type { Hidden } from './hidden.js';
import { observedConsortium } from './members.js';
import { addTwins, idsOf, isDisclosed, TWINS } from './twins.js';
import type { Twin } from './twins.js';

export type Pieces = readonly (string | Uint8Array)[];

/** What of the hidden standard is opened to a reader. */
export const OPENED: readonly string[] = ['model', 'serial'];

/** A network with confidential reports and hidden nodes, and all that each of those around it has of them. */
export class SecretWorld {
  readonly proven: ProvenDevice;
  readonly hidden: Hidden;
  readonly asOf: Instant;

  /** When the hidden standard was registered. */
  readonly registered: Instant;

  private constructor(
    proven: ProvenDevice,
    hidden: Hidden,
    dates: { readonly asOf: Instant; readonly registered: Instant },
  ) {
    this.proven = proven;
    this.hidden = hidden;
    this.asOf = dates.asOf;
    this.registered = dates.registered;
  }

  static async start(): Promise<SecretWorld> {
    const hierarchy = await unsealedCountries(undefined, presentDates());
    await addTwins(hierarchy);
    const proven = await ProvenDevice.start(undefined, observedConsortium(), hierarchy);
    const hidden = await hide(hierarchy);
    // By the client of its certifier: who submitted is in every block.
    for (const item of hidden.items) await proven.registry.submit(item, 'nmi-north');
    await proven.beat('nmi-north');
    await proven.placeDevices();
    const { value } = await (
      await proven.registry.as('nmi-north')
    )
      .history({ kind: 'device', id: hidden.gold.id })
      .next();
    const registered = value?.time ?? '';
    return new SecretWorld(proven, hidden, { asOf: await proven.registry.now(), registered });
  }

  /** Stands in every transaction that the client of the hidden standard's certifier sent: a part of its certificate. */
  get submitter(): string {
    const { identity } = credentialsOf(this.proven.registry.network, 'nmi-north');
    return Buffer.from(identity.credentials).toString().split('\n')[4] ?? '';
  }

  /** All that a member is answered about a twin and what rests on it, in the same order for both. */
  async aboutTwin(member: string, twin: Twin): Promise<readonly string[]> {
    const { device, report, below } = idsOf(twin);
    const reader = await this.proven.registry.as(member);
    return [
      ...(await answersAbout(reader, { device, report, owner: 'oem-a' }, this.asOf)),
      ...(await brieflyAbout(reader, below, this.asOf)),
    ];
  }

  /** All that a member is answered about the hidden nodes. */
  async aboutHidden(member: string): Promise<Pieces> {
    const reader = await this.proven.registry.as(member);
    const { gold, owner } = this.hidden;
    return [
      ...(await answersAbout(reader, { device: gold.id, report: HIDDEN.goldReport, owner: 'nmi-north' }, this.asOf)),
      ...(await brieflyAbout(reader, HIDDEN.probe, this.asOf)),
      JSON.stringify(await reader.getOrganisation(owner.id)),
    ];
  }

  /** Audits by a member: the record, the page that prints, and the evidence. */
  async auditsBy(member: string): Promise<Pieces> {
    const { registry } = this.proven;
    const peers = [await peerOf(registry, member)];
    const from = { channel: REGISTRY.channel, peers, definitions: definitionsOutside(registry.network) };
    const pieces: string[] = [];
    for (const id of [idsOf('lot').device, this.hidden.gold.id]) {
      const { audit, evidence } = await auditOf({ subject: { kind: 'device', id }, from, provenance: true });
      pieces.push(JSON.stringify(audit), auditPage(audit), evidence());
    }
    return pieces;
  }

  /** The events that a member's peer delivers. */
  async eventsOf(member: string): Promise<Pieces> {
    const reader = await this.proven.registry.as(member);
    const endBlock = (await reader.height()) - 1n;
    const events: string[] = [];
    for await (const event of reader.events({ startBlock: 0n, endBlock })) {
      events.push(JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
    }
    return events;
  }

  /** The blocks that a member's peer delivers. */
  async blocksOf(member: string): Promise<readonly Uint8Array[]> {
    return blocksFrom(await peerOf(this.proven.registry, member));
  }

  /** What is on the disks of peers and orderers, by node, and of everything else; the embedded network is one process. */
  filesByNode(): ReadonlyMap<string, Pieces> {
    const { dataDir } = this.proven.registry.network;
    const nodes = new Map<string, Uint8Array[]>();
    for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const [folder = '', node = ''] = relative(dataDir, path).split(sep);
      const name = folder === 'peers' || folder === 'orderers' ? `${folder}/${node}` : 'other files';
      nodes.set(name, [...(nodes.get(name) ?? []), readFileSync(path)]);
    }
    return nodes;
  }

  /** What is published of devices, and of everybody: bundles of all tiers, the change log, the trust file, the bucket. */
  async published(...devices: readonly string[]): Promise<Pieces> {
    const { registry } = this.proven;
    const endorsed: Bundle[] = [];
    // A peer that traces for the first time may take longer than its gateway waits.
    for (const device of devices) endorsed.push((await eventually(() => this.proven.endorsed(device))).bundle);
    const { bundles } = await this.proven.recorded(endorsed);
    const log = temporaryFolder();
    await exportLog(await registry.as('nmi-east'), log);
    const files = readdirSync(log, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
    // The answer, as somebody may pass it on: what peers sign of it names all that they read, which are ids.
    const readers = await registry.as('readers');
    const { result } = await eventually(() => readers.proveBucket('', 0, { nonce: 'n'.repeat(32) }));
    return [...bundles.map(bundleText), ...files, trustText(await this.proven.trust()), result];
  }

  /** What the issuer keeps of a twin. */
  kept(twin: Twin): readonly Disclosure[] {
    return this.proven.registry.hierarchy.disclosuresOf(idsOf(twin).report);
  }

  /** What a reader is given of a twin: one result. */
  disclosed(twin: Twin): readonly Disclosure[] {
    return this.proven.registry.hierarchy.disclosuresOf(idsOf(twin).report, isDisclosed);
  }

  /** What a reader with a disclosure of both finds by traces at a member, and all bytes that went to that member's peer and back. */
  async readBy(member: string): Promise<{ readonly verdicts: Readonly<Record<Twin, string>>; readonly wire: Pieces }> {
    const tap = await Wiretap.before(this.proven.registry.network, member);
    const reader = await connect({ profile: tap.profile, timeoutMs: 60_000 });
    try {
      const verdicts = new Map<Twin, string>();
      const wire = await tap.bytesOf(async () => {
        for (const twin of TWINS) {
          const question = { asOf: this.asOf, disclosures: this.disclosed(twin), explain: true };
          verdicts.set(twin, JSON.stringify(await reader.traceCal(idsOf(twin).device, question)));
        }
      });
      return { verdicts: Object.fromEntries(verdicts) as Record<Twin, string>, wire };
    } finally {
      reader.close();
      tap.close();
    }
  }

  /** The opening that the certifier's officer signs for a reader. */
  opening(signers?: readonly string[]): string {
    const { hierarchy } = this.proven.registry;
    return JSON.stringify(signedOpening(hierarchy, this.hidden.gold, { facts: OPENED }, signers));
  }

  stop(): Promise<void> {
    return this.proven.stop();
  }
}
