import { z } from 'zod';
import type { Firewall } from './firewall.js';
import { isOneAddress, rangeOf } from './ipv4.js';
import { DNS_NAME, port, shortName } from './parts.js';

const NETWORK = 'must be an IPv4 address, or a network of at least /8 like 10.0.0.0/24 whose address is its first';
const network = z.string().refine((text) => isUsable(text) && rangeOf(text) !== undefined, NETWORK);
const networks = z.array(network).exactOptional();
const machines = z
  .array(z.string().refine((text) => isUsable(text) && isOneAddress(text), 'must be the IPv4 address of one machine'))
  .exactOptional();

const zoneSchema = z.strictObject({
  name: shortName,
  organisation: shortName,
  site: shortName.exactOptional(),
  goldStandard: z.boolean().exactOptional(),
  clients: networks,
  administrators: networks,
  gateways: machines,
  instruments: networks,
  instrumentPorts: z.array(port).exactOptional(),
  collectors: machines,
  oneWayPort: port.exactOptional(),
});

const end = z
  .string()
  .refine(
    (text) => (isUsable(text) && rangeOf(text) !== undefined) || DNS_NAME.test(text),
    `${NETWORK}, or the host of a node`,
  );

const exceptionSchema = z
  .strictObject({
    from: end,
    to: end,
    protocol: z.enum(['tcp', 'udp'], { error: 'must be tcp or udp' }),
    port,
    answered: z.boolean().exactOptional(),
    why: comment(60),
    allowedBy: comment(30),
    until: z.string().refine(isDate, 'must be a date like 2027-03-31'),
  })
  .refine(({ protocol, answered }) => protocol === 'udp' || answered === undefined, {
    path: ['answered'],
    message: 'must be left out for TCP, which is always answered',
  });

/** Shape of the `firewall` part of a description. References are checked afterwards. */
export const firewallSchema: z.ZodType<Firewall> = z.strictObject({
  zones: z.array(zoneSchema),
  exceptions: z.array(exceptionSchema).exactOptional(),
});

/** Loopback, multicast and "any address" are no place of a machine. */
function isUsable(text: string): boolean {
  const first = Number(text.split('.')[0]);
  return first > 0 && first !== 127 && first < 224;
}

/** A text that goes into the comment of a rule: nft keeps 128 bytes, and knows no escaped quotes. */
function comment(most: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .refine((text) => Buffer.byteLength(text) <= most, `must have at most ${most} bytes`)
    .regex(/^[^"\\\p{C}]*$/u, 'must be one line without quotes and backslashes');
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
