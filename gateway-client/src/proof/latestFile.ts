import { sha256 } from '@tracecal/core/platform';

/** Where a site has the newest bundle of a device: whoever knows the device's id finds it, and nobody else is told of the device. */
export function latestFile(device: string): string {
  return `latest/${sha256(device)}.json`;
}
