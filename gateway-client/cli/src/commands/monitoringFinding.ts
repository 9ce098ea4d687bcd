import type { RecordedFinding } from '@tracecal/core/contracts';
import { SHA256_HEX } from '@tracecal/core/model';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { TraceCalError } from '@tracecal/gateway-client';
import type { Monitoring } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { siteOption } from './siteOptions.js';
import type { SiteOptions } from './siteOptions.js';

/** A beginning as long as that is what lists show. */
const BEGINNING = /^[0-9a-f]{16,64}$/;

export function monitoringFinding(host: Host): Command {
  return commandOf<SiteOptions>(
    {
      usage: 'finding <id>',
      description: 'One finding of a monitor in full: its evidence, and the devices that it proposes something about.',
      example: 'monitoring finding 3f6c0d2a9b81e547 --site a --as oem-a',
      reads: true,
      configure: siteOption,
      async run({ terminal, ...place }, [id = ''], { site }) {
        const document = await withSession(place, async (session) => {
          const channel = session.siteChannel('monitoring', site);
          return { channel: channel.name, finding: await findingOf(await session.monitoring(channel), id) };
        });
        terminal.result(document, (style) => findingText(document.finding, style));
        return EXIT.yes;
      },
    },
    host,
  );
}

async function findingOf(compartment: Monitoring, id: string): Promise<RecordedFinding> {
  if (SHA256_HEX.test(id)) {
    return compartment.getFinding(id);
  }
  if (!BEGINNING.test(id)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'The id of a finding has 64 hexadecimal digits: give all of them, or at least the first 16.',
    );
  }
  for await (const finding of compartment.getFindings()) {
    if (finding.id.startsWith(id)) return finding;
  }
  throw new TraceCalError('NOT_FOUND', `No finding on ${compartment.channel} begins with ${id}.`);
}

function findingText(finding: RecordedFinding, style: Style): string {
  const { id, name, subject, says, from, to, evidence, proposes, by, recorded } = finding;
  const line = (title: string, text: string): string => `${style.dim(`${title}:`)} ${style.text(text)}`;
  const list = (title: string, all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [style.dim(`${title}:`), ...all.map((each) => `  ${style.text(each)}`)];
  return [
    line(name, says),
    line('about', `${subject.kind} ${subject.id}, from ${from} to ${to}`),
    line('recorded', `${recorded.time} by ${by}, as ${id}`),
    ...list('evidence (SHA-256)', evidence),
    ...list(proposedTitle(finding), proposes?.devices ?? []),
    ...list('it reaches', proposes?.reaches ?? []),
  ].join('\n');
}

function proposedTitle({ proposes }: RecordedFinding): string {
  return `proposes to ${proposes?.action ?? ''}${proposes?.to === undefined ? '' : `, to ${proposes.to}`}`;
}
