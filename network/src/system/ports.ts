import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';
/** The file where Linux lists its range of ports for outgoing connections, as two numbers. */
const OUTGOING = '/proc/sys/net/ipv4/ip_local_port_range';
/** Lower ports belong to well-known services. */
const FIRST = 10_000;
const LAST = 65_535;
/** The range of macOS and Windows. */
const IANA_OUTGOING = [49_152, LAST] as const;

/**
 * The ports of a network: those of its description (`configured`), any `free` ones, or those of its last start (`kept`; at the first start,
 * those of its description).
 */
export type Ports = 'kept' | 'configured' | 'free';

/** First and last port, inclusive. */
type PortRange = readonly [first: number, last: number];

/**
 * Free ports of loopback, outside the system's range for outgoing connections: otherwise an outgoing connection could take the port of a
 * node while the node restarts.
 * @throws Error when there are not enough
 */
export async function freePorts(count: number, outgoing: PortRange = outgoingPorts()): Promise<number[]> {
  const candidates = portsBeside(outgoing);
  // Start at a random port, so that networks that start at the same moment choose different ones.
  const start = randomInt(candidates.length);
  const found: number[] = [];
  for (const port of [...candidates.slice(start), ...candidates.slice(0, start)]) {
    if (found.length === count) break;
    if ((await whyTaken(port)) === undefined) found.push(port);
  }
  if (found.length < count) throw new Error(`There are no ${count} free ports on ${LOOPBACK}.`);
  return found;
}

/** Why nothing can listen on a port, of loopback unless an address is given; undefined if it is possible. */
export function whyTaken(port: number, host = LOOPBACK): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', resolve);
    server.listen(port, host, () =>
      server.close(() => {
        resolve(undefined);
      }),
    );
  });
}

/**
 * The remedy when a node cannot listen on its port.
 *
 * @param areFixed - Whether the ports of the network cannot change any more, because its channels' configurations contain them.
 */
export function portTaken(
  name: string,
  { port, host = LOOPBACK }: { readonly port: number; readonly host?: string },
  areFixed = false,
): string {
  const otherwise = areFixed ? ' (the ports of a network stay those of its first start)' : ', or use --ports free';
  return `${name} must listen on ${host}:${port}, which is not free: end what listens there${otherwise}.`;
}

/** Whether somebody listens there. */
export async function listening(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const settle = (result: boolean): void => {
      socket.destroy();
      done(result);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.setTimeout(2000, () => {
      settle(false);
    });
  });
}

function portsBeside([first, last]: PortRange): readonly number[] {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);
  const beside = all.filter((port) => port < first || port > last);
  return beside.length > 0 ? beside : all;
}

function outgoingPorts(): PortRange {
  try {
    const [first = NaN, last = NaN] = readFileSync(OUTGOING, 'utf8').trim().split(/\s+/).map(Number);
    if (first <= last) return [first, last];
  } catch {
    // Only Linux has the file.
  }
  return IANA_OUTGOING;
}
