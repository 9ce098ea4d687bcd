import { ApplicationError } from '@tracecal/gateway-client/application';
import { readFile } from 'node:fs/promises';
import { ChallengeProbe } from './challenge.js';
import { ModbusProbe } from './modbus.js';
import { MqttProbe } from './mqtt.js';
import type { Broker } from './mqtt.js';
import type { ProbeEntry, ProbeVia } from './plan.js';
import type { Probe } from './probe.js';
import { ScpiProbe } from './scpi.js';

/** What a registry knows of the instruments that sign. */
export interface KnownKeys {
  readonly registry: string;
  /** The device's certificates (DER in base64). */
  readonly certificatesOf: (device: string) => readonly string[];
}

/** The probe of an entry. @throws ApplicationError `INPUT_INVALID` */
export async function probeOf(
  { device, unit, via, timeoutMs }: ProbeEntry,
  keys: KnownKeys | undefined,
): Promise<Probe> {
  const limits = timeoutMs === undefined ? {} : { timeoutMs };
  switch (via.kind) {
    case 'modbus':
      return new ModbusProbe({ host: via.host, port: via.port }, via, limits);
    case 'scpi':
      return new ScpiProbe({ host: via.host, port: via.port }, via.query, limits);
    case 'mqtt':
      return new MqttProbe(await brokerOf(via), via, limits);
    case 'challenge': {
      const certificates = keys?.certificatesOf(device) ?? [];
      if (!keys || certificates.length === 0) {
        throw new ApplicationError(
          'INPUT_INVALID',
          `${device} has no certificate in the registry: read it without a challenge.`,
        );
      }
      return new ChallengeProbe(
        await brokerOf(via),
        via,
        { device, unit, registry: keys.registry, certificates },
        limits,
      );
    }
  }
}

async function brokerOf({
  url,
  username,
  passwordFile,
  caFile,
}: Extract<ProbeVia, { readonly url: string }>): Promise<Broker> {
  return {
    url,
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: (await textOf(passwordFile)).trim() }),
    ...(caFile !== undefined && { ca: await textOf(caFile) }),
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ApplicationError('INPUT_INVALID', `The plan of probes names ${file}, which cannot be read.`, { cause });
  }
}
