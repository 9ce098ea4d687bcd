import { setTimeout as delay } from 'node:timers/promises';
import { instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { endorsersIn, channelOf, movedForward, TRUST_TYPE } from '@tracecal/gateway-client';
import type { Endorsers, Trust } from '@tracecal/gateway-client';
import { bundleOf, endorsedBundle, recordProofs } from '@tracecal/gateway-client/proof';
import type { Bundle, EndorsedBundle, RecordedBundles } from '@tracecal/gateway-client/proof';
import type { Consortium } from '@tracecal/network/topology';
import type { Engine } from './engine.js';
import { presentDates, twoCountries } from './hierarchy.js';
import type { Hierarchy } from './hierarchy.js';
import { RegistryNetwork } from './registryNetwork.js';
import { StolenKeys } from './stolenKeys.js';

export const SENSOR = 'oem-a/sensor-a';
export const OTHER_SENSOR = 'oem-b/sensor-b';
const MINUTE_MS = 60_000;
export const INSTITUTE_MSPS = ['NmiEastMSP', 'NmiNorthMSP', 'NmiSouthMSP'];

/** All devices of a registry, and how many of them were placed in buckets. */
export interface PlacedDevices {
  readonly devices: readonly string[];
  readonly placed: number;
}

/** A network with two traceable sensors, and an outsider's trust in it. */
export class ProvenDevice {
  readonly registry: RegistryNetwork;
  readonly keys: StolenKeys;
  #placing: Promise<PlacedDevices> | undefined;

  private constructor(registry: RegistryNetwork) {
    this.registry = registry;
    this.keys = new StolenKeys(registry.network);
  }

  static async start(engine?: Engine, consortium?: Consortium, hierarchy?: Hierarchy): Promise<ProvenDevice> {
    const registry = await RegistryNetwork.start(hierarchy ?? (await twoCountries(undefined, presentDates())), {
      ...(engine && { engine }),
      ...(consortium && { consortium }),
    });
    await registry.submitNew();
    return new ProvenDevice(registry);
  }

  /** A bundle that peers of the institutes endorsed, asked for by the owner of a sensor. */
  async endorsed(device = SENSOR, options: { nonce?: string; asOf?: Instant } = {}): Promise<EndorsedBundle> {
    const reader = await this.registry.as('oem-a');
    const { nonce = '', asOf = instantOf(Date.now()) } = options;
    return endorsedBundle(reader, () => bundleOf(reader, device, { asOf }), { nonce, endorsers: INSTITUTE_MSPS });
  }

  /** Places all devices in buckets, the first time that it is called. */
  placeDevices(): Promise<PlacedDevices> {
    this.#placing ??= this.#placeDevices();
    return this.#placing;
  }

  async #placeDevices(): Promise<PlacedDevices> {
    const laboratory = await this.registry.as('lab-alpha');
    const devices: string[] = [];
    for await (const id of laboratory.unplacedDevices()) devices.push(id);
    const { result } = await laboratory.placeDevices(devices);
    return { devices, placed: result.placed };
  }

  async chain(device = SENSOR): Promise<Bundle> {
    return bundleOf(await this.registry.as('oem-a'), device, { asOf: instantOf(Date.now()) });
  }

  /** Records bundles by a laboratory, in one transaction. */
  async recorded(bundles: readonly Bundle[]): Promise<RecordedBundles> {
    return recordProofs(await this.registry.as('lab-alpha'), bundles);
  }

  /** An institute seals the open epoch and signs it. */
  async beat(institute: string): Promise<void> {
    const { hierarchy } = this.registry;
    const client = await this.registry.as(institute);
    const { number, opened } = await client.getEpoch();
    const ahead = millisecondsOf(opened) - Date.now();
    const isFarAhead = ahead > MINUTE_MS;
    // An epoch lasts a minute, and a seal may be dated a minute ahead.
    if (!isFarAhead) await delay(Math.max(0, ahead));
    const now = Date.now();
    const registered = instantOf(isFarAhead ? now : Math.max(now, millisecondsOf(opened) + MINUTE_MS));
    await this.registry.submit(hierarchy.seal(registered, { institute, number }), institute);
    const { digest } = await client.getEpochDigest(number);
    await this.registry.submit(hierarchy.addHeartbeat(institute, { number, digest, registered }), institute);
  }

  /** As `tracecal trust export --from-network` makes it. */
  async trust(
    engine: Endorsers['engine'] = 'fabric',
    k = 2,
  ): Promise<Trust & Required<Pick<Trust, 'endorsers' | 'channel'>>> {
    const reader = await this.registry.as('oem-a');
    const { institutes } = await reader.getRegistry();
    const blocks = await reader.configurationBlocks();
    return {
      type: TRUST_TYPE,
      roots: institutes.map(({ id, certificateSha256 }) => ({ name: id, sha256: certificateSha256 })),
      heartbeats: { k: 1 },
      endorsers: { k, engine, organisations: endorsersIn(blocks.at(-1)!, INSTITUTE_MSPS) },
      channel: movedForward(channelOf(blocks[0]!), blocks),
    };
  }

  stop(): Promise<void> {
    return this.registry.stop();
  }
}
