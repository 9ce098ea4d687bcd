/** A packet that begins something, as a ruleset sees it: what conntrack would call new, in its original direction. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  /** `reply` of something that has begun, with the port on the side of the sender; else it begins. */
  readonly direction?: 'original' | 'reply';
  /** Seconds since 1970. */
  readonly at?: number;
}

/**
 * Reads the few forms of rules that are generated, and says what a chain does with a packet. Written without a look at the generator:
 * a form that it does not know is an error.
 */
export function verdictOf(ruleset: string, chain: string, packet: Packet): 'accept' | 'drop' {
  const { sets, rules } = parsed(ruleset, chain);
  for (const rule of rules) {
    const decided = decide(rule, packet, sets);
    if (decided !== undefined) return decided;
  }
  return 'drop';
}

interface Parsed {
  readonly sets: ReadonlyMap<string, readonly string[]>;
  readonly rules: readonly string[];
}

const known = new Map<string, Parsed>();

function parsed(ruleset: string, chain: string): Parsed {
  const key = `${chain}\n${ruleset}`;
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const sets = new Map(
    [...ruleset.matchAll(/set (\w+) \{[^}]*?elements = \{ ([^}]*) \}/g)].map(([, name = '', list = '']) => [
      name,
      list.split(', '),
    ]),
  );
  const body = new RegExp(`  chain ${chain} \\{\\n(.*?)\\n  \\}`, 's').exec(ruleset)?.[1];
  if (body === undefined) throw new Error(`no chain ${chain}`);
  const [hook = '', ...lines] = body.split('\n').map((line) => line.trim());
  if (!hook.endsWith('policy drop;')) throw new Error(`chain ${chain} does not drop by default: ${hook}`);
  const found = { sets, rules: lines.filter((line) => !line.startsWith('#')) };
  known.set(key, found);
  return found;
}

function decide(
  rule: string,
  packet: Packet,
  sets: ReadonlyMap<string, readonly string[]>,
): 'accept' | 'drop' | undefined {
  let rest = rule.replace(/ comment "[^"]*"$/, '');
  const take = (form: RegExp) => {
    const found = form.exec(rest);
    if (found) rest = rest.slice(found[0].length).trimStart();
    return found;
  };
  // Only what goes to other machines is asked here.
  if (take(/^[io]ifname "lo"/)) return undefined;
  if (take(/^limit rate 10\/minute burst 5 packets log prefix "[^"]*"$/)) return undefined;
  if (take(/^ct state invalid counter drop$/)) return undefined;
  if (take(/^ct state new tcp flags & \(fin \| syn \| rst \| ack\) != syn counter drop$/)) return undefined;
  const { direction = 'original', protocol, port, at = 0 } = packet;
  let matches = true;
  while (rest !== '') {
    const verdict = take(/^counter (accept|drop)$/);
    if (verdict) return matches ? (verdict[1] as 'accept' | 'drop') : undefined;
    const address = take(/^ip (saddr|daddr) (?:\{ ([^}]*) \}|(\S+))/);
    const ports = address ? null : take(/^(tcp|udp) (dport|sport) (?:\{ ([^}]*) \}|(\S+))/);
    const state = (address ?? ports) ? null : take(/^ct state (\{ new, established \}|established)/);
    const way = (address ?? ports ?? state) ? null : take(/^ct direction (original|reply)/);
    const time = (address ?? ports ?? state ?? way) ? null : take(/^meta time < (\d+)/);
    if (address) {
      const [, key, list, one = ''] = address;
      const all = one.startsWith('@') ? sets.get(one.slice(1)) : (list ?? one).split(', ');
      if (all === undefined) throw new Error(`no set: ${rule}`);
      matches &&= all.some((network) => holds(network, key === 'saddr' ? packet.from : packet.to));
    } else if (ports) {
      const [, name, key, list, one = ''] = ports;
      const isSide = (key === 'dport') === (direction === 'original');
      matches &&= name === protocol && isSide && (list ?? one).split(', ').includes(String(port));
    } else if (state) {
      matches &&= state[1] !== 'established' || direction === 'reply';
    } else if (way) {
      matches &&= way[1] === direction;
    } else if (time) {
      matches &&= at < Number(time[1]);
    } else {
      throw new Error(`a form that nobody knows: ${rest} in ${rule}`);
    }
  }
  throw new Error(`a rule without a verdict: ${rule}`);
}

function holds(network: string, address: string): boolean {
  const [base = '', length = '32'] = network.split('/');
  const bits = (text: string) =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length));
  return bits(base) === bits(address);
}
