import { startNative } from '@tracecal/network/fabric';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';

/** A process that starts the network of a data directory and then waits to be killed. */
async function main(dataDir: string): Promise<void> {
  const consortium = { ...readConsortium(defaultConsortiumFile()), chaincodes: [] };
  await startNative({ consortium, dataDir, ports: 'free' });
  process.send?.('running');
  setInterval(() => undefined, 60_000);
}

void main(process.argv[2] ?? '');
