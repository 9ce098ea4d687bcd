import { inForce, notesOn, readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import { requireNewFile, writeNewFile } from '@tracecal/gateway-client/application';
import { ask } from '@tracecal/gateway-client/proof';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT, exitOfVerdict } from '../exit.js';
import { proofText } from '../view/proofText.js';
import { askedBy, atOption, quantityOption, verdictOptions } from './questionOptions.js';
import type { QuestionOptions } from './questionOptions.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions, Pick<QuestionOptions, 'quantity' | 'at'> {
  readonly output?: string;
  readonly explain?: boolean;
  readonly accept?: 'attested';
}

/** The service asks the network in turn. */
const TIMEOUT_MS = 30_000;

const HELP = `
The answer holds a word that this command makes up for this one question, signed by peers of as many organisations as the trust file asks for, so it is not an older one. The service can refuse to answer, and nothing else. It learns the device and your address; the members whose peers sign learn the device.`;

export function proofAsk(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'ask <service> <device>',
      description:
        "Ask a member's service about a device, and check the answer here: endorsed by peers just now. Needs no account.",
      example: 'proof ask https://proof.lab-alpha.example oem-a/sensor-17 --trust trust.json',
      acting: 'none',
      configure: (command) =>
        verdictOptions(
          atOption(quantityOption(trustOption(command))).option(
            '-o, --output <file>',
            'keep the answer in a new file, a bundle',
          ),
        ).addHelpText('after', HELP),
      async run({ terminal, data, timeoutMs, timeoutGiven }, [service = '', device = ''], options) {
        const { output, explain = false, accept } = options;
        if (output !== undefined) requireNewFile(output);
        const trust = inForce(await readTrustFile(trustPath(options, data)));
        const { registry, endorsers, channel } = trust;
        const { text, nonce, report } = await ask(
          service,
          { device, ...askedBy(options) },
          { roots: trustedRoots(trust), registry, endorsers, channel, explain },
          { timeoutMs: timeoutGiven ? timeoutMs : TIMEOUT_MS },
        );
        if (output !== undefined) await writeNewFile(output, text);
        const missing = report.tiers.endorsed.holds ? [] : (['endorsed'] as const);
        const answer = { ...report, missing, notes: notesOn(report.verdict) };
        terminal.result({ service, nonce, ...(output !== undefined && { file: output }), ...answer }, (style) =>
          proofText(answer, missing, style),
        );
        const exit = exitOfVerdict(report.verdict, { acceptAttested: accept === 'attested' });
        return exit === EXIT.yes && missing.length > 0 ? EXIT.stale : exit;
      },
    },
    host,
  );
}
