import { existsSync } from 'node:fs';
import { ApplicationError, findRegistryChannel, registryIn } from '@tracecal/gateway-client/application';
import type { ProvenCalibration } from '@tracecal/gateway-client/application';
import { readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { trustIfFound, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

/**
 * The registry that a device's measurements name: as the user says, as a bundle or the trust file says, or the one that was founded here.
 *
 * @throws ApplicationError `USAGE` if nobody says it
 */
export async function registryOf(
  { data }: { readonly data: DataDirectory },
  options: TrustOptions & { readonly registry?: string },
  proven: ProvenCalibration | undefined,
): Promise<string> {
  const told =
    options.registry ??
    proven?.report.verdict.registry ??
    (await trustIfFound(trustPath(options, data)))?.registry ??
    founded(data);
  if (told === undefined) {
    throw new ApplicationError(
      'USAGE',
      'Say which registry knows the device: with --registry, or with a bundle about it (--verdict).',
    );
  }
  return told;
}

function founded({ consortiumFile, foundingFile }: DataDirectory): string | undefined {
  if (!existsSync(consortiumFile)) {
    return undefined;
  }
  const channel = findRegistryChannel(readConsortium(consortiumFile));
  return channel && registryIn(foundingFile, channel.name);
}
